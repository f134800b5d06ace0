import Health
import Loop
import Probes
import TestSupport
import Testing

/// One broker for all that it is asked: it takes some seconds to start.
@EventLoop
@Suite(.timeLimit(.minutes(3))) struct `A real RabbitMQ` {
    @Test func `hears of no fault by a probe with credentials, and of each one without`()
        async throws
    {
        let papers = try await Databases.sharedPapers()
        let broker = try await RabbitMQ(
            tls: papers.good,
            authorities: papers.certificates.authorities
        )
        let right = try await SecretFile("guest")
        let target = { (depth: Depth, vhost: String?) in
            ServerTarget(
                .amqp,
                depth: depth,
                user: "guest",
                password: right.place,
                database: vhost
            )
        }
        try await noise(of: broker, target(.auth, nil), lines: 0)
        try await noise(of: broker, target(.query, "/"), lines: 0)
        // No way out of a handshake without credentials is silent: see AMQPMachine.
        try await noise(of: broker, target(.handshake, nil), lines: 20)

        let address = broker.server.address
        for depth in [Depth.auth, .query] {
            let nowhere = await ask(target(depth, "nowhere"), address)
            #expect(nowhere.failure?.reason == .auth)
        }
        var sealed = target(.query, nil)
        sealed.sealing = .direct
        let clear = await ask(sealed, address, tls: papers.trust)
        #expect(clear.failure?.reason == .tlsHandshake, "\(clear)")
    }

    /// Twenty probes, and so many lines that say more than that a client was there.
    private func noise(of broker: RabbitMQ, _ target: ServerTarget, lines: Int) async throws {
        let before = broker.server.lines.count
        for _ in 0..<20 {
            let outcome = await ask(target, broker.server.address)
            #expect(outcome.result == .up, "\(outcome)")
            #expect(outcome.detail.hasPrefix("RabbitMQ 3."))
        }
        let isFlat = try await eventually {
            try await broker.control("-q", "list_connections", "pid").contains("<") == false
        }
        #expect(isFlat)
        let loud = broker.server.lines.dropFirst(before).filter {
            ["[warning]", "[error]", "[critical]"].contains(where: $0.contains)
                && !$0.hasSuffix("client unexpectedly closed TCP connection")
        }
        #expect(loud.count == lines, "\(loud.suffix(5).joined(separator: "\n"))")
    }
}
