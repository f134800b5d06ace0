import HTTP
import TestSupport
import Testing

@Suite struct `An HTTP/1 body` {
    /// Takes the bytes in these pieces; the data and the last result.
    private func take(
        _ framing: RequestHead.Framing,
        _ pieces: [[UInt8]]
    ) -> (data: [UInt8], result: HTTP1BodyParser.Result, parser: HTTP1BodyParser) {
        var parser = HTTP1BodyParser(framing, limits: HTTPLimits())
        var data: [UInt8] = []
        var result = HTTP1BodyParser.Result.incomplete
        for piece in pieces where result == .incomplete {
            result = piece.withUnsafeBytes { parser.parse($0) { data.append(contentsOf: $0) } }
        }
        return (data, result, parser)
    }

    @Test func `leaves what follows it`() {
        #expect(take(.length(2), [Array("abc".utf8)]).result == .complete(consumed: 2))
        #expect(take(.none, [Array("abc".utf8)]).result == .complete(consumed: 0))
        #expect(take(.length(0), [Array("abc".utf8)]).result == .complete(consumed: 0))
        let chunked = take(.chunked, [Array("1\r\na\r\n0\r\n\r\nGET".utf8)])
        #expect(chunked.result == .complete(consumed: 11))
        let cut = take(.chunked, [Array("1\r\na\r\n0\r\nA: b\r\n\r".utf8), Array("\nGET".utf8)])
        #expect(cut.result == .complete(consumed: 1))
        #expect(cut.parser.trailers == ["a": "b"])
    }

    @Test func `that ends with the connection takes all`() {
        var (data, result, parser) = take(.untilEnd, [Array("ab".utf8), Array("c".utf8)])
        #expect(data == Array("abc".utf8))
        #expect(result == .incomplete)
        #expect(parser.end() == .complete(consumed: 0))
        #expect(parser.isComplete)
    }

    @Test func `that ends with the connection is bounded too`() {
        var limits = HTTPLimits()
        limits.maxBody = 3
        var parser = HTTP1BodyParser(.untilEnd, limits: limits)
        let four = Array("four".utf8)
        let result = four.withUnsafeBytes { parser.parse($0) { _ in } }
        #expect(result == .failed(.bodyTooLarge))
    }

    @Test(arguments: [.length(4), .chunked] as [RequestHead.Framing])
    func `is cut off if the connection ends within it`(_ framing: RequestHead.Framing) {
        var parser = take(framing, [Array("4\r\n".utf8)]).parser
        #expect(parser.end() == .failed(.truncatedBody))
    }

    @Test func `gives its trailers apart from its header fields`() {
        let text =
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "0\r\nDigest: x\r\nA:\r\n\r\n"
        let message = HTTP1Reading(text).messages.first
        #expect(message?.trailers == ["digest": "x", "a": ""])
        #expect(message?.request.headers == ["transfer-encoding": "chunked"])
    }
}
