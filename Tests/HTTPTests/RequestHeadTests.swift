import HTTP
import Testing

@Suite struct `A request head` {
    /// Lends the head of a request to `body`, in memory that is gone afterwards.
    private func withHead<Value>(
        _ text: String,
        _ body: (borrowing RequestHead) throws -> Value
    ) rethrows -> Value? {
        var parser = HTTP1Parser()
        var head = RequestHead()
        let bytes = Array(text.utf8)
        return try bytes.withUnsafeBytes {
            guard case .head = parser.parse($0, limits: HTTPLimits(), into: &head) else {
                return nil
            }
            return try body(head)
        }
    }

    private func text(_ bytes: UnsafeBufferPointer<UInt8>?) -> String? {
        bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `finds a field in any case`() throws {
        let found = withHead("GET / HTTP/1.1\r\nHOST: a\r\nX-Edge_1: one\r\nx-edge_1: two\r\n\r\n")
        {
            [text($0.value("x-edge_1")), text($0.value("host")), text($0.value("x-edge"))]
        }
        #expect(found == ["one", "a", nil])
    }

    @Test func `compares its path with and without a query`() {
        func isReadyz(_ path: String) -> Bool? {
            withHead("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n") { $0.isPath("/readyz") }
        }
        #expect(isReadyz("/readyz") == true)
        #expect(isReadyz("/readyz?a") == true)
        #expect(isReadyz("/readyz/") == false)
        #expect(isReadyz("/ready") == false)
        #expect(isReadyz("/READYZ") == false)
        #expect(isReadyz("http://b/readyz?") == true)
    }

    @Test func `names the root for an absolute target without a path`() {
        let root = withHead("GET http://b HTTP/1.1\r\nHost: a\r\n\r\n") {
            [text($0.path), text($0.authority)]
        }
        #expect(root == ["/", "b"])
    }

    @Test func `compares methods by case`() {
        let isGet = withHead("get / HTTP/1.1\r\nHost: a\r\n\r\n") { $0.isMethod("GET") }
        #expect(isGet == false)
    }

    @Test func `is filled as well by who decodes fields into a buffer of its own`() {
        var head = RequestHead()
        let bytes = Array(":methodGET:path/xteatrailers".utf8)
        head.storage.append(nameOffset: 17, nameLength: 2, valueOffset: 20, valueLength: 8)
        head.storage.method = RequestHead.Slice(7, 3)
        head.storage.path = RequestHead.Slice(15, 2)
        head.storage.body = .untilEnd
        let request = bytes.withUnsafeBytes {
            head.bytes = $0
            return head.request()
        }
        #expect(request == HTTPRequest("GET", "/x", headers: ["te": "trailers"]))
        head.storage.reset()
        #expect(head.storage.fields.isEmpty)
        #expect(head.body == .none)
    }
}
