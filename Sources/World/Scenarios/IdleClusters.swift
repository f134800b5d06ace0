import Loop

extension Scenario {
    /// A Front checks a cluster that nobody calls by another interval, and a release waits for that.
    static let idleClusters = [
        Scenario(
            "idle-cluster",
            "an app that nobody calls, behind a Front with Envoy's defaults (but 12 s for its idle interval "
                + "of a minute): the release waits for its cluster, says no traffic, and loses nothing",
            { settings in
                settings.world.hasFrontDefaults = true
                settings.world.idleCheckInterval = "12s"
                settings.loadedApps = ["app1"]
                settings.plan = { plan in
                    // One host, for each takes the best part of a minute.
                    plan.hosts = ["west-1"]
                    plan.minAvailable = 0
                    // Three looks of the idle cluster take longer: the Front's own word counts.
                    plan.deadline = "12s"
                }
            }
        ) { stage in
            try await stage.begin()
            let driver = try stage.release()
            try await stage.expectExit(driver, 0)
            for words in [
                "west-1 undrain: still waiting for edge-east to take west-1 back into app2",
                "no traffic in app2 at edge-east",
            ] where !driver.text.contains(words) {
                stage.expect(false, "the driver did not say \"\(words)\"")
            }
            stage.expectLastLine(of: driver, says: ["released v2 on 1 of 1 hosts"])
            try stage.expectVersions([
                "west-1": "v2", "west-2": "v1", "east-1": "v1", "east-2": "v1",
            ])
            try await stage.expectServing(stage.hostNames)
            let admin = try FrontAdmin(stage.layout.frontEnvoys[0])
            defer { admin.close() }
            let idle = try await admin.view().clusters["app2"]?.values.reduce(0) {
                $0 + $1.requests
            }
            stage.expect(idle == 0, "app2 was called \(idle ?? -1) times: it was not idle")
            try await stage.expectNothingLost()
        }
    ]
}
