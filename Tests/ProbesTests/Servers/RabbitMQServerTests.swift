import Health
import Loop
import Probes
import TestSupport
import Testing

/// One broker for all that it is asked: it takes some seconds to start.
@EventLoop
@Suite(.timeLimit(.minutes(3))) struct `A real RabbitMQ` {
    @Test func `answers at each depth, and tells its faults`() async throws {
        let certificates = try await Certificates()
        let sealed = try ServerProcess.freePort()
        let broker = try await RabbitMQ(
            settings(port: sealed, try await certificates.make("broker"), certificates.authorities)
        )
        let address = broker.server.address
        let right = try await SecretFile("guest")
        let wrong = try await SecretFile("hunter2")
        let target = { (depth: Depth, user: String, password: SecretFile, vhost: String?) in
            ServerTarget(.amqp, depth: depth, user: user, password: password.place, database: vhost)
        }
        let deep = [Depth.auth, .query]

        try await noise(of: broker, target(.auth, "guest", right, nil), lines: 0)
        try await noise(of: broker, target(.query, "guest", right, "/"), lines: 0)
        // No way out of a handshake without credentials is silent: see AMQPMachine.
        try await noise(of: broker, target(.handshake, "guest", right, nil), lines: 20)

        for depth in deep {
            let refused = await ask(target(depth, "guest", wrong, nil), address)
            #expect(refused.failure?.reason == .auth)
            #expect(!"\(refused)".contains("hunter2"))
            let nowhere = await ask(target(depth, "guest", right, "nowhere"), address)
            #expect(nowhere.failure?.reason == .auth)
        }
        try await broker.control("set_vhost_limits", "-p", "/", "{\"max-connections\": 0}")
        for depth in deep {
            let full = await ask(target(depth, "guest", right, nil), address)
            #expect(full.failure?.reason == .full, "\(full)")
        }
        try await broker.control("clear_vhost_limits", "-p", "/")

        let trusting = TLSSettings(authorities: certificates.authorities)
        let stranger = TLSSettings(authorities: certificates.path("other.pem"))
        let sealedAddress = try #require(SocketAddress("127.0.0.1:\(sealed)"))
        for depth in [Depth.handshake] + deep {
            var target = target(depth, "guest", right, nil)
            target.sealing = .direct
            let over = await ask(target, sealedAddress, tls: trusting)
            #expect(over.result == .up, "\(over)")
            #expect(over.phases.prefix(2).map(\.name) == [.connect, .tls])
            let wrong = await ask(target, sealedAddress, tls: stranger)
            #expect(wrong.failure?.reason == .tlsVerify, "\(wrong)")
            let clear = await ask(target, address, tls: trusting)
            #expect(clear.failure?.reason == .tlsHandshake, "\(clear)")
        }

        try await broker.control("set_vm_memory_high_watermark", "0.00001")
        let isShort = try await eventually {
            await ask(target(.query, "guest", right, nil), address).level == .degraded
        }
        #expect(isShort)
        // It says so only to those who publish.
        #expect(await ask(target(.auth, "guest", right, nil), address).result == .up)
        #expect(await ask(target(.handshake, "guest", right, nil), address).result == .up)

        broker.server.freeze()
        for depth in [Depth.handshake] + deep {
            let hangs = await lookInVain(.server(target(depth, "guest", right, nil)), address)
            #expect(hangs.failure?.reason == .timeout)
        }
        try await broker.server.stop()
        for depth in [Depth.handshake] + deep {
            let gone = await ask(target(depth, "guest", right, nil), address)
            #expect(gone.failure?.reason == .refused)
        }
    }

    private func settings(port: Int, _ tls: TLSSettings, _ authorities: String) -> String {
        """
        listeners.ssl.local = 127.0.0.1:\(port)
        ssl_options.cacertfile = \(authorities)
        ssl_options.certfile = \(tls.certificate ?? "")
        ssl_options.keyfile = \(tls.key ?? "")
        ssl_options.verify = verify_none

        """
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
