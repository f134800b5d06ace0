import FoundationEssentials
import HTTP
import Loop

/// Another site's server: it hands out the page and takes what the page has found. All else goes on
/// to `rebound`, if there is one, as it came: the browser then believes that it is this site still.
@EventLoop
final class ForeignSite: HTTPHandler {
    private let target: String
    private let rebound: HTTPClient?
    /// What the page came to, by attempt.
    let results = Waiter<[String: String]>()

    init(against target: String, rebound: HTTPClient? = nil) {
        self.target = target
        self.rebound = rebound
    }

    func handle(_ exchange: Exchange) {
        let request = exchange.request
        switch request.pathOnly {
        case "/evil":
            exchange.respond(
                HTTPResponse(
                    200,
                    headers: ["content-type": "text/html", "cache-control": "no-store"],
                    body: AttackPage.html(against: target)
                )
            )
        case "/evil/results":
            let found = try? JSONDecoder().decode(
                [String: String].self,
                from: Data(request.body)
            )
            results.fulfil(
                found.map { .success($0) } ?? .failure(LoopError(.system, "no results came"))
            )
            exchange.respond(HTTPResponse(204))
        default:
            guard let rebound else { return exchange.respond(HTTPResponse(404)) }
            EventLoop.task {
                let answer = try? await rebound.send(request, until: .now + .seconds(3))
                exchange.respond(answer ?? HTTPResponse(504))
            }
        }
    }
}

/// A server that minds nothing: what the page can do to it, it could do to any.
@EventLoop
final class CarelessServer: HTTPHandler {
    static let secret = "the careless one's secret"
    /// The calls that changed something.
    private(set) var changes: [String] = []

    func handle(_ exchange: Exchange) {
        let request = exchange.request
        let all: HTTPHeaders = [
            "access-control-allow-origin": "*", "access-control-allow-headers": "content-type",
            "access-control-allow-methods": "GET, POST, PUT, DELETE", "cache-control": "no-store",
        ]
        func answer(_ type: String, _ body: [UInt8]) {
            var headers = all
            headers.add("content-type", type)
            exchange.respond(HTTPResponse(200, headers: headers, body: body))
        }
        if request.method == "GET" {
            switch request.path {
            case "/status?image": answer("image/gif", CarelessServer.image)
            case "/status?frame":
                let script =
                    "<body>\(CarelessServer.secret)<script>"
                    + "parent.postMessage(document.body.innerText, '*')</script>"
                answer("text/html", Array(script.utf8))
            case "/events":
                answer("text/event-stream", Array("data: \(CarelessServer.secret)\n\n".utf8))
            default: answer("text/plain", Array(CarelessServer.secret.utf8))
            }
            return
        }
        if request.method != "OPTIONS" {
            let type = request.headers["content-type"].map { " " + $0.prefix { $0 != ";" } } ?? ""
            changes.append("\(request.method) \(request.path)\(type)")
        }
        answer("text/plain", [])
    }

    /// The smallest GIF there is: one transparent point.
    private static let image: [UInt8] =
        Array("GIF89a".utf8) + [1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255]
        + [0x21, 0xF9, 4, 1, 0, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B]
}
