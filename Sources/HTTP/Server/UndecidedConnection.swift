import Loop

/// A new connection, until its first bytes tell HTTP/2 (RFC 9113 section 3.4) from HTTP/1.
@EventLoop
final class UndecidedConnection: ServerConnection, ChannelOwner {
    private let channel: Channel
    private unowned(unsafe) let server: HTTPServer
    private var seen: [UInt8] = []
    private(set) var activeTick: Int
    var isIdle: Bool { false }
    var receiveTimeout: Duration? {
        seen.isEmpty && !channel.isHandshaking
            ? server.limits.idleTimeout : server.limits.headerTimeout
    }

    init(_ channel: Channel, _ server: HTTPServer) {
        self.channel = channel
        self.server = server
        activeTick = server.tick
        channel.owner = self
        channel.startReading()
    }

    func received(_ bytes: UnsafeRawBufferPointer) {
        if seen.isEmpty { return decide(bytes) }
        seen.append(contentsOf: bytes)
        seen.withUnsafeBytes { decide($0) }
    }

    private func decide(_ bytes: UnsafeRawBufferPointer) {
        let common = min(bytes.count, preface.count)
        let matches = bytes.prefix(common).elementsEqual(preface.prefix(common))
        if matches, bytes.count < preface.count {
            if seen.isEmpty { seen = Array(bytes) }
            return
        }
        server.closed(self)
        if matches {
            let connection = HTTP2ServerConnection(channel, server)
            server.add(connection)
            connection.start(bytes)
        } else {
            let connection = HTTP1ServerConnection(channel, server)
            server.add(connection)
            connection.start(bytes)
        }
    }

    func ended(_ error: LoopError?) {
        if let error, error.isTLS { server.onMalformed?(channel.peer, error.description) }
        abort()
    }

    func drained() {}
    func close() { abort() }

    func abort() {
        channel.close()
        server.closed(self)
    }
}

private let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
