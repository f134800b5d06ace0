import HTTP
import Loop

/// Far enough for anything that must happen.
var soon: Instant { .now + .seconds(20) }

/// Answers with what it was asked; `/ready` by a prepared answer, `/large` in pieces, `/held` when the
/// test says so, `/awaited` at the end of a body that it takes in pieces.
@EventLoop
final class Echo: HTTPHandler {
    let held = Waiter<Exchange>()
    private let ready = PreparedAnswer(HTTPResponse(200, body: Array("ready\n".utf8)))

    func route(_ head: borrowing RequestHead) -> RouteToken? {
        head.isPath("/ready") ? RouteToken(bits: 1) : nil
    }

    func answer(_ token: RouteToken, _ body: UnsafeRawBufferPointer) -> PreparedAnswer? { ready }

    func streamsBody(_ request: HTTPRequest) -> Bool { request.pathOnly == "/awaited" }

    func handle(_ exchange: Exchange) {
        let request = exchange.request
        switch request.pathOnly {
        case "/awaited":
            exchange.onBody = { [weak exchange] _, isLast in
                if isLast { exchange?.respond(HTTPResponse(200, body: Array("end".utf8))) }
            }
        case "/held": held.fulfil(.success(exchange))
        case "/large":
            exchange.start(200, ["content-type": "application/octet-stream"])
            for _ in 0..<30 { exchange.write([UInt8](repeating: 1, count: 100_000)) }
            exchange.finish(trailers: ["x-end": "yes"])
        default:
            let name = request.headers["x-name"] ?? "-"
            let body = String(decoding: request.body, as: UTF8.self)
            exchange.respond(
                HTTPResponse(
                    200,
                    body: Array("\(request.method) \(request.path) \(name) \(body)".utf8)
                )
            )
        }
    }
}
