import HTTP
import Loop

/// Stands between a driver and one gateway's admin port, and strikes around a call that a scenario
/// names: a driver that is killed there has sent its call and will never see the answer.
@EventLoop
final class GatewayRelay: HTTPHandler {
    /// When to strike, and how; once.
    struct Strike {
        let method: String
        let path: String
        /// The gateway has done what it was asked; else it never hears of it.
        let isAfter: Bool
        let body: @EventLoop () -> Void
    }

    var next: Strike?

    private let client: HTTPClient
    private var server: HTTPServer?

    init(_ host: WorldHost) throws {
        guard let address = SocketAddress(host.gatewayRelay),
            let endpoint = Endpoint(host.gatewayAdmin)
        else { throw WorldError("no address: \(host.gatewayRelay)") }
        client = HTTPClient(endpoint, keepAlive: false)
        server = try HTTPServer(address, handler: self)
    }

    func close() async {
        await server?.close(within: .milliseconds(100))
        server = nil
        client.close()
    }

    func handle(_ exchange: Exchange) {
        EventLoop.task { [self] in await relay(exchange) }
    }

    private func relay(_ exchange: Exchange) async {
        let asked = exchange.request
        var strike: Strike?
        if let next, next.method == asked.method, next.path == asked.pathOnly {
            (strike, self.next) = (next, nil)
        }
        if let strike, !strike.isAfter {
            strike.body()
            return exchange.abort()
        }
        // The name of the gateway's own port: it refuses any other.
        let request = HTTPRequest(
            asked.method,
            asked.path,
            headers: ["content-type": "application/json"],
            body: asked.body
        )
        let answer = try? await client.send(request, until: .now + .seconds(10))
        strike?.body()
        guard let answer, strike == nil else { return exchange.abort() }
        exchange.respond(
            HTTPResponse(
                answer.status,
                headers: ["content-type": "application/json"],
                body: answer.body
            )
        )
    }
}
