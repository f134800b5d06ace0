import Glibc
import Loop

extension Scenario {
    /// What is around the host that is being released fails.
    static let failingWorlds = [
        Scenario(
            "proxy-killed",
            "sidecar and gateway killed behind the drain: the untested version gets no request",
            { settings in
                settings.world.isSupervised = true
                settings.world.versions["v2"] = "* --start-delay 3s"
            }
        ) { stage in
            try await stage.begin()
            let driver = try stage.release()
            try await driver.hasSaid("west-1 connectivity:")
            let host = try stage.control("west-1")
            host.process("healthgate")?.signal(SIGKILL)
            try await EventLoop.sleep(for: .milliseconds(700))
            host.process("envoy")?.signal(SIGKILL)
            while !driver.text.contains("west-1 start:") {
                let early = stage.tally.served["west-1"]?["v2"] ?? 0
                stage.expect(early == 0, "west-1 answered \(early) calls at v2 before its release")
                if early > 0 { break }
                try await EventLoop.sleep(for: .milliseconds(20))
            }
            try await stage.expectExit(driver, 0)
            try await stage.expectNothingLost()
        },
        Scenario(
            "host-dies",
            "another host dies while one is out: no further host is taken, and only it loses calls"
        ) { stage in
            try await stage.begin()
            let driver = try stage.release()
            try await driver.hasSaid("west-1 stop:")
            try stage.control("east-1").kill()
            try await stage.expectExit(driver, 1)
            try await stage.expectServing(["east-2", "west-1", "west-2"])
            try stage.expectVersions(["west-1": "v2", "west-2": "v1", "east-2": "v1"])
            let tally = try await stage.endLoad()
            stage.expect(tally.failed + tally.cut > 0, "a host died under load and lost nothing")
            let log = try await AccessLog.read(
                stage.layout.frontEnvoys,
                requests: tally.requests
            )
            let dead = try stage.layout.host("east-1").ingress
            let others = log.failures.filter { !$0.key.hasPrefix(dead) }
            stage.expect(others.isEmpty, "other hosts lost calls: \(others)")
        },
        Scenario(
            "database-gone",
            "a database that is gone when the new proxy looks for it stops the release, with the hop and why",
            { $0.world.hasDatabase = true }
        ) { stage in
            try await stage.begin()
            let driver = try stage.release()
            try await driver.hasSaid("west-1 stop:")
            stage.world.database?.close()
            try await stage.expectExit(driver, 1)
            let address = stage.layout.databaseAddress
            for words in [
                "connectivity failed on west-1", "orders-db", "upstream_refused at upstream",
                "the sidecar's cluster orders-db cannot connect to \(address)",
                "asked directly at \(address) it fails too",
                "upstream   state  at        reason",
            ] where !driver.text.contains(words) {
                stage.expect(false, "the driver did not say \"\(words)\"")
            }
            // What all hosts share takes none of them out.
            try await stage.expectServing(["east-1", "east-2", "west-2"])
            try stage.expectVersions(["west-1": nil, "west-2": "v1"])
            try await stage.expectNothingLost()
        },
        Scenario(
            "last-peers-down",
            "with too few healthy hosts the guard refuses, and nothing is changed"
        ) { stage in
            try await stage.world.start()
            for host in ["east-1", "east-2"] { try stage.control(host).kill() }
            try await stage.expectServing(["west-1", "west-2"])
            try await stage.beginLoad()
            try await stage.expectExit(try stage.release(), 2)
            try stage.expectVersions(["west-1": "v1", "west-2": "v1"])
            try await stage.expectServing(["west-1", "west-2"])
            try await stage.expectNothingLost()
        },
        Scenario(
            "last-peers-sick",
            "with healthy gateways whose apps are down the guard refuses, and nothing is changed"
        ) { stage in
            try await stage.world.start()
            for host in ["east-1", "east-2"] { try stage.control(host).kill("app2") }
            for host in ["east-1", "east-2"] {
                try await stage.gateway(host).untilStatus("that it is down") {
                    $0.verdict == "down"
                }
                try await stage.expectApp("app2", of: stage.layout.host(host), isOut: true)
            }
            try await stage.beginLoad()
            let driver = try stage.release()
            try await stage.expectExit(driver, 2)
            stage.expectLastLine(of: driver, says: ["nothing was changed"])
            for words in ["east-1: app2 at edge-east", "east-2: app2 at"]
            where !driver.text.contains(words) {
                stage.expect(false, "the driver did not say \"\(words)\"")
            }
            try stage.expectVersions(["west-1": "v1", "west-2": "v1"])
            for host in stage.hostNames {
                let holds = try await stage.gateway(host).status().holds
                stage.expect(holds.isEmpty, "\(host) has holds: \(holds)")
            }
            try await stage.expectNothingLost()
        },
        Scenario(
            "front-unreachable",
            "a Front that does not answer is neither in nor out: nothing is begun",
            { $0.world.fronts = 2 }
        ) { stage in
            try await stage.begin()
            let second = stage.layout.frontEnvoys[1]
            ProcessID(file: second.pidFile)?.signal(SIGKILL)
            try await stage.expectExit(try stage.release(), 2)
            try stage.expectVersions(["west-1": "v1"])
            try await stage.expectNothingLost()
        },
        Scenario(
            "front-never-healthy",
            "one of two Fronts that never takes the host back: nothing that serves is stopped",
            { settings in
                settings.world.fronts = 2
                settings.plan = { $0.deadline = "10s" }
            }
        ) { stage in
            try await stage.begin()
            let driver = try stage.release()
            try await driver.hasSaid("west-1 start:")
            let second = ProcessID(file: stage.layout.frontEnvoys[1].pidFile)
            second?.signal(SIGSTOP)
            let exit = try await driver.exit()
            stage.expect(exit == .code(1), "the driver ended with \(exit), not with exit code 1")
            second?.signal(SIGCONT)
            try stage.expectVersions(["west-1": "v2", "west-2": "v1"])
            try await stage.expectNothingLost()
        },
    ]
}
