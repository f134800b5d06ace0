import HTTP
import Loop
import Testing

/// An admin interface that answers by script and keeps what it was asked.
@EventLoop
final class ScriptedAdmin: HTTPHandler {
    private(set) var asked: [HTTPRequest] = []
    private var answers: [String: HTTPResponse] = [:]
    private var server: HTTPServer?

    func listen(_ settings: TLSSettings? = nil) throws -> Endpoint {
        let address = try #require(SocketAddress("127.0.0.1:0"))
        let server = try HTTPServer(
            address,
            tls: settings.map { try .server($0) },
            handler: self
        )
        self.server = server
        return Endpoint(server.address)
    }

    /// What `call`, such as `PUT /drain`, is answered; without a script, 404.
    func script(_ call: String, _ status: Int, _ body: String) {
        answers[call] = HTTPResponse(status, body: Array(body.utf8))
    }

    func handle(_ exchange: Exchange) {
        let request = exchange.request
        asked.append(request)
        let whole = "\(request.method) \(request.path)"
        let answer = answers[whole] ?? answers["\(request.method) \(request.pathOnly)"]
        exchange.respond(answer ?? HTTPResponse(404))
    }
}
