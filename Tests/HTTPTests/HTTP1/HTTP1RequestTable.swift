import HTTP
import TestSupport
import Testing

/// Bytes that are well formed, and what they mean.
struct ValidRequest: CustomTestStringConvertible, Sendable {
    let text: String
    let requests: [HTTPRequest]
    var end = HTTP1Reading.End.idle

    init(_ text: String, _ requests: HTTPRequest..., end: HTTP1Reading.End = .idle) {
        self.text = text
        self.requests = requests
        self.end = end
    }

    var testDescription: String { text.debugDescription }

    static let all = [
        // Empty lines and versions
        ValidRequest("", end: .idle),
        ValidRequest("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", HTTPRequest("/", authority: "a")),
        ValidRequest("\r\n", end: .withinHead),
        ValidRequest("GET / HTTP/1.0\r\n\r\n", HTTPRequest("/"), end: .closed),
        ValidRequest(
            "GET / HTTP/1.0\r\nHost: a\r\n\r\nrest",
            HTTPRequest("/", authority: "a"),
            end: .closed
        ),
        // Methods
        ValidRequest(
            "M-SEARCH!#$%&'*+.^_`|~9 / HTTP/1.1\r\nHost: a\r\n\r\n",
            HTTPRequest("M-SEARCH!#$%&'*+.^_`|~9", "/", authority: "a")
        ),
        ValidRequest(
            "get / HTTP/1.1\r\nHost: a\r\n\r\n",
            HTTPRequest("get", "/", authority: "a")
        ),
        // Targets
        ValidRequest(
            "GET /a%20b?c={d}|e\"<> HTTP/1.1\r\nHost: a\r\n\r\n",
            HTTPRequest("/a%20b?c={d}|e\"<>", authority: "a")
        ),
        ValidRequest(
            "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
            HTTPRequest("OPTIONS", "*", authority: "a")
        ),
        ValidRequest(
            "CONNECT db:5432 HTTP/1.1\r\nHost: other\r\n\r\n",
            HTTPRequest("CONNECT", "db:5432", authority: "db:5432").beside("other")
        ),
        ValidRequest(
            "GET http://b:81/x?y HTTP/1.1\r\nHost: a\r\n\r\n",
            HTTPRequest("/x?y", authority: "b:81").beside("a")
        ),
        ValidRequest(
            "GET HTTPS://b HTTP/1.1\r\nHost: a\r\n\r\n",
            HTTPRequest("/", authority: "b").beside("a")
        ),
        // Hosts
        ValidRequest("GET / HTTP/1.1\r\nHost:\r\n\r\n", HTTPRequest("/")),
        ValidRequest(
            "GET / HTTP/1.1\r\nhOsT:[::1]:80\r\n\r\n",
            HTTPRequest("/", authority: "[::1]:80")
        ),
        ValidRequest(
            "GET / HTTP/1.1\r\nHost: \t my_app.svc~1: \r\n\r\n",
            HTTPRequest("/", authority: "my_app.svc~1:")
        ),
        // Fields
        ValidRequest(
            "GET / HTTP/1.1\r\nHost: a\r\nX:\t a\tb  c \t\r\nEmpty:\r\nX: ü\r\n\r\n",
            HTTPRequest(
                "/",
                authority: "a",
                headers: ["x": "a\tb  c", "empty": "", "x": "ü"]
            )
        ),
        ValidRequest(
            "GET / HTTP/1.1\r\nHost: a\r\nX-Long: 0123456789abcdef0123456789abcdef\t!\r\n\r\n",
            HTTPRequest(
                "/",
                authority: "a",
                headers: ["x-long": "0123456789abcdef0123456789abcdef\t!"]
            )
        ),
        // Bodies
        ValidRequest(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 005\r\n\r\nhello",
            post("hello", ["content-length": "005"])
        ),
        ValidRequest(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
            post("", ["content-length": "0"])
        ),
        ValidRequest(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nhello",
            post("hello", ["content-length": "6"]),
            end: .withinBody
        ),
        ValidRequest(
            chunked + "5\r\nhello\r\n00a;x;y=1;z=\"q;\\\"\"\r\n0123456789\r\n0\r\n\r\n",
            post("hello0123456789", ["transfer-encoding": "Chunked"])
        ),
        ValidRequest(
            chunked + "1\r\nx\r\n0000\r\nA: b\r\nC:\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            post("x", ["transfer-encoding": "Chunked"]),
            HTTPRequest("/", authority: "a")
        ),
        ValidRequest(
            chunked + "F\r\n0123",
            post("0123", ["transfer-encoding": "Chunked"]),
            end: .withinBody
        ),
    ]

    static let chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"

    private static func post(_ body: String, _ headers: HTTPHeaders) -> HTTPRequest {
        HTTPRequest("POST", "/", authority: "a", headers: headers, body: Array(body.utf8))
    }
}

extension HTTPRequest {
    /// With a `Host` that its target does not mean.
    fileprivate func beside(_ host: String) -> HTTPRequest {
        var request = self
        request.otherHost = host
        return request
    }
}
