import GRPC
import HTTP
import Loop
import Suites
import TestSupport
import Testing

@EventLoop
@Suite struct `A call over TLS` {
    let soon = Instant.now + .seconds(30)

    @Test func `goes to one address, by the name of another, for a third`() async throws {
        let certificates = try await Certificates()
        let settings = try await certificates.make("shop", names: "DNS:shop.example")
        let service = GRPCServer()
        service.unary("/t/Authority") { (_, call) throws(GRPCStatus) in bytes(call.authority ?? "")
        }
        let server = try HTTPServer(
            try #require(SocketAddress("127.0.0.1:0")),
            tls: try .server(settings),
            handler: service
        )
        let address = server.address
        func client(_ name: String) throws -> CallClient {
            CallClient(
                try #require(Endpoint("\(name):443")),
                authority: "orders",
                tls: try .client(TLSSettings(authorities: certificates.authorities)),
                dial: { (deadline) throws(LoopError) in
                    try await Channel.connect(to: address, until: deadline)
                }
            )
        }
        let request = CallRequest("/t/Authority")
        let right = try client("shop.example")
        #expect(await right.call(request, [[]], until: soon).texts == ["orders"])
        let wrong = try client("bank.example")
        let record = await wrong.call(request, [[]], until: soon)
        #expect(record.status?.source == .client(.connect))
        #expect(record.status?.message.contains("certificate") == true)
    }
}
