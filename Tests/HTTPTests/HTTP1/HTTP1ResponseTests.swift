import HTTP
import TestSupport
import Testing

@Suite struct `An HTTP/1 response` {
    private enum Outcome: Hashable {
        case incomplete
        case head(ResponseHead, rest: String)
        case failed(HTTP1Error)
    }

    private func read(_ pieces: [[UInt8]], toHead: Bool = false) -> Outcome {
        var (parser, head) = (HTTP1Parser(), ResponseHead())
        var bytes: [UInt8] = []
        for piece in pieces {
            bytes += piece
            let result = bytes.withUnsafeBytes {
                parser.parseResponse($0, toHead: toHead, limits: HTTPLimits(), into: &head)
            }
            switch result {
            case .incomplete: continue
            case .head(let consumed):
                let rest = String(decoding: bytes[consumed...], as: UTF8.self)
                return .head(head, rest: rest)
            case .failed(let error): return .failed(error)
            }
        }
        return .incomplete
    }

    private func read(_ text: String, toHead: Bool = false) -> Outcome {
        read([Array(text.utf8)], toHead: toHead)
    }

    private func head(
        _ status: Int,
        _ headers: HTTPHeaders,
        _ body: RequestHead.Framing,
        keepAlive: Bool = true
    ) -> Outcome {
        var head = ResponseHead()
        head.status = status
        head.headers = headers
        head.body = body
        head.keepAlive = keepAlive
        return .head(head, rest: "")
    }

    @Test func `is read with its status and fields, however it is cut`() {
        let text =
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103\r\nLink: x\r\n\r\n"
            + "HTTP/1.1 503 Not Today\r\nContent-Length: 2\r\nX: y\r\n\r\n"
        let expected = head(503, ["content-length": "2", "x": "y"], .length(2))
        for pieces in cuts(of: Array(text.utf8)) where pieces.last != [] {
            #expect(read(pieces) == expected)
        }
    }

    @Test func `has a body that ends as RFC 9112 says`() {
        let close = "HTTP/1.1 200 OK\r\n"
        #expect(read(close + "\r\n") == head(200, [:], .untilEnd, keepAlive: false))
        #expect(
            read(close + "Content-Length: 0\r\n\r\n") == head(200, ["content-length": "0"], .none)
        )
        #expect(
            read(close + "Transfer-Encoding: chunked\r\n\r\n")
                == head(200, ["transfer-encoding": "chunked"], .chunked)
        )
        #expect(read("HTTP/1.1 204 No Content\r\n\r\n") == head(204, [:], .none))
        #expect(
            read("HTTP/1.1 304 \r\nContent-Length: 5\r\n\r\n")
                == head(304, ["content-length": "5"], .none)
        )
        let text = close + "Content-Length: 5\r\n\r\n"
        #expect(read(text, toHead: true) == head(200, ["content-length": "5"], .none))
    }

    @Test func `says whether the connection lives on`() {
        let length = "Content-Length: 0\r\n\r\n"
        let sized: HTTPHeaders = ["connection": "close", "content-length": "0"]
        #expect(
            read("HTTP/1.1 200 OK\r\nConnection: close\r\n" + length)
                == head(200, sized, .none, keepAlive: false)
        )
        #expect(
            read("HTTP/1.0 200 OK\r\n" + length)
                == head(200, ["content-length": "0"], .none, keepAlive: false)
        )
        #expect(
            read("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + length)
                == head(200, ["connection": "keep-alive", "content-length": "0"], .none)
        )
    }

    @Test(arguments: [
        ("HTTP/1.1 20 OK", HTTP1Error.invalidStatusLine), ("HTTP/1.1 2000 OK", .invalidStatusLine),
        ("HTTP/1.1 099 OK", .invalidStatusLine), ("HTTP/1.1 600 OK", .invalidStatusLine),
        ("HTTP/1.1  200 OK", .invalidStatusLine), ("HTTP/1.1 200\tOK", .invalidStatusLine),
        ("HTTP/1.1", .invalidStatusLine), ("http/1.1 200 OK", .invalidStatusLine),
        ("ICY 200 OK", .invalidStatusLine), ("\r\nHTTP/1.1 200 OK", .invalidStatusLine),
        ("HTTP/1.1 200 \u{1}", .invalidStatusLine), ("HTTP/2.0 200 OK", .unsupportedVersion),
        ("HTTP/1.1 200 OK\nA: b", .bareLF), ("HTTP/1.1 200 OK\rA: b", .bareCR),
        ("HTTP/1.1 101 Switching Protocols", .unexpectedUpgrade),
        ("HTTP/1.1 200 OK\r\nA : b", .spaceBeforeColon), ("HTTP/1.1 200 OK\r\n a: b", .foldedLine),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked", .lengthAndCoding),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1", .repeatedLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9999999", .bodyTooLarge),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip", .invalidCoding),
        ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked", .codingInHTTP10),
    ])
    func `is refused for its fault`(_ text: String, _ error: HTTP1Error) {
        #expect(read(text + "\r\n\r\n") == .failed(error))
        for pieces in cuts(of: Array((text + "\r\n\r\n").utf8)) {
            #expect(read(pieces) == .failed(error))
        }
    }

    @Test func `may not be put off by interim ones for ever`() {
        let interim = String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 1000)
        #expect(read(interim) == .failed(.headTooLarge))
    }
}
