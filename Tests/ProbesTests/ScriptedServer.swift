import Loop
import Testing

/// A server on loopback that does one thing with each connection.
@EventLoop
final class ScriptedServer {
    enum Script {
        /// Accepts and never says a word.
        case silent
        /// Closes each connection at once, by FIN or by RST.
        case close, reset
        /// Speaks first.
        case greet(String)
        /// Answers the first bytes that come, and closes where told.
        case answer(String, closes: Bool = false)
        /// Answers what comes first, second and so on, each in one piece.
        case exchange([[UInt8]])
    }

    private(set) var address: SocketAddress
    private(set) var connections = 0
    private var listener: Listener?
    private var open: [Connection] = []

    init(_ script: Script) throws {
        address = try #require(SocketAddress("127.0.0.1:0"))
        let listener = try Listener(address) { [weak self] in self?.accepted($0, script) }
        self.listener = listener
        address = listener.address
    }

    /// An address that nobody listens on.
    static func nobody() throws -> SocketAddress {
        let server = try ScriptedServer(.silent)
        server.close()
        return server.address
    }

    func close() {
        listener?.close()
        closeConnections()
    }

    func closeConnections() {
        for connection in open { connection.channel.close() }
        open = []
    }

    private func accepted(_ channel: Channel, _ script: Script) {
        connections += 1
        switch script {
        case .close: return channel.close()
        case .reset: return channel.reset()
        case .silent: break
        case .greet(let text): channel.send(Array(text.utf8))
        case .answer, .exchange: break
        }
        let connection = Connection(channel)
        if case .exchange(let answers) = script { connection.answers = answers[...] }
        if case .answer(let text, let closes) = script { connection.answer = (text, closes) }
        open.append(connection)
    }
}

@EventLoop
private final class Connection: ChannelOwner {
    let channel: Channel
    var answer: (text: String, closes: Bool)?
    var answers: ArraySlice<[UInt8]> = []

    init(_ channel: Channel) {
        self.channel = channel
        channel.owner = self
        channel.startReading()
    }

    func received(_ bytes: UnsafeRawBufferPointer) {
        if let next = answers.popFirst() { channel.send(next) }
        guard let answer else { return }
        channel.send(Array(answer.text.utf8))
        if answer.closes { channel.closeWhenDrained() }
    }

    func ended(_ error: LoopError?) { channel.close() }

    func drained() {}
}
