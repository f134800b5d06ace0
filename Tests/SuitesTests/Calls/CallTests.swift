import GRPC
import HTTP
import Loop
import Suites
import TestSupport
import Testing

/// Against a server of grpcio.
@EventLoop
@Suite struct `A call to grpcio` {
    let soon = Instant.now + .seconds(30)
    let client: CallClient

    init() async throws {
        client = try await PeerServer.grpcio.value.client()
    }

    @Test func `of each kind is recorded as it went`() async throws {
        let unary = await client.call(CallRequest(t: "Echo"), [bytes("hello")], until: soon)
        #expect(unary.texts == ["hello"])
        #expect(unary.status?.source == .server)
        #expect(unary.status?.isOK == true)
        #expect(unary.httpStatus == 200)
        #expect(unary.headers["content-type"] == "application/grpc")
        #expect(!unary.isTrailersOnly)
        #expect(unary.attempts == 1)
        let connecting = try #require(unary.connecting)
        let firstByte = try #require(unary.firstByte)
        #expect(.zero < connecting && connecting < firstByte && firstByte <= unary.total)

        let answers = CallRequest(t: "Repeat", streams: true)
        let many = await client.call(answers, [bytes("3")], until: soon)
        #expect(many.texts == ["0", "1", "2"])
        #expect(many.connecting == nil)
        #expect(await client.call(answers, [bytes("0")], until: soon).messages == [])

        let join = await client.call(CallRequest(t: "Join"), [[1], [], [2, 3]], until: soon)
        #expect(join.messages == [CallRecord.Message([1, 2, 3])])

        let chat = CallRequest(t: "Chat", streams: true)
        let both = await client.call(chat, [[1], [], [2]], until: soon)
        #expect(both.messages.map(\.bytes) == [[1], [], [2]])
        let empty = await client.call(chat, [], until: soon)
        #expect(empty.messages == [] && empty.status?.isOK == true)
    }

    @Test func `goes message by message`() async throws {
        let call = await client.begin(CallRequest(t: "Chat", streams: true), until: soon)
        for number in UInt8(1)...3 {
            call.send([number])
            #expect(await call.next() == .message(CallRecord.Message([number])))
        }
        call.finishSending()
        guard case .ended(let status) = await call.next() else {
            Issue.record("no end")
            return
        }
        #expect(status.isOK && status.source == .server)
        #expect(call.record.messages.count == 3)
    }

    @Test(arguments: 1...16)
    func `ends by the server's status`(code: Int) async throws {
        let record = await client.call(CallRequest(t: "Fail"), [bytes("\(code)")], until: soon)
        let status = try #require(record.status)
        #expect(status.code.rawValue == code)
        #expect(status.message == "nö: 5 % short of \(code)")
        #expect(status.details == [8] + bytes("\(code)"))
        #expect(status.source == .server)
        #expect(record.trailers["x-why"] == "because")
        #expect(record.messages == [])
    }

    @Test func `tells trailers that came alone from those behind messages`() async throws {
        let none = await client.call(CallRequest("/t/None"), [[]], until: soon)
        #expect(none.isTrailersOnly && none.headers.isEmpty)
        #expect(none.status?.code == .unimplemented && none.status?.source == .server)
        let late = CallRequest(t: "FailLate", streams: true)
        let record = await client.call(late, [bytes("9")], until: soon)
        #expect(!record.isTrailersOnly && !record.headers.isEmpty)
        #expect(record.texts == ["first"])
        #expect(record.status?.code == .failedPrecondition)
    }

    @Test func `carries metadata of text and of bytes both ways`() async throws {
        var request = CallRequest(t: "Echo")
        let values: [[UInt8]] = [[], [0], [0xab, 0xab, 0xab], Array(0...255)]
        try request.metadata.add("x-word", "hello, \"world\"")
        try request.metadata.add("x-word", "again")
        for value in values { try request.metadata.add("x-some-bin", bytes: value) }
        let record = await client.call(request, [[]], until: soon)
        #expect(record.headers.values("x-word") == ["hello, \"world\"", "again"])
        #expect(record.trailers.values("t-x-word") == ["hello, \"world\"", "again"])
        #expect(record.headers.bytes("x-some-bin") == values)
        #expect(record.trailers.bytes("t-x-some-bin") == values)
    }

    @Test(arguments: [false, true])
    func `carries four megabytes each way`(gzip: Bool) async throws {
        var random = SeededGenerator(seed: 4)
        let part = (0..<(64 << 10)).map { _ in UInt8.random(in: 0...15, using: &random) }
        let long = [[UInt8]](repeating: part, count: 64).flatMap(\.self)
        let record = await client.call(CallRequest(t: "Echo", gzip: gzip), [long], until: soon)
        #expect(record.messages.first?.bytes == long)
        #expect(record.status?.isOK == true)
        #expect(record.total < .seconds(5), "some 0.1 s on an idle machine")
    }

    @Test func `takes compressed answers, and says that they were`() async throws {
        let long = [UInt8](repeating: 7, count: 100_000)
        let zipped = await client.call(CallRequest(t: "Zip", gzip: true), [long], until: soon)
        #expect(zipped.messages == [CallRecord.Message(long, wasCompressed: true)])
        #expect(zipped.headers["grpc-encoding"] == "gzip")
        let each = CallRequest(t: "ZipEach", streams: true, gzip: true)
        let call = await client.begin(each, until: soon)
        call.send(long, compressed: false)
        call.send(long)
        call.finishSending()
        #expect(await call.end().messages.map(\.bytes) == [long, long])
        let plain = await client.call(CallRequest(t: "Echo", gzip: true), [long], until: soon)
        #expect(plain.messages == [CallRecord.Message(long)])
    }

    @Test func `tells the server its deadline`() async throws {
        let deadline = Instant.now + .seconds(7)
        let record = await client.call(CallRequest(t: "Remaining"), [[]], until: deadline)
        let remaining = try #require(record.texts.first.flatMap(Double.init))
        #expect(0 < remaining && remaining < 7.01)
    }

    /// The server knows the deadline too, and may be the first to say so.
    @Test func `ends at its deadline`() async throws {
        _ = await client.call(CallRequest(t: "Echo"), [[]], until: soon)
        let deadline = Instant.now + .milliseconds(80)
        let record = await client.call(CallRequest(t: "Sleep"), [[]], until: deadline)
        #expect(record.status?.code == .deadlineExceeded)
        #expect([.server, .client(.deadline)].contains(record.status?.source))
        #expect(deadline <= .now)
    }

    @Test func `waits for each message by a time of its own`() async throws {
        let call = await client.begin(CallRequest(t: "Chat", streams: true), until: soon)
        #expect(await call.next(until: .now + .milliseconds(20)) == .late)
        call.send([1])
        #expect(await call.next(until: soon) == .message(CallRecord.Message([1])))
        #expect(await call.next(until: .now) == .late)
        call.finishSending()
        #expect(await call.end().status?.isOK == true)
    }

    @Test func `takes messages that come slowly`() async throws {
        let record = await client.call(CallRequest(t: "Slowly", streams: true), [[]], until: soon)
        #expect(record.texts == ["0", "1", "2"])
        #expect(record.total >= .milliseconds(300))
    }

    @Test func `is cancelled by the test`() async throws {
        let call = await client.begin(CallRequest(t: "SleepLate", streams: true), until: soon)
        call.send([])
        call.finishSending()
        #expect(await call.next() == .message(CallRecord.Message(bytes("first"))))
        let record = call.cancel()
        #expect(record.status?.code == .cancelled)
        #expect(record.status?.source == .client(.cancelled))
        #expect(await call.next() == .ended(try #require(record.status)))
    }

    @Test func `ends when the task that reads it is cancelled`() async throws {
        let call = await client.begin(CallRequest(t: "SleepLate", streams: true), until: soon)
        call.send([])
        #expect(await call.next() == .message(CallRecord.Message(bytes("first"))))
        let reading = EventLoop.task { await call.end() }
        reading.cancel()
        #expect(try await reading.value.status?.source == .client(.cancelled))
    }

    @Test func `says more than the server takes before it has spoken`() async throws {
        let call = await client.begin(CallRequest(t: "TalkFirst", streams: true), until: soon)
        for _ in 0..<40 { call.send([UInt8](repeating: 1, count: 256 << 10)) }
        call.finishSending()
        #expect(call.unsent > 0)
        let record = await call.end()
        #expect(record.messages.count == 41)
        #expect(record.texts.last == "\(10 << 20)")
        #expect(record.status?.isOK == true)
    }

    @Test func `holds up no other while nobody reads it, and none when it is given up`() async {
        let long = [UInt8](repeating: 1, count: 1 << 20)
        // What is unread soon fills the window of its stream, which is as large as the connection's.
        for _ in 0..<3 {
            let request = CallRequest(t: "TalkFirst", streams: true)
            let unread = await client.begin(request, until: soon)
            for _ in 0..<8 {
                let other = await client.call(CallRequest(t: "Echo"), [long], until: soon)
                #expect(other.status?.isOK == true)
            }
            unread.cancel()
        }
        let after = await client.call(CallRequest(t: "Echo"), [[1]], until: soon)
        #expect(after.status?.isOK == true && after.connecting == nil)
    }

    @Test func `sees the death of the server`() async throws {
        let doomed = try await PeerServer(script: "Calls/Servers/grpcio_server.py")
        let client = doomed.client()
        let record = await client.call(CallRequest(t: "Die", streams: true), [[]], until: soon)
        #expect(record.texts == ["last words"])
        #expect(record.status?.code == .unavailable)
        #expect(record.status?.source == .client(.connectionLost))
        try await doomed.ended.wait(until: soon, "see the server's end")
        let next = await client.call(CallRequest(t: "Echo"), [[]], until: soon)
        #expect(next.status?.source == .client(.connect))
        #expect(next.status?.code == .unavailable)
        #expect(next.httpStatus == nil)
    }
}
