import HTTP
import Loop
import Release
import TestSupport
import Testing

@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `An admin interface over TLS` {
    private let certificates: Certificates
    private let admin = ScriptedAdmin()
    private let soon = Instant.now + .seconds(30)

    init() async throws {
        certificates = try await Certificates()
        admin.script("GET /lease", 200, #"{"lease":null}"#)
    }

    private var trusting: TLSSettings { TLSSettings(authorities: certificates.authorities) }

    private func gateway(
        _ server: TLSSettings,
        _ client: TLSSettings? = nil
    ) async throws -> GatewayClient {
        let place = PlanConfiguration.Admin(
            try admin.listen(server),
            tls: client ?? trusting,
            token: .file(certificates.path("token"))
        )
        try await Files.writeDurably(Array("secret\n".utf8), to: certificates.path("token"))
        return GatewayClient(try await AdminWays(SSHTunnels()).client(place, of: "east-1"))
    }

    private func failure(_ gateway: GatewayClient) async -> GatewayError? {
        do throws(GatewayError) {
            _ = try await gateway.lease(until: soon)
            return nil
        } catch {
            return error
        }
    }

    @Test func `is asked with the token`() async throws {
        let gateway = try await gateway(try await certificates.make("east-1"))
        #expect(await failure(gateway) == nil)
        #expect(admin.asked.first?.headers["authorization"] == "Bearer secret")
    }

    @Test func `is shown a certificate where it wants one, and is told of where it gets none`()
        async throws
    {
        var server = try await certificates.make("east-1")
        server.authorities = certificates.authorities
        let none = try await gateway(server)
        #expect(
            await failure(none)
                == .unreachable(
                    "TLS: the server refused: certificate required: give cert and key under tls"
                )
        )
        var client = try await certificates.make("jenkins", names: "DNS:jenkins")
        client.authorities = certificates.authorities
        #expect(await failure(try await gateway(server, client)) == nil)
        var stranger = try await certificates.make("stranger", by: "other")
        stranger.authorities = certificates.authorities
        #expect(
            await failure(try await gateway(server, stranger))
                == .unreachable("TLS: the server refused: unknown CA")
        )
    }

    @Test func `whose certificate has expired is refused in so many words`() async throws {
        let gateway = try await gateway(try await certificates.make("old", days: -1))
        let words = await failure(gateway)?.description ?? ""
        #expect(
            words.hasPrefix("the gateway does not answer: the certificate of old expired at "),
            "\(words)"
        )
        #expect(admin.asked.isEmpty)
    }

    @Test func `whose certificate is another's is refused, unless that name was told`()
        async throws
    {
        let server = try await certificates.make("else", names: "DNS:a.example")
        #expect(
            await failure(try await gateway(server))
                == .unreachable("the certificate is for another name: a.example")
        )
        var named = trusting
        named.serverName = "a.example"
        #expect(await failure(try await gateway(server, named)) == nil)
    }

    @Test func `whose authority is not ours is refused, and not told the token`() async throws {
        let gateway = try await gateway(try await certificates.make("stranger", by: "other"))
        let words = await failure(gateway)?.description ?? ""
        #expect(words.hasSuffix("an authority that is not trusted here: other CA"), "\(words)")
        #expect(admin.asked.isEmpty)
    }

    @Test func `may be a Front's`() async throws {
        admin.script("GET /clusters", 200, #"{"cluster_statuses":[]}"#)
        admin.script("GET /server_info", 200, #"{"state":"LIVE"}"#)
        let front = PlanConfiguration.Front(
            name: "edge",
            admin: .init(try admin.listen(try await certificates.make("edge")), tls: trusting)
        )
        func client(_ tls: TLSSettings) async throws -> FrontClient {
            var admin = front.admin
            admin.tls = tls
            let client = try await AdminWays(SSHTunnels()).client(admin, of: "edge")
            return FrontClient(front, client, addresses: [])
        }
        #expect(await (try client(trusting)).look(until: soon).view != nil)
        var other = trusting
        other.authorities = certificates.path("other.pem")
        let reading = await (try client(other)).look(until: soon)
        #expect("\(reading)".contains("not trusted here: test CA"), "\(reading)")
    }

    @Test(arguments: ["nowhere.pem", "ca.key"])
    func `with a file that cannot be used ends the command before it begins`(
        file: String
    ) async throws {
        let path = certificates.path(file)
        let place = PlanConfiguration.Admin(
            try #require(Endpoint("127.0.0.1:1")),
            tls: TLSSettings(authorities: path)
        )
        let refusal = await #expect(throws: Refusal.self) {
            try await AdminWays(SSHTunnels()).client(place, of: "east-1")
        }
        #expect(refusal?.end.code == .usage)
        let words = refusal?.end.sentence ?? ""
        #expect(
            words.hasPrefix("east-1: certificate authorities in \(path) cannot be used: "),
            "\(words)"
        )
    }
}
