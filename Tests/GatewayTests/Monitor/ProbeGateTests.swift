import Gateway
import HTTP
import Health
import Loop
import Testing

@testable import Gateway

@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `The bound on probes under way` {
    @Test func `keeps a quarter for what the verdict rests on`() {
        let gate = ProbeGate(most: 4)
        var begun: [String] = []
        for name in ["a", "b", "c", "d", "e"] {
            gate.enter(counts: false) { begun.append(name) }
        }
        #expect(begun == ["a", "b", "c"])
        gate.enter(counts: true) { begun.append("app") }
        #expect(begun.last == "app")
        gate.enter(counts: true) { begun.append("web") }
        #expect(gate.inside == 4)
        #expect(gate.delayed == 3)
        // Whoever counts goes first, whoever leaves.
        gate.leave(counts: false)
        #expect(begun.last == "web")
        gate.leave(counts: true)
        #expect(begun.last == "d")
        gate.leave(counts: true)
        #expect(begun.last == "d")
        gate.leave(counts: false)
        #expect(begun == ["a", "b", "c", "app", "web", "d", "e"])
    }

    @Test func `lets an app be seen while upstreams hang by the hundred`() async throws {
        let upstreams = (0..<200).map { CheckConfiguration.upstream("db\($0)") }
        let world = try TestGateway.World([.app("web")] + upstreams)
        world.configuration.limits.probes = 8
        for index in 0..<200 { world.script("db\(index)").word = .hangs }
        let gateway = try await TestGateway(world)
        try await gateway.reached(.up)
        let seen = world.script("web").begun
        world.script("web").word = .fails(.refused)
        // Not one of those that hang has ended yet: none of them was waited for.
        try await gateway.reached(.down)
        #expect(world.script("web").begun > seen)
        let metrics = try await gateway.call("GET", "/metrics").text
        #expect(metrics.contains("healthgate_probe_delay_seconds_bucket{le=\"+Inf\"}"))
    }
}
