package import HTTP
package import Loop

/// Answers gRPC calls by their path. It is an HTTP handler, alone on a port or behind another.
@EventLoop
package final class GRPCServer: HTTPHandler {
    package typealias UnaryBody =
        @EventLoop ([UInt8], GRPCServerCall) async throws(GRPCStatus) -> [UInt8]
    package typealias StreamingBody =
        @EventLoop (GRPCServerCall) async throws(GRPCStatus) -> Void

    private var methods: [String: StreamingBody] = [:]
    private let maxMessage: Int

    package init(maxMessage: Int = 4 << 20) { self.maxMessage = maxMessage }

    /// Serves a method that takes one message and answers with one.
    package func unary(_ path: String, _ body: @escaping UnaryBody) {
        streaming(path) { (call) throws(GRPCStatus) in
            guard let message = try await call.next() else {
                throw GRPCStatus(.internal, "the call ended without a message")
            }
            try await call.send(try await body(message, call))
        }
    }

    /// Serves a method that reads and writes as many messages as it likes. When `body` returns the
    /// call ends with OK; what it throws is the status else.
    package func streaming(_ path: String, _ body: @escaping StreamingBody) {
        methods[path] = body
    }

    /// Whether a request is meant for gRPC, so that a port may be shared with other handlers.
    package static func isCall(_ request: HTTPRequest) -> Bool {
        guard let type = request.headers["content-type"]?.lowercased() else { return false }
        let name = "application/grpc"
        return type == name || type.hasPrefix(name + "+") || type.hasPrefix(name + ";")
    }

    package func streamsBody(_ request: HTTPRequest) -> Bool { Self.isCall(request) }

    package func handle(_ exchange: Exchange) {
        let request = exchange.request
        guard request.method == "POST" else {
            return exchange.respond(HTTPResponse(405, headers: ["allow": "POST"]))
        }
        guard Self.isCall(request) else {
            return exchange.respond(HTTPResponse(415))
        }
        let call = GRPCServerCall(exchange, maxMessage: maxMessage)
        guard let body = methods[request.pathOnly] else {
            return call.end(GRPCStatus(.unimplemented, "no method \(request.pathOnly)"))
        }
        call.run(body)
    }
}
