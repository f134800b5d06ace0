import HTTP
import Loop
import TestSupport
import Testing

@EventLoop
private struct World {
    let server: HTTPServer
    let client: HTTPClient
    let log: Log
}

@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `A server over TLS` {
    private func world(
        _ certificates: Certificates,
        _ version: HTTPClient.Version = .http1,
        server change: (inout TLSSettings) async throws -> Void = { _ in },
        client changeClient: (inout TLSSettings) async throws -> Void = { _ in }
    ) async throws -> World {
        var settings = try await certificates.make("east-1")
        try await change(&settings)
        let server = try HTTPServer(
            try #require(SocketAddress("127.0.0.1:0")),
            tls: try .server(settings),
            handler: Echo()
        )
        let log = Log()
        server.onOffence = { log.lines.append($1) }
        var clientSettings = TLSSettings(authorities: certificates.authorities)
        try await changeClient(&clientSettings)
        let context = try TLSClient.client(clientSettings)
        let client = HTTPClient(Endpoint(server.address), version: version, tls: context)
        return World(server: server, client: client, log: log)
    }

    private func failure(_ client: HTTPClient) async -> HTTPError? {
        do throws(HTTPError) {
            _ = try await client.send(HTTPRequest("/ready"), until: .now + .seconds(5))
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [HTTPClient.Version.http1, .http2])
    func `answers in both protocols, again and again`(version: HTTPClient.Version) async throws {
        let certificates = try await Certificates()
        let world = try await world(certificates, version)
        for _ in 0..<20 {
            let response = try await world.client.send(HTTPRequest("/ready"), until: soon)
            #expect(response.text == "ready\n")
        }
        #expect(world.server.connectionCount == 1)
        let large = try await world.client.send(HTTPRequest("/large"), until: soon)
        #expect(large.body.count == 3_000_000)
        let body = [UInt8](repeating: 65, count: 500_000)
        let echo = try await world.client.send(
            HTTPRequest("POST", "/echo", body: body),
            until: soon
        )
        #expect(echo.body.count > 500_000)
        world.client.close()
        await world.server.close(within: .seconds(1))
        #expect(world.log.lines == [])
    }

    /// HTTP/1.1 would need a connection for each of two requests at once.
    @Test func `is asked by HTTP/2 where the client lets it choose`() async throws {
        let certificates = try await Certificates()
        let world = try await world(certificates, .negotiated)
        #expect(await failure(world.client) == nil)
        let client = world.client
        let requests = (0..<5).map { _ in
            EventLoop.task {
                try await client.send(HTTPRequest("/large"), until: soon).body.count
            }
        }
        for request in requests { #expect(try await request.value == 3_000_000) }
        #expect(world.server.connectionCount == 1)
    }

    @Test func `says that a certificate has expired, on both sides`() async throws {
        let certificates = try await Certificates()
        let world = try await world(
            certificates,
            server: { $0 = try await certificates.make("old", days: -1) }
        )
        let error = try #require(await failure(world.client))
        #expect(error.kind == .connection(.tlsVerify))
        #expect(error.message.hasPrefix("the certificate of old expired at "))
        try await world.log.hasLine()
        #expect(world.log.lines == ["TLS: the client refused: certificate expired"])
    }

    @Test func `says that a certificate is for another name, and for which`() async throws {
        let certificates = try await Certificates()
        let world = try await world(
            certificates,
            server: {
                $0 = try await certificates.make("else", names: "DNS:a.example,IP:127.0.0.2")
            }
        )
        let error = try #require(await failure(world.client))
        #expect(error.message == "the certificate is for another name: a.example, 127.0.0.2")
        try await world.log.hasLine()
        #expect(world.log.lines == ["TLS: the client refused: bad certificate"])
    }

    @Test func `may be asked under the name that its certificate has`() async throws {
        let certificates = try await Certificates()
        let world = try await world(
            certificates,
            server: { $0 = try await certificates.make("else", names: "DNS:a.example") },
            client: { $0.serverName = "a.example" }
        )
        #expect(await failure(world.client) == nil)
    }

    @Test func `says that an authority is not trusted, and which`() async throws {
        let certificates = try await Certificates()
        let world = try await world(
            certificates,
            server: { $0 = try await certificates.make("stranger", by: "other") }
        )
        let error = try #require(await failure(world.client))
        #expect(
            error.message
                == "the certificate of stranger comes from an authority that is not trusted here: "
                + "other CA"
        )
        try await world.log.hasLine()
        #expect(world.log.lines == ["TLS: the client refused: unknown CA"])
    }

    @Test(arguments: [HTTPClient.Version.http1, .http2])
    func `turns away a client without a certificate where it wants one`(
        version: HTTPClient.Version
    ) async throws {
        let certificates = try await Certificates()
        let world = try await world(
            certificates,
            version,
            server: { $0.authorities = certificates.authorities }
        )
        let error = try #require(await failure(world.client))
        #expect(error.message == "TLS: the server refused: certificate required")
        #expect(error.kind == .connection(.tlsVerify))
        try await world.log.hasLine()
        #expect(world.log.lines == ["TLS: the client showed no certificate"])
    }

    @Test func `turns away a client whose certificate comes from elsewhere`() async throws {
        let certificates = try await Certificates()
        let world = try await world(
            certificates,
            server: { $0.authorities = certificates.authorities },
            client: {
                let own = try await certificates.make("stranger", by: "other")
                ($0.certificate, $0.key) = (own.certificate, own.key)
            }
        )
        let error = try #require(await failure(world.client))
        #expect(error.message == "TLS: the server refused: unknown CA")
        try await world.log.hasLine()
        #expect(world.log.lines.first?.contains("not trusted here: other CA") == true)
    }

    @Test func `takes a client whose certificate is good`() async throws {
        let certificates = try await Certificates()
        let world = try await world(
            certificates,
            server: { $0.authorities = certificates.authorities },
            client: {
                let own = try await certificates.make("jenkins", names: "DNS:jenkins")
                ($0.certificate, $0.key) = (own.certificate, own.key)
            }
        )
        #expect(await failure(world.client) == nil)
    }

    @Test func `takes a client by the certificate that its files hold now`() async throws {
        let certificates = try await Certificates()
        let world = try await world(
            certificates,
            server: { $0.authorities = certificates.authorities }
        )
        var settings = try await certificates.make("jenkins")
        settings.authorities = certificates.authorities
        let client = HTTPClient(
            Endpoint(world.server.address),
            tls: TLSClient(settings),
            keepAlive: false
        )
        #expect(await failure(client) == nil)
        // Half replaced: the key is not the certificate's, and the old ones stay in force.
        let other = try await certificates.make("else")
        let key = try #require(try await Files.read(other.key ?? ""))
        try await Files.writeDurably(key, to: settings.key ?? "")
        #expect(await failure(client) == nil)
        try await certificates.make("jenkins", by: "other")
        #expect(await failure(client)?.message == "TLS: the server refused: unknown CA")
    }

    /// Envoy and curl resume sessions; OpenSSL refuses that of a client that had to show who it is,
    /// unless it is told for whom sessions are.
    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func `lets a client with a certificate resume its session`(version: String) async throws {
        let certificates = try await Certificates()
        let world = try await world(
            certificates,
            server: { $0.authorities = certificates.authorities }
        )
        let own = try await certificates.make("jenkins", names: "DNS:jenkins")
        let request = "GET /ready HTTP/1.1\\r\\nhost: a\\r\\nconnection: close\\r\\n\\r\\n"
        func ask(_ session: String) async throws -> String {
            let client =
                "openssl s_client \(version) -ign_eof -connect \(world.server.address) "
                + "-CAfile \(certificates.authorities) -cert \(own.certificate ?? "") "
                + "-key \(own.key ?? "") \(session) \(certificates.path("session"))"
            return try await Subprocess.run(
                ["/bin/sh", "-c", "printf '\(request)' | \(client)"],
                until: soon
            ).output
        }
        #expect(try await ask("-sess_out").contains("HTTP/1.1 200 OK"))
        let again = try await ask("-sess_in")
        #expect(again.contains("HTTP/1.1 200 OK") && again.contains("Reused, TLSv1"), "\(again)")
    }

    @Test func `shows a renewed certificate to new connections, and keeps the old ones`()
        async throws
    {
        let certificates = try await Certificates()
        let world = try await world(certificates)
        #expect(await failure(world.client) == nil)
        world.server.tls = try .server(try await certificates.make("new", days: -1))
        #expect(await failure(world.client) == nil)  // on the connection that it has
        #expect(world.server.connectionCount == 1)
        let other = HTTPClient(
            Endpoint(world.server.address),
            tls: try .client(TLSSettings(authorities: certificates.authorities))
        )
        #expect(await failure(other)?.message.contains("of new expired") == true)
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nhost: a\r\n\r\n", "TLS: the peer speaks plain HTTP"),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "TLS: the peer does not speak TLS"),
        ("\u{16}\u{3}\u{1}\u{0}\u{5}hello", "TLS: "),
    ])
    func `ends what is no TLS, with a word in the log`(bytes: String, word: String) async throws {
        let certificates = try await Certificates()
        let world = try await world(certificates)
        let stream = try await ByteStream.connect(to: world.server.address, until: soon)
        try await stream.write(Array(bytes.utf8), until: soon)
        while try await stream.read(until: soon) != nil {}  // maybe an alert, then the end
        #expect(world.log.lines.count == 1)
        #expect(world.log.lines.first?.hasPrefix(word) == true, "\(world.log.lines)")
        #expect(await failure(world.client) == nil)
    }

    @Test func `is not taken for one that speaks HTTP/2 unless it said so`() async throws {
        let certificates = try await Certificates()
        let plain = try HTTPServer(
            try #require(SocketAddress("127.0.0.1:0")),
            handler: Echo()
        )
        let context = try TLSClient.client(
            TLSSettings(authorities: certificates.authorities)
        )
        let client = HTTPClient(Endpoint(plain.address), version: .http2, tls: context)
        #expect(await failure(client)?.kind == .connection(.tlsHandshake))
    }

    @Test func `does not open with a key that belongs to another certificate`() async throws {
        let certificates = try await Certificates()
        var settings = try await certificates.make("one")
        settings.key = try await certificates.make("two").key
        #expect {
            try TLSContext.server(settings)
        } throws: {
            "\($0)".contains("two.key is not that of ") && "\($0)".contains("one.pem")
        }
        // OpenSSL itself takes a key of another kind, for a certificate that may yet come.
        let rsa = certificates.path("rsa.key")
        let made = try await Subprocess.run(
            ["openssl", "genrsa", "-out", rsa, "2048"],
            until: soon
        )
        #expect(made.exit == .code(0))
        settings.key = rsa
        #expect {
            try TLSContext.server(settings)
        } throws: {
            "\($0)".contains("rsa.key is not that of ") && "\($0)".contains("one.pem")
        }
        settings.key = "/nowhere/key"
        #expect {
            try TLSContext.server(settings)
        } throws: {
            "\($0)" == "the key in /nowhere/key cannot be used: No such file or directory"
        }
    }
}

/// Words for a log, as a server says them.
@EventLoop
private final class Log {
    var lines: [String] = [] {
        didSet { waiter.fulfil(.success(())) }
    }
    private let waiter = Waiter<Void>()

    /// The other side knows first.
    func hasLine() async throws {
        try await waiter.wait(until: soon, "a line in the log")
    }
}
