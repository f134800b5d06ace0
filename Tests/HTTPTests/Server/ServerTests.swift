import HTTP
import Loop
import Testing

@EventLoop
@Suite struct `A server on one port` {
    @Test(arguments: [HTTPClient.Version.http1, .http2])
    func `answers whole, in both protocols`(version: HTTPClient.Version) async throws {
        let (server, client) = try world(version)
        var request = HTTPRequest("POST", "/echo?x=1", body: Array("hello".utf8))
        request.headers["x-name"] = "value"
        let response = try await client.send(request, until: soon)
        #expect(response.status == 200)
        #expect(response.text == "POST /echo?x=1 value hello")
        await server.close(within: .seconds(1))
    }

    @Test(arguments: [HTTPClient.Version.http1, .http2])
    func `answers again and again on a kept connection`(version: HTTPClient.Version) async throws {
        let (server, client) = try world(version)
        for _ in 0..<50 {
            #expect(try await client.send(HTTPRequest("/ready"), until: soon).text == "ready\n")
        }
        let head = try await client.send(HTTPRequest("HEAD", "/ready"), until: soon)
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        #expect(head.headers["content-length"] == "6")
        #expect(server.connectionCount == 1)
        #expect(server.answered == 51)
    }

    @Test(arguments: [HTTPClient.Version.http1, .http2])
    func `streams an answer larger than any window`(version: HTTPClient.Version) async throws {
        let (server, client) = try world(version)
        let response = try await client.send(HTTPRequest("/large"), until: soon)
        #expect(response.body.count == 3_000_000)
        #expect(response.trailers["x-end"] == "yes")
        await server.close(within: .seconds(1))
    }

    /// The socket takes some megabytes at once: whoever waits for it to drain must still be told.
    @Test(arguments: [HTTPClient.Version.http1, .http2])
    func `goes on after answers that are larger than its own limit for what waits`(
        version: HTTPClient.Version
    ) async throws {
        let (server, client) = try world(version)
        for _ in 0..<3 {
            let large = try await client.send(HTTPRequest("/large"), until: soon)
            #expect(large.body.count == 3_000_000)
            #expect(try await client.send(HTTPRequest("/ready"), until: soon).text == "ready\n")
        }
        #expect(server.connectionCount == 1)
        await server.close(within: .seconds(1))
    }

    @Test(arguments: [HTTPClient.Version.http1, .http2])
    func `sends no body to HEAD, also where it would stream one`(
        version: HTTPClient.Version
    ) async throws {
        let (server, client) = try world(version)
        let head = try await client.send(HTTPRequest("HEAD", "/large"), until: soon)
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        #expect(try await client.send(HTTPRequest("/ready"), until: soon).text == "ready\n")
        #expect(server.connectionCount == 1)
        await server.close(within: .seconds(1))
    }

    @Test(arguments: [HTTPClient.Version.http1, .http2])
    func `ends a body that is taken in pieces, also where there is none`(
        version: HTTPClient.Version
    ) async throws {
        let (server, client) = try world(version)
        for request in [HTTPRequest("/awaited"), HTTPRequest("POST", "/awaited", body: [1])] {
            for _ in 0..<2 {
                #expect(try await client.send(request, until: soon).text == "end")
            }
        }
        #expect(server.connectionCount == 1)
        await server.close(within: .seconds(1))
    }

    @Test(arguments: [HTTPClient.Version.http1, .http2])
    func `serves many at once`(version: HTTPClient.Version) async throws {
        let (server, client) = try world(version)
        let asking = (0..<60).map { index in
            EventLoop.task {
                let request = HTTPRequest("POST", "/echo", body: Array("\(index)".utf8))
                return try await client.send(request, until: soon).text
            }
        }
        var texts: Set<String> = []
        for task in asking { texts.insert(try await task.value) }
        #expect(texts.count == 60)
        await server.close(within: .seconds(1))
    }

    /// A body with a HEAD is odd and allowed; what came back for it would be read as the next answer.
    @Test func `sends no body to a HEAD that has one itself`() async throws {
        let (server, _) = try world(.http1)
        let stream = try await ByteStream.connect(to: server.address, until: soon)
        let head = "HEAD /ready HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\n\r\nx"
        let last = "HEAD /ready HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
        try await stream.write(Array((head + last).utf8), until: soon)
        #expect(try await !readAll(stream).contains("ready"))
    }

    @Test func `answers pipelined requests in order`() async throws {
        let (server, _) = try world(.http1)
        let stream = try await ByteStream.connect(to: server.address, until: soon)
        let one = "GET /ready HTTP/1.1\r\nhost: a\r\n\r\n"
        let other = "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\nhi"
        let last = "GET /ready HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
        try await stream.write(Array((one + one + other + last).utf8), until: soon)
        let text = try await readAll(stream)
        let bodies = text.split(separator: "HTTP/1.1 200 OK").map {
            $0.split(separator: "\r\n\r\n").last.map(String.init) ?? ""
        }
        #expect(bodies == ["ready\n", "ready\n", "POST /echo - hi", "ready\n"])
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n\r\n", "GET /\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n",
        "GET / HTTP/1.1\nhost: a\n\n",
        "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ])
    func `refuses a malformed request and closes`(bytes: String) async throws {
        let (server, client) = try world(.http1)
        let stream = try await ByteStream.connect(to: server.address, until: soon)
        try await stream.write(Array(bytes.utf8), until: soon)
        let text = try await readAll(stream)
        #expect(text.hasPrefix("HTTP/1.1 400"))
        #expect(try await client.send(HTTPRequest("/ready"), until: soon).status == 200)
    }

    @Test func `ends an HTTP/2 connection that breaks the protocol`() async throws {
        let (server, client) = try world(.http2)
        let stream = try await ByteStream.connect(to: server.address, until: soon)
        let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
        try await stream.write(
            Array(preface.utf8) + [UInt8](repeating: 0xff, count: 64),
            until: soon
        )
        _ = try? await readAll(stream)
        #expect(try await client.send(HTTPRequest("/ready"), until: soon).status == 200)
    }

    @Test(arguments: [HTTPClient.Version.http1, .http2])
    func `finishes what is under way before it closes`(version: HTTPClient.Version) async throws {
        let handler = Echo()
        let address = try #require(SocketAddress("127.0.0.1:0"))
        let server = try HTTPServer(address, handler: handler)
        let client = HTTPClient(Endpoint(server.address), version: version)
        let asking = EventLoop.task { try await client.send(HTTPRequest("/held"), until: soon) }
        let held = try await handler.held.wait(until: soon, "a request")
        let closing = EventLoop.task { await server.close(within: .seconds(20)) }
        held.respond(HTTPResponse(200, body: Array("late".utf8)))
        #expect(try await asking.value.text == "late")
        try await closing.value
        #expect(server.connectionCount == 0)
    }

    /// The last request ends from within the bytes that bring its end: the connection must outlive
    /// what its channel still has to tell it.
    @Test func `answers the last request of a connection that is to close, and then forgets it`()
        async throws
    {
        for _ in 0..<300 {
            let (server, client) = try world(.http2)
            let stream = try await client.begin(HTTPRequest("POST", "/echo"), until: soon)
            // The server has it once it has answered what came behind it.
            #expect(try await client.send(HTTPRequest("/ready"), until: soon).status == 200)
            let closing = EventLoop.task { await server.close(within: .seconds(20)) }
            await Task.yield()  // jobs of the loop run in their order: the closing has begun
            stream.finishSending()
            try await stream.head(until: soon)
            #expect(stream.status == 200)
            try await closing.value
            #expect(server.connectionCount == 0)
        }
    }

    @Test func `ends a connection whose peer gives an answer no window`() async throws {
        var limits = HTTPLimits()
        limits.takeTimeout = .seconds(1)
        let address = try #require(SocketAddress("127.0.0.1:0"))
        let server = try HTTPServer(address, handler: Echo(), limits: limits)
        let stream = try await ByteStream.connect(to: server.address, until: soon)
        // SETTINGS_INITIAL_WINDOW_SIZE = 0, then GET /ready: its head may leave, its body may not.
        let settings: [UInt8] = [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0]
        let block: [UInt8] = [0x82, 0x86, 0x04, 6] + Array("/ready".utf8) + [0x01, 1, 0x61]
        let head: [UInt8] = [0, 0, UInt8(block.count), 1, 5, 0, 0, 0, 1]
        let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
        try await stream.write(preface + settings + head + block, until: soon)
        var bytes = 0
        do {
            while let more = try await stream.read(until: soon) { bytes += more.count }
        } catch {
            #expect(error.kind == .reset)
        }
        #expect(bytes > 9)
        #expect(server.connectionCount == 0)
    }

    @Test func `forgets each connection that asked to be closed`() async throws {
        let (server, _) = try world(.http1)
        let request = Array("GET /ready HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".utf8)
        for _ in 0..<20 {
            let stream = try await ByteStream.connect(to: server.address, until: soon)
            try await stream.write(request, until: soon)
            #expect(try await readAll(stream).contains("ready"))
            #expect(server.connectionCount == 0)
        }
    }

    private func world(_ version: HTTPClient.Version) throws -> (HTTPServer, HTTPClient) {
        let address = try #require(SocketAddress("127.0.0.1:0"))
        let server = try HTTPServer(address, handler: Echo())
        return (server, HTTPClient(Endpoint(server.address), version: version))
    }

    private func readAll(_ stream: ByteStream) async throws -> String {
        var bytes: [UInt8] = []
        while let more = try await stream.read(until: soon) { bytes += more }
        return String(decoding: bytes, as: UTF8.self)
    }
}
