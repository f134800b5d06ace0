import Loop

extension Scenario {
    /// The new version, or the way to it, is no good.
    static let failingVersions = [
        Scenario(
            "never-healthy",
            "a version that never becomes healthy stops at its first host, which is stopped",
            { settings in
                settings.world.versions["v2"] = "* --fault not-serving"
                settings.plan = { $0.deadline = "8s" }
            }
        ) { stage in
            try await stage.begin()
            try await stage.expectExit(try stage.release(), 1)
            try await stage.expectServing(["east-1", "east-2", "west-2"])
            try stage.expectVersions([
                "west-1": nil, "west-2": "v1", "east-1": "v1", "east-2": "v1",
            ])
            try await stage.expectNothingLost()
        },
        Scenario(
            "crash-loop",
            "a version whose apps end by themselves is not released",
            { settings in
                settings.world.versions["v2"] = "app2 --fault exit-after=1s"
                settings.plan = { $0.deadline = "8s" }
            }
        ) { stage in
            try await stage.begin()
            try await stage.expectExit(try stage.release(), 1)
            try await stage.expectServing(["east-1", "east-2", "west-2"])
            try await stage.expectNothingLost()
        },
        Scenario(
            "start-fails",
            "a start command that fails leaves the host stopped and the others serving",
            { $0.world.versions["v2"] = "! disk full" }
        ) { stage in
            try await stage.begin()
            let driver = try stage.release()
            try await stage.expectExit(driver, 1)
            stage.expect(driver.text.contains("disk full"), "the command's own words are not said")
            try await stage.expectServing(["east-1", "east-2", "west-2"])
            try stage.expectVersions(["west-1": nil])
            try await stage.expectNothingLost()
        },
        Scenario(
            "pull-fails",
            "a version that cannot be pulled costs no drain"
        ) { stage in
            try await stage.begin()
            try await stage.expectExit(try stage.release("v9"), 1)
            try await stage.expectServing(stage.hostNames)
            try stage.expectVersions(["west-1": "v1", "east-1": "v1"])
            try await stage.expectNothingLost()
        },
        Scenario(
            "stream-outlives-drain",
            "a drain that a stream outlives cuts nothing, and the host goes back into rotation",
            { settings in
                settings.streamLife = 12000...15000
                settings.plan = { $0.streamsWithin = "2s" }
            }
        ) { stage in
            try await stage.begin()
            try await stage.expectExit(try stage.release(), 1)
            try await stage.expectServing(stage.hostNames)
            try stage.expectVersions(["west-1": "v1"])
            try await stage.expectNothingLost()
        },
    ]
}
