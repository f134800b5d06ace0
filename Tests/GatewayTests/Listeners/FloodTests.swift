import Gateway
import Glibc
import HTTP
import Health
import Loop
import TestSupport
import Testing

/// `Tests/Floods` has the shapes, and tells what each must be counted as.
@EventLoop
@Suite(.timeLimit(.minutes(2))) struct `A hostile peer` {
    private func gateway(
        _ change: (inout GatewayConfiguration.Limits) -> Void = { _ in }
    ) async throws -> TestGateway {
        let world = try TestGateway.World()
        change(&world.configuration.limits)
        let gateway = try await TestGateway(world)
        try await gateway.reached(.up)
        return gateway
    }

    private func python(_ script: String, _ arguments: [String]) async throws -> Subprocess.Output {
        let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let argv = ["\(root)/.venv/bin/python", "\(root)/Tests/Floods/\(script)"] + arguments
        return try await Subprocess.run(argv, until: .now + .seconds(100))
    }

    @Test func `is cut and counted, whatever it sends, and an edge never notices`() async throws {
        let gateway = try await gateway { limits in
            limits.headersWithin = .seconds(1)
            limits.requestWithin = .seconds(1)
            limits.takenWithin = .seconds(1)
        }
        let port = try #require(gateway.service.healthAddress.port)
        let admin = try #require(gateway.service.adminAddress.port)
        let edge = HonestEdge()
        let polls = EventLoop.task { try await edge.poll(gateway) }
        let run = try await python(
            "attack.py",
            [
                "--port", "\(port)", "--admin", "\(admin)", "--connections", "3", "--source",
                "127.0.0.3",
            ]
        )
        edge.isOver = true
        try await polls.value
        #expect(run.exit == .code(0), "\(run.output)")
        #expect(Set(edge.answers.keys) == [200])
        await gateway.service.stop()
    }
}

/// Polls again and again, until it is over.
@EventLoop
private final class HonestEdge {
    var isOver = false
    private(set) var answers: [Int: Int] = [:]

    func poll(_ gateway: TestGateway) async throws {
        while !isOver { answers[try await gateway.poll(edge: "honest").status, default: 0] += 1 }
    }
}
