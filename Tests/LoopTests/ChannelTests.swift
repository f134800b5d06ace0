import Loop
import Testing

@EventLoop
@Suite struct `A byte stream` {
    @Test func `carries bytes both ways and sees the end`() async throws {
        let echo = try Echo()
        let stream = try await ByteStream.connect(to: echo.listener.address, until: soon)
        try await stream.write(Array("ping".utf8), until: soon)
        #expect(try await stream.read(until: soon) == Array("ping".utf8))
        echo.closeAll()
        #expect(try await stream.read(until: soon) == nil)
    }

    @Test func `carries more than the kernel takes at once`() async throws {
        let echo = try Echo()
        let stream = try await ByteStream.connect(to: echo.listener.address, until: soon)
        let sent = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
        async let written: Void = stream.write(sent, until: soon)
        var got: [UInt8] = []
        while got.count < sent.count, let bytes = try await stream.read(until: soon) {
            got += bytes
        }
        try await written
        #expect(got == sent)
    }

    @Test func `says that nobody listens`() async throws {
        let echo = try Echo()
        let address = echo.listener.address
        echo.listener.close()
        let error = await #expect(throws: LoopError.self) {
            try await ByteStream.connect(to: address, until: soon)
        }
        #expect(error?.kind == .refused)
    }

    @Test func `gives up reading at the deadline`() async throws {
        let echo = try Echo()
        let stream = try await ByteStream.connect(to: echo.listener.address, until: soon)
        let error = await #expect(throws: LoopError.self) {
            try await stream.read(until: .now + .milliseconds(5))
        }
        #expect(error?.kind == .timedOut)
    }

    @Test func `stops waiting when its task is cancelled`() async throws {
        let echo = try Echo()
        let stream = try await ByteStream.connect(to: echo.listener.address, until: soon)
        let reading = EventLoop.task { try await stream.read(until: soon) }
        reading.cancel()
        let error = await #expect(throws: LoopError.self) { try await reading.value }
        #expect(error?.kind == .cancelled)
    }
}

@Suite struct `A socket address` {
    @Test(arguments: ["127.0.0.1:80", "[::1]:8080", "unix:/tmp/a.sock"])
    func `reads what it prints`(text: String) {
        #expect(SocketAddress(text)?.description == text)
    }

    @Test(arguments: ["localhost:80", "127.0.0.1", "127.0.0.1:99999", "::1:80", "unix:", ":80"])
    func `refuses what is not numeric or has no port`(text: String) {
        #expect(SocketAddress(text) == nil)
    }

    @Test func `knows what only this machine can reach`() {
        #expect(SocketAddress("127.0.2.1:1")?.isLoopback == true)
        #expect(SocketAddress("[::1]:1")?.isLoopback == true)
        #expect(SocketAddress("0.0.0.0:1")?.isLoopback == false)
    }
}

private var soon: Instant { .now + .seconds(20) }

/// Sends back whatever comes.
@EventLoop
private final class Echo {
    private(set) var listener: Listener
    private var peers: Peers

    init() throws {
        let peers = Peers()
        self.peers = peers
        let any = try #require(SocketAddress("127.0.0.1:0"))
        listener = try Listener(any) { peers.add($0) }
    }

    func closeAll() { peers.all.forEach { $0.channel.close() } }
}

@EventLoop
private final class Peers {
    var all: [Peer] = []
    func add(_ channel: Channel) { all.append(Peer(channel)) }
}

@EventLoop
private final class Peer: ChannelOwner {
    let channel: Channel
    init(_ channel: Channel) {
        self.channel = channel
        channel.owner = self
        channel.startReading()
    }
    func received(_ bytes: UnsafeRawBufferPointer) { channel.send(bytes) }
    func ended(_ error: LoopError?) { channel.close() }
    func drained() {}
}
