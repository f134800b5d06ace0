import Testing

@testable import HTTP

/// A head that a test may hand to `#expect`.
private final class TestHead {
    private var head: HTTP2Head

    init(maxBytes: Int = 4096, maxFields: Int = 10) {
        head = HTTP2Head(maxBytes: maxBytes, maxFields: maxFields)
    }

    func feed(_ fields: [(String, String)]) {
        head.begin()
        for (name, value) in fields {
            Array(name.utf8).withUnsafeBufferPointer { name in
                Array(value.utf8).withUnsafeBufferPointer { head.add(name, $0) }
            }
        }
    }

    var isRemembered: Bool { head.isRemembered }
    var isTooLarge: Bool { head.isTooLarge }
    var request: HTTPRequest { HTTP2Head.request(Array(head.entries)) }
    func remember() -> Bool { head.remember() }
}

@Suite struct `A head of HTTP/2` {
    private typealias Fields = [(String, String)]

    private let poll: Fields = [
        (":method", "GET"), (":scheme", "http"), (":path", "/readyz"), (":authority", "app1"),
        ("x-healthgate-edge", "east"),
    ]

    @Test func `is read with its pseudo-fields apart from its fields`() {
        let head = TestHead()
        head.feed(poll + [("empty", ""), ("accept", "*/*")])
        let request = head.request
        #expect(request.method == "GET")
        #expect(request.path == "/readyz")
        #expect(request.authority == "app1")
        #expect(request.headers["x-healthgate-edge"] == "east")
        #expect(request.headers["empty"] == "")
        #expect(request.headers["accept"] == "*/*")
    }

    @Test func `takes host for the authority where there is none`() {
        let head = TestHead()
        head.feed([(":method", "GET"), (":path", "/"), ("host", "app2")])
        #expect(head.request.authority == "app2")
    }

    @Test func `is known again when the same fields come in the same order`() {
        let head = TestHead()
        head.feed(poll)
        #expect(!head.isRemembered)
        #expect(head.remember())
        for _ in 0..<3 {
            head.feed(poll)
            #expect(head.isRemembered)
            #expect(head.request.path == "/readyz")
        }
    }

    /// Each differs from the remembered head in one way, at the start, in the middle or at the end.
    @Test(arguments: [
        [(":method", "HEAD"), (":scheme", "http"), (":path", "/readyz"), (":authority", "app1")],
        [(":method", "GET"), (":scheme", "http"), (":path", "/readyZ"), (":authority", "app1")],
        [(":method", "GET"), (":scheme", "http"), (":path", "/readyz"), (":authority", "app12")],
        [(":method", "GET"), (":scheme", "http"), (":path", "/readyz"), (":authority", "app")],
        [(":method", "GET"), (":scheme", "http"), (":path", "/readyz")],
        [(":method", "GET"), (":scheme", "http"), (":authority", "app1"), (":path", "/readyz")],
        [
            (":method", "GET"), (":scheme", "http"), (":path", "/readyz"), (":authority", "app1"),
            ("x", ""),
        ],
        // The same bytes, cut elsewhere.
        [(":method", "GET"), (":scheme", "http"), (":path", "/readyz"), (":authoritya", "pp1")],
    ])
    func `is another when anything differs`(other: [(String, String)]) {
        let head = TestHead()
        let known = Array(poll.prefix(4))
        head.feed(known)
        #expect(head.remember())
        head.feed(other)
        #expect(!head.isRemembered)
        let fresh = TestHead()
        fresh.feed(other)
        #expect(head.request == fresh.request)
        // What is remembered has not changed by it.
        head.feed(known)
        #expect(head.isRemembered)
    }

    @Test func `may be remembered in place of a longer one that it begins`() {
        let head = TestHead()
        head.feed(poll)
        #expect(head.remember())
        head.feed(Array(poll.dropLast()))
        #expect(!head.isRemembered)
        #expect(head.remember())
        head.feed(Array(poll.dropLast()))
        #expect(head.isRemembered)
        head.feed(poll)
        #expect(!head.isRemembered)
        #expect(head.request.headers["x-healthgate-edge"] == "east")
    }

    @Test func `is too large beyond the bytes or the number of fields, remembered or not`() {
        let head = TestHead(maxBytes: 100, maxFields: 5)
        head.feed(poll)
        #expect(!head.isTooLarge)
        #expect(head.remember())
        head.feed(poll + [("a", "b")])
        #expect(head.isTooLarge && !head.isRemembered)
        #expect(!head.remember())
        head.feed([("name", String(repeating: "x", count: 97))])
        #expect(head.isTooLarge)
        head.feed(poll)
        #expect(!head.isTooLarge && head.isRemembered)
    }

    @Test func `is not remembered when it is long`() {
        let head = TestHead()
        let long = poll + [("cookie", String(repeating: "x", count: 1100))]
        head.feed(long)
        #expect(!head.remember())
        head.feed(long)
        #expect(!head.isRemembered)
        #expect(head.request.headers["cookie"]?.count == 1100)
    }
}
