import HTTP
import TestSupport
import Testing

@Suite struct `An HTTP/1 request` {
    private let poll = "GET /readyz?v=1 HTTP/1.1\r\nHost: east-1:80\r\nUser-Agent: Envoy/HC\r\n\r\n"

    @Test func `is read with its method, path, authority and fields`() throws {
        let message = try #require(HTTP1Reading(poll).messages.first)
        let expected = HTTPRequest(
            "GET",
            "/readyz?v=1",
            authority: "east-1:80",
            headers: ["user-agent": "Envoy/HC"]
        )
        #expect(message.request == expected)
        #expect(message.keepAlive)
        #expect(!message.isHTTP10)
        #expect(message.framing == .none)
    }

    @Test(arguments: ValidRequest.all)
    func `is taken if well formed`(_ valid: ValidRequest) {
        let reading = HTTP1Reading(valid.text)
        #expect(reading.messages.map(\.request) == valid.requests)
        #expect(reading.end == valid.end)
    }

    @Test(arguments: InvalidRequest.all)
    func `is refused for its fault`(_ invalid: InvalidRequest) {
        #expect(HTTP1Reading(invalid.text).end == .failed(invalid.error))
    }

    @Test func `is read alike however it is cut`() {
        let texts = ValidRequest.all.map(\.text) + InvalidRequest.all.map(\.text)
        for text in texts {
            let bytes = Array(text.utf8)
            let whole = HTTP1Reading([bytes])
            for pieces in cuts(of: bytes) {
                #expect(HTTP1Reading(pieces) == whole, "\(text.debugDescription) as \(pieces)")
            }
        }
    }

    @Test func `waits for its end`() {
        let bytes = Array(poll.utf8)
        for count in 1..<bytes.count {
            #expect(HTTP1Reading([Array(bytes[..<count])]).end == .withinHead)
        }
    }

    @Test func `may follow another without waiting for the answer`() {
        let post = "POST /drain HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
        let chunked =
            "PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"
        let reading = HTTP1Reading(poll + post + chunked + poll)
        #expect(reading.messages.map(\.request.method) == ["GET", "POST", "PUT", "GET"])
        #expect(
            reading.messages.map { String(decoding: $0.request.body, as: UTF8.self) }
                == ["", "abc", "hi", ""]
        )
        #expect(reading.end == .idle)
    }

    @Test func `asks for the connection to end, or to stay`() {
        func keepAlive(_ version: String, _ connection: String) -> Bool? {
            let text = "GET / HTTP/\(version)\r\nHost: a\r\nConnection: \(connection)\r\n\r\n"
            return HTTP1Reading(text).messages.first?.keepAlive
        }
        #expect(keepAlive("1.1", "") == true)
        #expect(keepAlive("1.1", "close") == false)
        #expect(keepAlive("1.1", "Keep-Alive") == true)
        #expect(keepAlive("1.1", "te, CLOSE") == false)
        #expect(keepAlive("1.1", "closed") == true)
        #expect(keepAlive("1.0", "") == false)
        #expect(keepAlive("1.0", "keep-alive") == true)
        #expect(keepAlive("1.0", "keep-alive, close") == false)
    }

    @Test func `may wait for leave to send its body`() {
        func expects(_ version: String, _ value: String) -> Bool? {
            let text =
                "PUT / HTTP/\(version)\r\nHost: a\r\nExpect: \(value)\r\n"
                + "Content-Length: 1\r\n\r\n"
            return HTTP1Reading(text).messages.first?.expectsContinue
        }
        #expect(expects("1.1", "100-Continue") == true)
        #expect(expects("1.1", "200-ok") == false)
        #expect(expects("1.0", "100-continue") == false)
    }

    @Test func `is refused with the status that says why`() {
        let statuses = Set(HTTP1Error.allCases.map(\.status))
        #expect(statuses == [400, 413, 414, 431, 501, 505])
        #expect(Set(HTTP1Error.allCases.map(\.description)).count == HTTP1Error.allCases.count)
    }
}
