import Glibc
import Loop

extension Scenario {
    /// Drains by hand, and gateways that die, hang or come back.
    static let drainedHosts = [
        Scenario(
            "drain-at-once",
            "a drain is known to the Front within one check interval, as failed and as excluded on purpose"
        ) { stage in
            try await stage.begin()
            let host = try stage.layout.host("east-1")
            let admin = try FrontAdmin(stage.layout.frontEnvoys[0])
            defer { admin.close() }
            try await GatewayCalls(host: host).drain(owner: "on-call")
            let begin = Instant.now
            var flags: [Set<String>] = []
            repeat {
                // The Front answers on the thread that checks hosts: it is not to be kept busy.
                try await EventLoop.sleep(for: .milliseconds(20))
                let view = try await admin.view()
                flags = WorldLayout.apps.map { view.clusters[$0]?[host.ingress]?.flags ?? [] }
            } while flags.contains([]) && Instant.now - begin < .seconds(10)
            let took = Instant.now - begin
            // The check interval, and what a look at a busy Front may take.
            stage.expect(took < .milliseconds(1000 + 500), "the Front knew after \(took)")
            let meant: Set = ["failed_active_health_check", "excluded_via_immediate_hc_fail"]
            stage.expect(flags.allSatisfy { $0 == meant }, "the Front's flags are \(flags)")
            try await stage.expectNothingLost()
        },
        Scenario(
            "three-drained",
            "with three of four hosts drained the fourth serves all, none in panic, and nothing is lost"
        ) { stage in
            try await stage.begin()
            for host in ["east-1", "east-2", "west-1"] {
                try await stage.gateway(host).drain(owner: "on-call")
            }
            try await stage.expectServing(["west-2"], within: .seconds(5))
            try await EventLoop.sleep(for: .seconds(4))
            let count = try await FrontCount.read(stage.layout.frontEnvoys)
            stage.expect(count.panics == 0, "\(count.panics) calls were routed in panic")
            for host in ["east-1", "east-2", "west-1"] {
                try await stage.gateway(host).undrain(owner: "on-call")
            }
            try await stage.expectServing(stage.hostNames)
            try await stage.expectNothingLost()
        },
        Scenario(
            "two-owners",
            "a host with two holds stays drained when one owner takes his back"
        ) { stage in
            try await stage.begin()
            let gateway = try stage.gateway("east-1")
            try await gateway.drain(owner: "on-call")
            try await gateway.drain(owner: "other")
            try await gateway.undrain(owner: "on-call")
            try await stage.expectServing(["east-2", "west-1", "west-2"])
            try await stage.expectSilence(of: "east-1") {
                try await EventLoop.sleep(for: .seconds(3))
            }
            try await gateway.undrain(owner: "other")
            try await stage.expectServing(stage.hostNames)
            try await stage.expectNothingLost()
        },
        Scenario(
            "gateway-killed-drained",
            "a drained gateway that is killed comes back drained with the same holds"
        ) { stage in
            try await stage.begin()
            let gateway = try stage.gateway("east-1")
            let control = try stage.control("east-1")
            try await gateway.drain(owner: "on-call")
            try await stage.expectServing(["east-2", "west-1", "west-2"])
            let before = try await gateway.holds()
            try await stage.expectSilence(of: "east-1") {
                try await control.restartGateway()
                try await EventLoop.sleep(for: .seconds(5))
            }
            let after = try await gateway.holds()
            stage.expect(before == after, "the holds were \(before), and are \(after)")
            try await gateway.undrain(owner: "on-call")
            try await stage.expectServing(stage.hostNames)
            try await stage.expectNothingLost()
        },
        Scenario(
            "all-gateways-killed",
            "all gateways killed at once: the Front goes on with all hosts, and users lose nothing"
        ) { stage in
            try await stage.begin()
            for host in stage.hostNames { try stage.control(host).kill("healthgate") }
            try await stage.expectServing([])
            try await EventLoop.sleep(for: .seconds(3))
            for host in stage.hostNames { try await stage.control(host).startProxy() }
            try await stage.expectServing(stage.hostNames)
            try await stage.expectNothingLost()
        },
        Scenario(
            "all-gateways-crash-looping",
            "all gateways end again and again: the Front goes on with all hosts, and users lose nothing",
            { $0.world.isSupervised = true }
        ) { stage in
            try await stage.begin()
            for _ in 0..<20 {
                for host in stage.hostNames {
                    try stage.control(host).process("healthgate")?.signal(SIGKILL)
                }
                try await EventLoop.sleep(for: .milliseconds(400))
            }
            let count = try await FrontCount.read(stage.layout.frontEnvoys)
            stage.expect(count.panics > 0, "the gateways ended, and the Front never noticed")
            try await stage.expectServing(stage.hostNames)
            try await stage.expectNothingLost()
        },
        Scenario(
            "front-restarted",
            "a Front restarted while a drained host's gateway is down does not use that host"
        ) { stage in
            try await stage.world.start()
            try await stage.gateway("east-1").drain(owner: "on-call")
            try await stage.expectServing(["east-2", "west-1", "west-2"])
            try stage.control("east-1").kill("healthgate")
            let front = stage.layout.frontEnvoys[0]
            let old = ProcessID(file: front.pidFile)
            old?.signal(SIGKILL)
            while old?.isAlive == true { try await EventLoop.sleep(for: .milliseconds(10)) }
            try stage.world.startFront(front)
            try await stage.expectServing(["east-2", "west-1", "west-2"])
            try await stage.beginLoad()
            try await stage.expectSilence(of: "east-1") {
                try await stage.control("east-1").startProxy()
                try await EventLoop.sleep(for: .seconds(5))
            }
            try await stage.expectNothingLost()
        },
        Scenario(
            "gateway-frozen",
            "a gateway that was frozen answers queued polls by a fresh look, never by an old yes"
        ) { stage in
            try await stage.world.start()
            let control = try stage.control("east-1")
            let gateway = try stage.gateway("east-1")
            let frozen = control.process("healthgate")
            frozen?.signal(SIGSTOP)
            let polls = (0..<5).map { _ in EventLoop.task { try await gateway.poll() } }
            for app in WorldLayout.apps { control.kill(app) }
            try await EventLoop.sleep(for: .seconds(10))
            frozen?.signal(SIGCONT)
            for poll in polls {
                let status = try await poll.value
                stage.expect(status == 503, "a queued poll was answered by \(status)")
            }
        },
    ]
}
