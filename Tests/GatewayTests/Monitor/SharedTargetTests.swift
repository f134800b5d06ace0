import Gateway
import HTTP
import Health
import Loop
import Probes
import Testing

@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `A target of several checks` {
    private func upstream(_ name: String, at target: String, timeout: Duration = .seconds(1)) throws
        -> CheckConfiguration
    {
        CheckConfiguration(
            .upstream(name),
            ProbeTarget(.tcp(.init()), try #require(Endpoint("\(target):1"))),
            interval: .every(.milliseconds(20)),
            timeout: timeout
        )
    }

    @Test func `is probed once for all of them, and each has its outcome`() async throws {
        let checks = try [
            .app("web"), upstream("orders-db", at: "db"), upstream("users-db", at: "db"),
            upstream("cache", at: "cache"), upstream("slow-db", at: "db", timeout: .seconds(2)),
        ]
        let world = try TestGateway.World(checks)
        let gateway = try await TestGateway(world)
        try await gateway.changed { health in
            health.board.report(at: .now).checks.allSatisfy { $0.state == .up }
        }
        let counts = gateway.service.gateway.monitor.counts
        #expect(counts.map(\.id.name) == ["web", "orders-db", "users-db", "cache", "slow-db"])
        #expect(counts[1].probes == counts[2].probes)
        // Those of another timeout are probes of their own.
        let begun = world.script("db").begun
        #expect(counts[1].probes + counts[4].probes <= begun)
        #expect(begun <= counts[1].probes + counts[4].probes + 2)

        world.script("db").word = .fails(.upstreamRefused)
        let answer = try await gateway.call("POST", "/connectivity").text
        #expect(answer.split(separator: #""state":"down""#).count == 4)
        #expect(answer.contains(#""name":"users-db""#))
        world.script("db").word = .up
        #expect(try await gateway.call("POST", "/connectivity").text.hasPrefix(#"{"ok":true"#))
    }

    @Test func `goes on being probed for those that a reload leaves`() async throws {
        let both = try [
            CheckConfiguration.app("web"), upstream("orders-db", at: "db"),
            upstream("users-db", at: "db"),
        ]
        let world = try TestGateway.World(both)
        let gateway = try await TestGateway(world)
        try await gateway.reached(.up)
        world.configuration.checks.removeLast()
        _ = await gateway.service.reload()
        world.script("db").word = .fails(.upstreamRefused)
        try await gateway.changed { health in
            health.board.report(at: .now).checks.map(\.state) == [.up, .down]
        }
    }
}

@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `An upstream whose own address is known` {
    @Test(arguments: [(true, Hop.sidecar, "it answers"), (false, .upstream, "it fails too")])
    func `is asked there when the sidecar gives no answer`(
        answers: Bool,
        hop: Hop,
        words: String
    ) async throws {
        var target = ProbeTarget(
            .tcp(.init()),
            try #require(Endpoint("listener:1")),
            through: .sidecar
        )
        target.beyond = Endpoint("db:5432")
        let world = try TestGateway.World([
            .app("web"),
            CheckConfiguration(.upstream("db"), target, interval: .every(.milliseconds(20))),
        ])
        world.script("listener").word = .fails(.upstreamRefused)
        world.script("db").word = answers ? .up : .fails(.refused)
        let gateway = try await TestGateway(world)
        try await gateway.changed { health in
            health.board.report(at: .now).checks.last?.state == .down
        }
        let failure = gateway.board.board.report(at: .now).checks.last?.last?.outcome.failure
        #expect(failure?.hop == hop)
        #expect(failure?.text.contains("asked directly at db:5432 \(words)") == true)
        #expect(failure?.reason == .upstreamRefused)
    }
}
