import HTTP
import TestSupport
import Testing

@Suite struct `Limits on HTTP/1` {
    private let limits = {
        var limits = HTTPLimits()
        limits.maxRequestLine = 40
        limits.maxHeaderBytes = 100
        limits.maxHeaders = 4
        limits.maxBody = 10
        return limits
    }()

    /// The end of each way to cut the text; one, if they agree.
    private func ends(_ text: String) -> Set<HTTP1Reading.End> {
        Set(cuts(of: Array(text.utf8)).map { HTTP1Reading($0, limits: limits).end })
    }

    @Test func `hold a request line to its length, to the byte`() {
        func request(_ lineLength: Int, before: String = "") -> String {
            // The line is `GET / HTTP/1.1` and its end, and more of the path.
            let path = "/" + String(repeating: "x", count: lineLength - 16)
            return "\(before)GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n"
        }
        #expect(ends(request(40)) == [.idle])
        #expect(ends(request(41)) == [.failed(.requestLineTooLong)])
        #expect(ends(request(40, before: "\r\n")) == [.idle])
        #expect(ends(request(41, before: "\r\n")) == [.failed(.requestLineTooLong)])
        #expect(ends(String(repeating: "x", count: 39)) == [.withinHead])
        #expect(ends(String(repeating: "x", count: 40)) == [.failed(.requestLineTooLong)])
        // A fault behind the limit is not looked at.
        let line = "GET /" + String(repeating: "x", count: 35)
        #expect(ends(line + "\u{0}\r\n\r\n") == [.failed(.requestLineTooLong)])
    }

    @Test func `hold a head to its size, to the byte`() {
        func request(_ size: Int, before: String = "") -> String {
            let start = "GET / HTTP/1.1\r\nHost: a\r\nA: "
            let value = String(repeating: "x", count: size - start.utf8.count - 4)
            return "\(before)\(start)\(value)\r\n\r\n"
        }
        #expect(ends(request(100)) == [.idle])
        #expect(ends(request(101)) == [.failed(.headTooLarge)])
        #expect(ends(request(100, before: "\r\n")) == [.idle])
        #expect(ends(request(101, before: "\r\n")) == [.failed(.headTooLarge)])
        #expect(ends(String(request(300).prefix(90))) == [.withinHead])
        #expect(ends(String(request(300).prefix(100))) == [.failed(.headTooLarge)])
    }

    @Test func `hold a head to its number of fields`() {
        func request(_ count: Int) -> String {
            "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "A:\r\n", count: count - 1) + "\r\n"
        }
        #expect(ends(request(4)) == [.idle])
        #expect(ends(request(5)) == [.failed(.tooManyFields)])
    }

    @Test func `hold a body to its size, before any of it comes`() {
        func sized(_ length: Int) -> String {
            "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n"
        }
        #expect(ends(sized(10)) == [.withinBody])
        #expect(ends(sized(11)) == [.failed(.bodyTooLarge)])
        let chunked = "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(ends(chunked + "a\r\n") == [.withinBody])
        #expect(ends(chunked + "b\r\n") == [.failed(.bodyTooLarge)])
        #expect(ends(chunked + "9\r\n012345678\r\n1\r\n9\r\n0\r\n\r\n") == [.idle])
        #expect(ends(chunked + "9\r\n012345678\r\n2\r\n") == [.failed(.bodyTooLarge)])
    }

    @Test func `hold chunk extensions to the size of a head, over all chunks`() {
        let chunked = "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        // Each extension is 49 bytes after its semicolon, its line end included.
        let chunk = "1;\(String(repeating: "x", count: 49))\r\n-\r\n"
        #expect(ends(chunked + chunk + chunk) == [.withinBody])
        #expect(ends(chunked + chunk + chunk + chunk) == [.failed(.extensionsTooLarge)])
    }

    @Test func `hold trailers to the size and number of header fields`() {
        let start = "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
        func field(_ size: Int) -> String { "A: \(String(repeating: "x", count: size - 5))\r\n" }
        #expect(ends(start + field(98) + "\r\n") == [.idle])
        #expect(ends(start + field(99) + "\r\n") == [.failed(.headTooLarge)])
        #expect(ends(start + String(repeating: "A:\r\n", count: 4) + "\r\n") == [.idle])
        #expect(
            ends(start + String(repeating: "A:\r\n", count: 5) + "\r\n")
                == [.failed(.tooManyFields)]
        )
    }
}
