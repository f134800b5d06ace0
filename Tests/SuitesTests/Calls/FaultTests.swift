import GRPC
import HTTP
import Loop
import Suites
import Testing

/// Against a server that does what its path says.
@EventLoop
@Suite struct `A call to a faulty server` {
    typealias Violation = CallStatus.Violation

    let soon = Instant.now + .seconds(30)
    let client: CallClient

    init() async throws {
        client = try await PeerServer.faulty.value.client()
    }

    private func call(_ path: String, streams: Bool = false) async -> CallRecord {
        await client.call(CallRequest(path, streamsAnswers: streams), [[1]], until: soon)
    }

    @Test(arguments: [
        ("two", Violation.extraMessage, GRPCStatus.Code.internal, ["first", "second"]),
        ("none", .noMessage, .internal, []),
        ("end-with-data", .noStatus, .unknown, ["done"]),
        ("status-in-head", .noStatus, .unknown, ["done"]),
        ("unreadable-status", .unreadableStatus, .unknown, ["done"]),
        ("two-statuses", .unreadableStatus, .unknown, ["done"]),
        ("flag", .unexpectedCompression(nil), .internal, []),
        ("encoding", .unexpectedCompression("snappy"), .internal, []),
        ("unknown-flag", .unknownFlag, .internal, []),
        ("not-gzip", .brokenCompression, .internal, []),
        ("cut-gzip", .brokenCompression, .internal, []),
        ("truncated", .insideMessage, .internal, []),
        ("oversized", .messageTooLarge, .resourceExhausted, []),
        ("long-head", .headersTooLarge, .resourceExhausted, []),
        ("wrong-length", .http2, .internal, []),
        ("web-page/200/text-html", .contentType("text/html"), .unknown, []),
        ("web-page/503/text-html", .httpStatus(503), .unavailable, []),
        ("web-page/404/application-grpc", .httpStatus(404), .unknown, []),
        ("trailers-only/text-html", .contentType("text/html"), .unknown, []),
    ])
    func `is a violation of gRPC, with what came of it`(
        path: String,
        violation: Violation,
        code: GRPCStatus.Code,
        texts: [String]
    ) async throws {
        let record = await call("/\(path)")
        #expect(record.violation == violation)
        #expect(record.status?.code == code)
        #expect(record.status?.message.isEmpty == false)
        #expect(record.texts == texts)
        // The connection goes on.
        let next = await call("/one")
        #expect(next.status?.isOK == true && next.connecting == nil)
    }

    @Test func `shows the words of what is not gRPC`() async throws {
        let page = await call("/web-page/503/text-html")
        let words = "HTTP status 503 without a gRPC status: <h1>no healthy upstream</h1>"
        #expect(page.status?.message == words)
        let said = await call("/trailers-only/text-html")
        #expect(said.status?.message.hasSuffix("not gRPC, though it says NOT_FOUND: none") == true)
        let right = await call("/trailers-only/application-grpc")
        #expect(right.status?.source == .server && right.status?.code == .notFound)
    }

    @Test func `expands no more than a message may have`() async throws {
        var limits = CallLimits()
        limits.message = 1 << 20
        let client = try await PeerServer.faulty.value.client(limits: limits)
        let bomb = await client.call(CallRequest("/bomb"), [[]], until: soon)
        #expect(bomb.violation == .messageTooLarge && bomb.messages == [])
        limits.answer = 100
        let strict = try await PeerServer.faulty.value.client(limits: limits)
        let two = CallRequest("/two", streamsAnswers: true)
        #expect(await strict.call(two, [[]], until: soon).violation == .answerTooLarge)
    }

    @Test func `takes messages with and without compression in one answer`() async throws {
        let record = await call("/mixed-gzip", streams: true)
        #expect(record.texts == ["one", "two"])
        #expect(record.messages.map(\.wasCompressed) == [true, false])
        #expect(record.status?.isOK == true)
    }

    @Test(arguments: UInt32(0)...13)
    func `tells the code of a reset`(code: UInt32) async throws {
        let late = await call("/reset-late/\(code)", streams: true)
        #expect(late.texts == ["first"])
        #expect(late.status?.source == .client(.reset(code)))
        #expect(late.attempts == 1)
        let early = await call("/reset/\(code)")
        #expect(early.status?.source == .client(.reset(code)))
        #expect(early.attempts == (code == 7 ? 2 : 1))
        #expect(early.status?.isOK == false)
    }

    @Test(arguments: ["reset-once", "goaway-once"])
    func `that was not looked at is made once more`(path: String) async throws {
        _ = await call("/one")
        let again = await call("/\(path)/\(path)-1")
        #expect(again.texts == ["done"])
        #expect(again.attempts == 2)
        #expect(again.status?.source == .server)
        // Messages that went out before the refusal come again, and those behind it follow.
        let request = CallRequest("/\(path)/\(path)-2", streamsAnswers: true)
        let call = await client.begin(request, until: soon)
        call.send([1])
        call.send([2])
        call.finishSending()
        let record = await call.end()
        #expect(record.texts == ["done"] && record.attempts == 2)
    }

    @Test func `goes on where another is refused and leaves for a new connection`() async throws {
        let held = await client.begin(CallRequest("/one"), until: soon)
        let refused = await call("/reset-once/while-held")
        #expect(refused.attempts == 2 && refused.texts == ["done"])
        held.finishSending()
        let record = await held.end()
        #expect(record.texts == ["done"] && record.attempts == 1)
        #expect(record.headers["x-connection"] != refused.headers["x-connection"])
        #expect(await call("/one").headers["x-connection"] == refused.headers["x-connection"])
    }

    @Test func `goes on over a connection that is going away`() async throws {
        let first = await call("/goaway-then-answer")
        #expect(first.texts == ["done"] && first.status?.source == .server)
        let second = await call("/answer-then-goaway")
        #expect(second.status?.isOK == true && second.connecting != nil)
        let third = await call("/answer-then-close")
        // It may have gone out before the GOAWAY came in.
        #expect(third.status?.isOK == true && third.attempts <= 2)
        let names = [first, second, third].map { $0.headers["x-connection"] }
        #expect(Set(names).count == 3)
    }

    @Test(arguments: [UInt32(0), 2, 11])
    func `is cut by a server that goes away`(code: UInt32) async throws {
        let record = await call("/goaway-cut/\(code)", streams: true)
        #expect(record.texts == ["first"])
        #expect(record.status?.source == .client(.goAway(code)))
        #expect(record.status?.code == .unavailable)
    }

    @Test func `is cut with the connection`() async throws {
        let record = await call("/cut", streams: true)
        #expect(record.texts == ["first"])
        #expect(record.status?.source == .client(.connectionLost))
    }

    @Test func `to one that speaks HTTP/1.1 says so`() async throws {
        let client = try await PeerServer.faulty.value.client(1)
        let record = await client.call(CallRequest("/one"), [[]], until: soon)
        #expect(record.violation == .http2)
        #expect(record.status?.code == .internal)
    }

    @Test func `ends at its deadline by this side, where the server says nothing`() async throws {
        _ = await call("/one")
        for (path, texts) in [("/silent", []), ("/silent-late", ["first"])] {
            let request = CallRequest(path, streamsAnswers: true)
            let deadline = Instant.now + .milliseconds(200)
            let record = await client.call(request, [[]], until: deadline)
            #expect(record.texts == texts)
            #expect(record.status?.code == .deadlineExceeded)
            #expect(record.status?.source == .client(.deadline))
            #expect(deadline <= .now)
        }
        let past = await client.call(CallRequest("/one"), [[]], until: .now)
        #expect(past.status?.source == .client(.deadline))
        #expect(await call("/one").connecting == nil)
    }

    @Test func `names what the server never took`() async throws {
        let long = [UInt8](repeating: 1, count: 100_000)
        _ = await call("/one")
        let until = Instant.now + .milliseconds(300)
        let record = await client.call(CallRequest("/stuck"), [long], until: until)
        #expect(record.status?.source == .client(.deadline))
        let words = "the deadline has passed; the server did not take "
        #expect(record.status?.message.hasPrefix(words) == true)
    }

    @Test func `is let go when the answer is whole before the request`() async throws {
        let call = await client.begin(CallRequest("/early"), until: soon)
        call.send([1])
        let record = await call.end()
        #expect(record.texts == ["done"] && record.status?.isOK == true)
        #expect(await self.call("/one").connecting == nil)
    }

    /// The peer sees what the specification wants it to see.
    @Test func `sends the head of a gRPC request`() async throws {
        let address = try await PeerServer.faulty.value.addresses[0]
        let client = CallClient(Endpoint(address), authority: "shop.example")
        var request = CallRequest("/head", gzip: true)
        try request.metadata.add("x-some-bin", bytes: [0xab, 0xcd])
        let zeros = [UInt8](repeating: 0, count: 1000)
        let record = await client.call(request, [zeros], until: soon)
        let lines = try #require(record.texts.first).split(separator: "\n").map(String.init)
        let expected = [
            ":method: POST", ":scheme: http", ":authority: shop.example", ":path: /head",
            "te: trailers", "content-type: application/grpc", "grpc-accept-encoding: gzip",
            "grpc-encoding: gzip", "user-agent: healthgate", "x-some-bin: q80",
        ]
        #expect(Set(expected).subtracting(lines) == [])
        #expect(lines.contains { $0.hasPrefix("grpc-timeout: ") })
        // The flag, three of four bytes of the length, and gzip's first two behind the fourth.
        let body = try #require(lines.last)
        #expect(body.hasPrefix("01000000") && body.dropFirst(10).hasPrefix("1f8b"))
    }
}
