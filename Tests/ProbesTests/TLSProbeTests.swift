import GRPC
import HTTP
import Health
import Loop
import Probes
import TestSupport
import Testing

@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `A probe over TLS` {
    private let certificates: Certificates

    init() async throws { certificates = try await Certificates() }

    private func server(
        _ settings: TLSSettings,
        _ handler: any HTTPHandler = App()
    ) throws -> HTTPServer {
        let address = try #require(SocketAddress("127.0.0.1:0"))
        return try HTTPServer(address, tls: try .server(settings), handler: handler)
    }

    private func probe(
        _ kind: ProbeTarget.Kind,
        _ address: SocketAddress,
        through: ProbeTarget.Through = .none,
        _ change: (inout TLSSettings) -> Void = { _ in }
    ) -> any Probe {
        var tls = TLSSettings(authorities: certificates.authorities)
        change(&tls)
        let target = ProbeTarget(kind, Endpoint(address), through: through, tls: tls, keeps: true)
        return AnyProbe.make(target)
    }

    @Test func `asks by what the target prefers, and times its handshake`() async throws {
        let server = try server(try await certificates.make("app"))
        let probe = probe(.page, server.address)
        let outcome = await probe.run(until: soon())
        #expect(outcome.result == .up)
        #expect(outcome.phases.map(\.name) == [.connect, .tls, .query])
        #expect(await probe.run(until: soon()).phases.map(\.name) == [.query])
    }

    @Test func `asks by HTTP/1.1 where the target knows nothing else`() async throws {
        let port = try await OldServer(try await certificates.make("app"))
        let outcome = await probe(.page, port.address).run(until: soon())
        #expect(outcome.result == .up, "\(outcome)")
        #expect(outcome.phases.map(\.name) == [.connect, .tls, .query])
    }

    @Test func `asks for the health of a gRPC service`() async throws {
        let service = GRPCServer()
        HealthService(HealthTable(["": .serving, "no": .notServing])).serve(on: service)
        let server = try server(try await certificates.make("app"), service)
        let outcome = await probe(.grpc(service: ""), server.address).run(until: soon())
        #expect(outcome.result == .up)
        #expect(outcome.phases.map(\.name) == [.connect, .tls, .query])
        let no = await probe(.grpc(service: "no"), server.address).run(until: soon())
        #expect(no.failure?.reason == .notServing)
    }

    @Test(arguments: [ProbeTarget.Kind.page, .grpc(service: "")])
    func `says tls_verify for a certificate that is not to be trusted, and why`(
        kind: ProbeTarget.Kind
    ) async throws {
        for (settings, words) in [
            (try await certificates.make("old", days: -1), "of old expired"),
            (try await certificates.make("else", names: "DNS:a.example"), "for another name"),
            (try await certificates.make("stranger", by: "other"), "not trusted here: other CA"),
        ] {
            let server = try server(settings)
            let outcome = await probe(kind, server.address).run(until: soon())
            #expect(outcome.failure?.reason == .tlsVerify)
            #expect(outcome.failure?.hop == .upstream)
            #expect(outcome.failure?.text.contains(words) == true, "\(outcome)")
            #expect(outcome.phases.map(\.name) == [.connect, .tls])
        }
    }

    @Test func `may be told another name, and to take any certificate`() async throws {
        let server = try server(try await certificates.make("else", names: "DNS:a.example"))
        let named = probe(.page, server.address) { $0.serverName = "a.example" }
        #expect(await named.run(until: soon()).passed)
        let stranger = try self.server(
            try await certificates.make("stranger", names: "DNS:x", by: "other", days: -1)
        )
        let careless = probe(.page, stranger.address) {
            $0 = TLSSettings(verifies: false)
        }
        #expect(await careless.run(until: soon()).passed)
    }

    @Test func `says tls_verify where the target wants a certificate, and shows its own`()
        async throws
    {
        var settings = try await certificates.make("app")
        settings.authorities = certificates.authorities
        let server = try server(settings)
        let none = await probe(.page, server.address).run(until: soon()).failure
        #expect(none?.reason == .tlsVerify)
        #expect(none?.text == "TLS: the server refused: certificate required")
        let own = try await certificates.make("prober")
        let shown = probe(.page, server.address) {
            ($0.certificate, $0.key) = (own.certificate, own.key)
        }
        #expect(await shown.run(until: soon()).passed)
    }

    @Test(arguments: [ProbeTarget.Kind.page, .grpc(service: "")])
    func `says tls_handshake where no TLS is spoken`(kind: ProbeTarget.Kind) async throws {
        for script in [
            ScriptedServer.Script.close, .reset, .answer("220 mail\r\n"), .answer("", closes: true),
        ] {
            let server = try ScriptedServer(script)
            let failure = await probe(kind, server.address).run(until: soon()).failure
            #expect(failure?.reason == .tlsHandshake, "\(script): \(String(describing: failure))")
            #expect(failure?.hop == .upstream)
        }
    }

    @Test func `blames the upstream behind a sidecar that accepts and closes`() async throws {
        for script in [ScriptedServer.Script.close, .reset, .answer("", closes: true)] {
            let server = try ScriptedServer(script)
            let outcome = await probe(.page, server.address, through: .sidecar).run(until: soon())
            #expect(outcome.failure?.reason == .upstreamRefused)
            #expect(outcome.failure?.hop == .upstream)
        }
    }

    @Test func `says timeout where the handshake hangs`() async throws {
        let server = try ScriptedServer(.silent)
        var outcome = await probe(.page, server.address).run(until: shortly())
        var patience = Duration.milliseconds(120)
        // On a busy machine the connect alone may take as long.
        while outcome.phases.isEmpty, patience < .seconds(20) {
            outcome = await probe(.page, server.address).run(until: .now + patience)
            patience *= 2
        }
        #expect(outcome.failure?.reason == .timeout)
        #expect(outcome.phases.map(\.name) == [.connect, .tls])
    }

    @Test func `says internal where its own files cannot be used, and takes them up once they can`()
        async throws
    {
        let server = try server(try await certificates.make("app"))
        let path = certificates.path("later.pem")
        let probe = probe(.page, server.address) { $0.authorities = path }
        let failure = await probe.run(until: soon()).failure
        #expect(failure?.reason == .internal)
        #expect(failure?.text.contains(path) == true, "\(String(describing: failure))")
        let authorities = try #require(try await Files.read(certificates.authorities))
        try await Files.writeDurably(authorities, to: path)
        #expect(await probe.run(until: soon()).passed)
    }
}

/// `openssl s_server`, which knows no ALPN here, answering any request by a page.
@EventLoop
private final class OldServer {
    private let process: ChildProcess
    let address: SocketAddress

    init(_ settings: TLSSettings) async throws {
        let free = try ScriptedServer.nobody()
        address = free
        process = try ChildProcess([
            "openssl", "s_server", "-www", "-quiet", "-accept", free.description,
            "-cert", settings.certificate ?? "", "-key", settings.key ?? "",
        ])
        while true {
            if let stream = try? await ByteStream.connect(to: free, until: soon()) {
                stream.close()
                break
            }
            guard !process.hasExited else { throw LoopError(.system, "openssl ended") }
            try await EventLoop.sleep(for: .milliseconds(20))
        }
    }

    isolated deinit { process.signal(9) }
}
