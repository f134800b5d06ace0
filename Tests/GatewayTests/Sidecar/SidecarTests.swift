import Gateway
import HTTP
import Health
import Loop
import Testing

@EventLoop
@Suite(.timeLimit(.minutes(1)))
struct `The sidecar` {
    /// An admin interface that says what it is told to.
    @EventLoop
    final class Admin: HTTPHandler {
        var clusters = ""

        func handle(_ exchange: Exchange) {
            exchange.respond(HTTPResponse(200, body: Array(clusters.utf8)))
        }
    }

    @Test func `says what is in flight, and a drain waits for it`() async throws {
        let admin = Admin()
        let server = try HTTPServer(SocketAddress("127.0.0.1:0").orFail(), handler: admin)
        let world = try TestGateway.World()
        world.configuration.sidecar = .init(admin: Endpoint(server.address))
        admin.clusters = "web::web:1::rq_active::2\nweb::web:1::rq_total::40\n"
        let gateway = try await TestGateway(world)
        let status = try await gateway.call("GET", "/status").text
        #expect(status.contains(#""inflight":{"known":true,"requests":2,"total":40}"#))
        for _ in 0..<3 { _ = try await gateway.poll(edge: "front") }
        _ = try await gateway.drain("me")
        _ = try await gateway.poll(edge: "front")
        let busy = try await gateway.call("GET", "/drain?wait=0s").text
        #expect(busy.contains(#""left":["2 in flight"]"#))
        let waiting = EventLoop.task { try await gateway.call("GET", "/drain?wait=20s") }
        admin.clusters = "web::web:1::rq_active::0\nweb::web:1::rq_total::40\n"
        #expect(try await waiting.value.text.contains(#""safe":true"#))
        // One that does not answer is not one that is idle.
        await server.close(within: .zero)
        let silent = try await gateway.call("GET", "/drain?wait=0s").text
        #expect(silent.contains("the sidecar does not say"))
        #expect(silent.contains(#""safe":false"#))
    }
}
