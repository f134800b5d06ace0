import Loop

extension Scenario {
    /// Each host's APIs are called before users reach them.
    static let apiTested = [
        Scenario(
            "api-tests",
            "a good version passes its API tests on every host, and nothing is lost",
            { settings in settings.plan = { $0.suites = [DemoSuites($0.layout).file] } }
        ) { stage in
            try DemoSuites(stage.layout).write()
            try await stage.begin()
            let driver = try stage.release()
            try await stage.expectExit(driver, 0)
            for host in stage.hostNames
            where !driver.text.contains("\(host) apitest: 4 of 4 cases passed") {
                stage.expect(false, "\(host) was not tested")
            }
            try await stage.expectServing(stage.hostNames)
            try await stage.expectNothingLost()
        },
        Scenario(
            "wrong-answer",
            "a version that answers wrongly is seen by the API tests and by nothing else",
            { settings in
                settings.world.versions["v2"] = "app2 --fault wrong-answer"
                settings.plan = { $0.suites = [DemoSuites($0.layout).file] }
            }
        ) { stage in
            try DemoSuites(stage.layout).write()
            try await stage.begin()
            let driver = try stage.release()
            try await stage.expectExit(driver, 1)
            for words in [
                "apitest failed on west-1: the API tests failed on west-1: app2 answers: ",
                "expected \"hello app2\", got \"an answer to something else\"", "suites.yaml:",
            ] where !driver.text.contains(words) {
                stage.expect(false, "the driver did not say \(words)")
            }
            try await stage.expectServing(["east-1", "east-2", "west-2"])
            try stage.expectVersions(["west-1": nil, "west-2": "v1", "east-1": "v1"])
            let served = stage.tally.served["west-1"]?["v2"] ?? 0
            stage.expect(served == 0, "users got \(served) answers of the version that is wrong")
        },
        Scenario(
            "wrong-answer-untested",
            "the control: without API tests the same version reaches users",
            { $0.world.versions["v2"] = "app2 --fault wrong-answer" }
        ) { stage in
            try await stage.begin()
            try await stage.expectExit(try stage.release(), 0)
            let served = stage.tally.served["west-1"]?["v2"] ?? 0
            stage.expect(served > 0, "without its tests the wrong version served nobody")
        },
        Scenario(
            "calls-hang",
            "a version that is healthy and answers no call is not released",
            { settings in
                settings.world.versions["v2"] = "app1 --fault hang-calls"
                settings.plan = { $0.suites = [DemoSuites($0.layout).file] }
            }
        ) { stage in
            try DemoSuites(stage.layout).write()
            try await stage.begin()
            let driver = try stage.release()
            try await stage.expectExit(driver, 1)
            if !driver.text.contains(
                "the API tests are inconclusive on west-1: app1 answers: no end"
            ) {
                stage.expect(false, "the driver did not say that there was no answer")
            }
            try await stage.expectServing(["east-1", "east-2", "west-2"])
            try await stage.expectNothingLost()
        },
        Scenario(
            "broken-suite",
            "API tests that do not fit their schema stop a release before anything is changed",
            { settings in settings.plan = { $0.suites = [DemoSuites($0.layout).file] } }
        ) { stage in
            try DemoSuites(stage.layout).write {
                $0.replacing("text: again, index: 1", with: "txt: again")
            }
            try await stage.begin()
            let driver = try stage.release()
            try await stage.expectExit(driver, 64)
            stage.expectLastLine(of: driver, says: ["nothing was changed"])
            if !driver.text.contains("has no field \"txt\"; did you mean text?") {
                stage.expect(false, "the driver did not say what is wrong")
            }
            try stage.expectVersions(["west-1": "v1", "east-1": "v1"])
            try await stage.expectServing(stage.hostNames)
            try await stage.expectNothingLost()
        },
    ]
}
