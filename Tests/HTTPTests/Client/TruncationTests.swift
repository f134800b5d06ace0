import HTTP
import Loop
import TestSupport
import Testing

/// RFC 8446 section 6.1 and RFC 9112 section 9.8: whoever can cut a connection could shorten what came
/// over it, unless its end was announced.
@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `A body that ends with its TLS connection` {
    private func body(_ isCut: Bool) async throws -> String {
        let certificates = try await Certificates()
        let address = try #require(SocketAddress("127.0.0.1:0"))
        let server = Answering()
        let listener = try Listener(
            address,
            tls: try .server(try await certificates.make("east-1"))
        ) { server.accepted($0, closes: !isCut) }
        let cutter = Cutter(server)
        let front = try Listener(address) { cutter.accepted($0) }
        cutter.back = try await Channel.connect(to: listener.address, until: soon)
        let client = HTTPClient(
            Endpoint(front.address),
            tls: try .client(TLSSettings(authorities: certificates.authorities))
        )
        return try await client.send(HTTPRequest("/"), until: soon).text
    }

    @Test func `is whole where the server says goodbye`() async throws {
        #expect(try await body(false) == "all of it")
    }

    @Test func `is cut short where it does not`() async throws {
        do throws(any Error) {
            let text = try await body(true)
            Issue.record("taken for whole: \(text)")
        } catch {
            let error = try #require(error as? HTTPError)
            #expect(error.message.contains("ended without close_notify"))
            #expect(error.kind == .connection(.closed))
            #expect(error.afterFirstByte)
        }
    }
}

/// A TLS server that answers once, by a body without a length.
@EventLoop
private final class Answering: ChannelOwner {
    private var channel: Channel?
    private var closes = false
    private(set) var hasAnswered = false

    func accepted(_ channel: Channel, closes: Bool) {
        self.channel = channel
        self.closes = closes
        channel.owner = self
        channel.startReading()
    }

    func received(_ bytes: UnsafeRawBufferPointer) {
        hasAnswered = true
        channel?.send(Array("HTTP/1.1 200 OK\r\n\r\nall of it".utf8))
        if closes { channel?.closeWhenDrained() }
    }

    func ended(_ error: LoopError?) { channel?.close() }
    func drained() {}
}

/// Stands between client and server, passes their bytes on, and ends the connection behind the answer.
@EventLoop
private final class Cutter {
    var back: Channel?
    private var pipes: [Pipe] = []
    private let server: Answering

    init(_ server: Answering) { self.server = server }

    func accepted(_ channel: Channel) {
        guard let back else { return channel.close() }
        pipes = [
            Pipe(from: channel, to: back),
            Pipe(from: back, to: channel) { [server] in server.hasAnswered },
        ]
    }
}

@EventLoop
private final class Pipe: ChannelOwner {
    private let source: Channel
    private let sink: Channel
    private let ends: () -> Bool

    init(from source: Channel, to sink: Channel, ends: @escaping () -> Bool = { false }) {
        self.source = source
        self.sink = sink
        self.ends = ends
        source.owner = self
        source.startReading()
    }

    func received(_ bytes: UnsafeRawBufferPointer) {
        sink.send(bytes)
        if ends() { sink.closeWhenDrained() }
    }

    func ended(_ error: LoopError?) { sink.closeWhenDrained() }
    func drained() {}
}
