import HTTP
import Loop
import Testing

@EventLoop
@Suite struct `An HTTP/1 server` {
    @Test(arguments: SmugglingShape.all)
    func `sees no request within what it refuses, and ends`(shape: SmugglingShape) async throws {
        let handler = Recorder()
        let address = try #require(SocketAddress("127.0.0.1:0"))
        let server = try HTTPServer(address, handler: handler)
        let stream = try await ByteStream.connect(to: server.address, until: soon)
        try await stream.write(Array((shape.bytes + SmugglingShape.next).utf8), until: soon)
        var bytes: [UInt8] = []
        while let more = try await stream.read(until: soon) { bytes += more }
        #expect(statuses(bytes) == shape.statuses)
        #expect(handler.seen == shape.seen)
        // It has said its last word, and reads to nowhere until we have too.
        stream.close()
        await server.close(within: .seconds(5))
        #expect(server.connectionCount == 0)
    }

    /// The status lines of answers whose bodies have none.
    private func statuses(_ bytes: [UInt8]) -> [Int] {
        String(decoding: bytes, as: UTF8.self).split(separator: "HTTP/1.1 ")
            .compactMap { Int($0.prefix(3)) }
    }
}

/// Keeps what it was asked, and says nothing of it.
@EventLoop
private final class Recorder: HTTPHandler {
    var seen: [String] = []

    func handle(_ exchange: Exchange) {
        let request = exchange.request
        let body = String(decoding: request.body, as: UTF8.self)
        seen.append("\(request.method) \(request.authority ?? "-") \(request.path) \(body)")
        exchange.respond(HTTPResponse(200))
    }
}
