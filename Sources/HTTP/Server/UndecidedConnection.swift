import Loop

/// A new connection, until its first bytes tell HTTP/2 (RFC 9113 section 3.4) from HTTP/1.
@EventLoop
final class UndecidedConnection: ServerConnection, ChannelOwner {
    private let channel: Channel
    private unowned(unsafe) let server: HTTPServer
    private var seen: [UInt8] = []
    private let since: Int

    init(_ channel: Channel, _ server: HTTPServer) {
        self.channel = channel
        self.server = server
        since = server.tick
        channel.owner = self
        channel.startReading()
    }

    func overdue() -> HTTPBound? {
        let limits = server.limits
        let hasBegun = !seen.isEmpty || channel.isHandshaking
        guard server.isPast(hasBegun ? limits.headerTimeout : limits.idleTimeout, since: since)
        else { return nil }
        return hasBegun ? .headersWithin : .idle
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
        if matches {
            let connection = HTTP2ServerConnection(channel, server)
            server.replace(self, by: connection)
            connection.start(bytes)
        } else {
            let connection = HTTP1ServerConnection(channel, server)
            server.replace(self, by: connection)
            connection.start(bytes)
        }
    }

    func ended(_ error: LoopError?) {
        if let error, error.isTLS {
            server.met[.handshake] += 1
            server.onOffence?(channel.peer, error.description)
        }
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
