import HTTP
import TestSupport
import Testing

@Suite struct `Writing HTTP/1` {
    private func write(_ body: (inout [UInt8]) throws -> Void) rethrows -> String {
        var bytes: [UInt8] = []
        try body(&bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a request frames its body and names its host`() throws {
        let request = HTTPRequest(
            "PUT",
            "/drain?x=1",
            authority: "east-1:9981",
            headers: ["x-owner": "me", "content-length": "7", "Transfer-Encoding": "chunked"],
            body: Array("body".utf8)
        )
        let text = try write { try HTTP1Serializer.append(request, keepAlive: false, to: &$0) }
        #expect(
            text == "PUT /drain?x=1 HTTP/1.1\r\nhost: east-1:9981\r\nx-owner: me\r\n"
                + "content-length: 4\r\nconnection: close\r\n\r\nbody"
        )
    }

    @Test func `a request says that its body is empty only where one is expected`() throws {
        let get = try write { try HTTP1Serializer.append(HTTPRequest("/"), to: &$0) }
        #expect(get == "GET / HTTP/1.1\r\nhost: \r\n\r\n")
        let post = try write { try HTTP1Serializer.append(HTTPRequest("POST", "/"), to: &$0) }
        #expect(post == "POST / HTTP/1.1\r\nhost: \r\ncontent-length: 0\r\n\r\n")
    }

    @Test func `a request is read back as it was`() throws {
        let request = HTTPRequest(
            "POST",
            "/a?b=c",
            authority: "[::1]:80",
            headers: ["a": "1", "b": "ü\t ;", "a": "2", "empty": ""],
            body: Array(0...255)
        )
        var bytes: [UInt8] = []
        try HTTP1Serializer.append(request, to: &bytes)
        var expected = request
        expected.headers.add("content-length", "256")
        #expect(HTTP1Reading([bytes]).messages.map(\.request) == [expected])
    }

    @Test func `a response carries its length, and no body to HEAD`() throws {
        let response = HTTPResponse(200, headers: ["a": "b"], body: Array("hello".utf8))
        let start = "HTTP/1.1 200 OK\r\na: b\r\ncontent-length: 5\r\n"
        #expect(
            try write { try HTTP1Serializer.append(response, to: &$0) } == start + "\r\nhello"
        )
        #expect(
            try write { try HTTP1Serializer.append(response, toHead: true, to: &$0) }
                == start + "\r\n"
        )
        let empty = try write { try HTTP1Serializer.append(HTTPResponse(503), to: &$0) }
        #expect(empty == "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n")
    }

    @Test(arguments: [204, 304])
    func `a response that has no body says nothing of one`(_ status: Int) throws {
        let response = HTTPResponse(status, body: Array("hello".utf8))
        let text = try write { try HTTP1Serializer.append(response, to: &$0) }
        #expect(text == "HTTP/1.1 \(status) \(HTTPStatus.reason(status))\r\n\r\n")
    }

    @Test func `a response tells the peer what becomes of the connection`() throws {
        func fields(isHTTP10: Bool, keepAlive: Bool, _ body: RequestHead.Framing) throws -> String {
            try write {
                try HTTP1Serializer.appendHead(
                    299,
                    [:],
                    body: body,
                    isHTTP10: isHTTP10,
                    keepAlive: keepAlive,
                    to: &$0
                )
            }
        }
        let line = "HTTP/1.1 299 \r\n"
        #expect(
            try fields(isHTTP10: false, keepAlive: true, .chunked)
                == line + "transfer-encoding: chunked\r\n\r\n"
        )
        #expect(
            try fields(isHTTP10: false, keepAlive: false, .length(3))
                == line + "content-length: 3\r\nconnection: close\r\n\r\n"
        )
        #expect(
            try fields(isHTTP10: true, keepAlive: true, .none)
                == line + "content-length: 0\r\nconnection: keep-alive\r\n\r\n"
        )
        // HTTP/1.0 knows no chunks: the end of the connection ends the body.
        #expect(
            try fields(isHTTP10: true, keepAlive: true, .chunked)
                == line + "connection: close\r\n\r\n"
        )
        #expect(
            try fields(isHTTP10: false, keepAlive: true, .untilEnd)
                == line + "connection: close\r\n\r\n"
        )
    }

    @Test func `chunks are read back as one body with its trailers`() throws {
        var bytes = Array("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n".utf8)
        HTTP1Serializer.appendChunk(Array("hello ".utf8), to: &bytes)
        HTTP1Serializer.appendChunk([], to: &bytes)
        HTTP1Serializer.appendChunk([UInt8](repeating: 33, count: 300), to: &bytes)
        try HTTP1Serializer.appendLastChunk(trailers: ["grade": "1"], to: &bytes)
        let reading = HTTP1Reading([bytes])
        let message = try #require(reading.messages.first)
        #expect(message.request.body == Array("hello ".utf8) + [UInt8](repeating: 33, count: 300))
        #expect(message.trailers == ["grade": "1"])
        #expect(reading.end == .idle)
    }

    @Test(arguments: ["a\r\nx: y", "a\nb", "a\rb", "a\u{0}", "\u{7F}"])
    func `what would break out of its line is refused, and nothing is written`(_ bad: String) {
        func refuses(_ write: (inout [UInt8]) throws(UnsendableField) -> Void) -> Bool {
            var bytes: [UInt8] = [1]
            do throws(UnsendableField) {
                try write(&bytes)
                return false
            } catch {
                return bytes == [1]
            }
        }
        let requests = [
            HTTPRequest("GET\(bad)", "/"), HTTPRequest("/\(bad)"),
            HTTPRequest("/", authority: bad), HTTPRequest("/", headers: ["a": bad]),
            HTTPRequest("/", headers: [bad: "a"]),
        ]
        for request in requests {
            #expect(
                refuses { (bytes) throws(UnsendableField) in
                    try HTTP1Serializer.append(request, to: &bytes)
                }
            )
        }
        #expect(
            refuses { (bytes) throws(UnsendableField) in
                try HTTP1Serializer.append(HTTPResponse(200, headers: ["a": bad]), to: &bytes)
            }
        )
        #expect(
            refuses { (bytes) throws(UnsendableField) in
                try HTTP1Serializer.appendLastChunk(trailers: ["a": bad], to: &bytes)
            }
        )
    }

    @Test(arguments: ["", "a b", "a:", "ü", "("])
    func `a name that is no token is refused`(_ name: String) {
        #expect(throws: UnsendableField.self) {
            try write {
                try HTTP1Serializer.append(HTTPResponse(200, headers: [name: ""]), to: &$0)
            }
        }
    }
}
