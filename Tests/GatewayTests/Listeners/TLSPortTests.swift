import Gateway
import Glibc
import HTTP
import Health
import Loop
import TestSupport
import Testing

@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `A gateway over TLS` {
    private let certificates: Certificates
    private let world: TestGateway.World

    init() async throws {
        certificates = try await Certificates()
        world = try TestGateway.World()
        world.configuration.listen.certificatesEvery = .milliseconds(20)
        world.configuration.listen.healthTLS = try await certificates.make("east-1")
    }

    private func client(
        _ gateway: TestGateway,
        _ version: HTTPClient.Version = .http1
    ) throws -> HTTPClient {
        let settings = TLSSettings(authorities: certificates.authorities)
        return HTTPClient(
            Endpoint(gateway.service.healthAddress),
            version: version,
            tls: try .client(settings)
        )
    }

    private func poll(_ client: HTTPClient) async throws -> Int {
        try await client.send(HTTPRequest("/readyz"), until: .now + .seconds(10)).status
    }

    @Test(arguments: [HTTPClient.Version.http1, .http2])
    func `answers polls, while the other port stays plain`(
        version: HTTPClient.Version
    ) async throws {
        let gateway = try await TestGateway(world)
        try await gateway.reached(.up)
        #expect(try await poll(client(gateway, version)) == 200)
        #expect(try await gateway.call("GET", "/status").status == 200)
        await gateway.service.stop()
    }

    /// Polls go on, each over a connection of its own, while the files are replaced one by one: for
    /// a moment the key is not the certificate's.
    @Test func `takes a renewed certificate from its files without one failed poll`() async throws {
        let gateway = try await TestGateway(world)
        try await gateway.reached(.up)
        let renewed = Waiter<Void>()
        var events: [String] = []
        _ = gateway.service.gateway.history.follow { event in
            events.append(event.kind)
            if event.kind == "certificates renewed" { renewed.fulfil(.success(())) }
        }
        let kept = try client(gateway)
        #expect(try await poll(kept) == 200)
        let polls = EventLoop.task {
            var failed: [String] = []
            var count = 0
            while !Task.isCancelled {
                do {
                    guard try await poll(client(gateway)) != 200 else {
                        count += 1
                        continue
                    }
                    failed.append("no 200")
                } catch {
                    failed.append("\(error)")
                }
            }
            return (count, failed)
        }
        try await certificates.make("east-1", names: "DNS:localhost,IP:127.0.0.1,DNS:renewed")
        try await renewed.wait(until: .now + .seconds(20), "see the renewal")
        polls.cancel()
        let (count, failed) = try await polls.value
        #expect(count > 0)
        #expect(failed.filter { !$0.contains("cancelled") } == [])
        #expect(try await poll(kept) == 200)
        let probe = HTTPClient(
            Endpoint(gateway.service.healthAddress),
            tls: try .client(
                TLSSettings(authorities: certificates.authorities, serverName: "renewed")
            )
        )
        #expect(try await poll(probe) == 200)
        await gateway.service.stop()
    }

    @Test func `refuses a reload whose certificate cannot be used, and keeps the one it has`()
        async throws
    {
        world.configuration.listen.certificatesEvery = .seconds(3600)
        let gateway = try await TestGateway(world)
        try await gateway.reached(.up)
        try await certificates.make("else")
        #expect(rename(certificates.path("else.key"), certificates.path("east-1.key")) == 0)
        let answer = try await gateway.call("POST", "/reload")
        #expect(answer.status == 422)
        #expect(answer.text.contains("east-1.key is not that of "), "\(answer.text)")
        #expect(try await poll(client(gateway)) == 200)
        await gateway.service.stop()
    }

    @Test func `does not start without a certificate that can be used`() async throws {
        world.configuration.listen.healthTLS = TLSSettings(
            certificate: "/nowhere.pem",
            key: "/nowhere.key"
        )
        await #expect {
            try await TestGateway(world)
        } throws: {
            "\($0)"
                == "the certificate in /nowhere.pem cannot be used: No such file or directory"
        }
    }
}
