import Glibc
import HTTP
import Loop
import Release
import TestSupport
import Testing

@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `A gateway behind ssh` {
    private let server: SSHServer
    private let admin = ScriptedAdmin()
    private let target: Endpoint
    private let soon = Instant.now + .seconds(30)

    init() async throws {
        server = try await SSHServer()
        target = try admin.listen()
        admin.script("GET /lease", 200, #"{"lease":null}"#)
    }

    private func tunnel(
        to target: Endpoint? = nil,
        user: String? = nil,
        command: [String]? = nil
    ) throws -> SSHTunnel {
        SSHTunnel(
            to: target ?? self.target,
            via: try #require(SSHDestination(server.url(user: user))),
            command: command ?? server.command
        )
    }

    private func gateway(_ tunnel: SSHTunnel, tls: TLSClient? = nil) -> GatewayClient {
        GatewayClient(AdminClient(tunnel.target, tls: tls, tunnel: tunnel, token: "secret"))
    }

    private func failure(_ gateway: GatewayClient) async -> String {
        do throws(GatewayError) {
            _ = try await gateway.lease(until: soon)
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test func `is asked as if it were near, over one tunnel`() async throws {
        let tunnels = SSHTunnels(command: server.command)
        let via = try #require(SSHDestination(server.url()))
        let tunnel = tunnels.tunnel(to: target, via: via)
        #expect(tunnel === tunnels.tunnel(to: target, via: via))
        for _ in 0..<3 { #expect(try await gateway(tunnel).lease(until: soon) == nil) }
        #expect(admin.asked.count == 3)
        #expect(admin.asked.first?.authority == target.description)
        #expect(admin.asked.first?.headers["authorization"] == "Bearer secret")
        tunnels.close()
        // One session, and it has ended.
        try await server.says("Disconnected from")
        try await server.says("Accepted publickey")
        await #expect(throws: ProcessLog.Failure.self) {
            try await server.says("Accepted publickey", times: 2, within: .milliseconds(50))
        }
    }

    @Test func `may listen on a Unix socket there`() async throws {
        let folder = try TemporaryFolder()
        let path = "unix:\(folder.path)/admin"
        let there = try HTTPServer(try #require(SocketAddress(path)), handler: admin)
        defer { withExtendedLifetime(there) {} }
        let endpoint = try #require(Endpoint(path))
        let tunnel = try tunnel(to: endpoint)
        #expect(try await gateway(tunnel).lease(until: soon) == nil)
    }

    @Test func `is asked on by a new tunnel when the old one has died`() async throws {
        let gateway = gateway(try tunnel())
        for round in 1...3 {
            #expect(try await gateway.lease(until: soon) == nil)
            try await server.says("Accepted publickey", times: round)
            server.endSessions()
        }
        #expect(admin.asked.count == 3)
    }

    @Test func `is asked on by one new tunnel, also by many calls at once`() async throws {
        let tunnel = try tunnel()
        let gateways = (0..<5).map { _ in gateway(tunnel) }
        for round in 1...3 {
            let calls = gateways.map { gateway in
                EventLoop.task { [soon] in try await gateway.lease(until: soon) }
            }
            for call in calls { #expect(try await call.value == nil) }
            try await server.says("Accepted publickey", times: round)
            server.endSessions()
        }
        await #expect(throws: ProcessLog.Failure.self) {
            try await server.says("Accepted publickey", times: 4, within: .milliseconds(50))
        }
    }

    @Test func `is told apart from one that ssh is not let in to, with ssh's own words`()
        async throws
    {
        let stranger = try tunnel(user: "nobody")
        let words = await failure(gateway(stranger))
        #expect(words.contains("nobody@127.0.0.1: "), "\(words)")
        #expect(words.contains("Permission denied (publickey)"), "\(words)")
        let byHand = "$HEALTHGATE_SSH -p \(server.port) nobody@127.0.0.1"
        #expect(words.hasSuffix("(publickey); try by hand: \(byHand)"), "\(words)")
        // Whoever asks again and again must not look like an attack.
        #expect(await failure(gateway(stranger)) == words)
        await #expect(throws: ProcessLog.Failure.self) {
            try await server.says("Connection from", times: 2, within: .milliseconds(50))
        }
    }

    @Test func `is told apart from a machine that is another than before`() async throws {
        let other = try await SSHServer()
        let via = try #require(SSHDestination(other.url()))
        let words = await failure(
            gateway(SSHTunnel(to: target, via: via, command: server.command))
        )
        #expect(words.contains("Host key verification failed"), "\(words)")
    }

    @Test func `that is not there is told in ssh's words too`() async throws {
        let nobody = try #require(Endpoint("127.0.0.1:1"))
        let words = await failure(gateway(try tunnel(to: nobody)))
        #expect(words.contains("says: channel "), "\(words)")
        #expect(words.contains("open failed: connect failed: Connection refused"), "\(words)")
    }

    @Test func `cannot be asked where there is no ssh`() async throws {
        let words = await failure(gateway(try tunnel(command: ["/nowhere/ssh"])))
        #expect(words.contains("/nowhere/ssh: not found"), "\(words)")
    }

    @Test func `keeps the name in its certificate`() async throws {
        let certificates = try await Certificates()
        let secured = ScriptedAdmin()
        let endpoint = try secured.listen(try await certificates.make("east-1"))
        secured.script("GET /lease", 200, #"{"lease":null}"#)
        let trusting = TLSSettings(authorities: certificates.authorities)
        let good = gateway(try tunnel(to: endpoint), tls: try .client(trusting))
        #expect(try await good.lease(until: soon) == nil)
        var other = trusting
        other.serverName = "east-2"
        let words = await failure(gateway(try tunnel(to: endpoint), tls: try .client(other)))
        #expect(words.contains("for another name: localhost, 127.0.0.1"), "\(words)")
    }
}

@Suite struct `Where ssh leads` {
    @Test(arguments: [
        "ssh://east-1", "ssh://deploy@east-1.example:2222", "ssh://a_b@10.0.0.1", "ssh://[::1]:22",
        "ssh://x@[fe80::1]",
    ])
    func `is written as it is read`(text: String) {
        #expect(SSHDestination(text)?.description == text)
    }

    @Test(arguments: [
        "east-1", "ssh:east-1", "ssh://", "ssh://@east-1", "ssh://-oProxyCommand=x", "ssh://a b",
        "ssh://-x@east-1", "ssh://u@-x", "ssh://u:p@h", "ssh://h:0", "ssh://h:70000", "ssh://h:",
        "ssh://h/path", "ssh://a@b@c", "ssh://$(x)", "ssh://[east]", "ssh://[::1", "ssh://h;x",
        "ssh://ü", "ssh://[::1]x",
    ])
    func `is nothing else, least of all an option`(text: String) {
        #expect(SSHDestination(text) == nil)
    }
}
