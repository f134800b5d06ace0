import Loop

/// Stands for the database that all hosts share: it answers whoever says something.
@EventLoop
final class SharedDatabase {
    private var listener: Listener?
    private let open = OpenConnections()

    init(_ address: SocketAddress) throws {
        let open = open
        listener = try Listener(address) { channel in open.add(Connection(channel)) }
    }

    /// Nobody listens any more, and whoever was connected is not.
    func close() {
        listener?.close()
        listener = nil
        open.close()
    }
}

@EventLoop
private final class OpenConnections {
    private var connections: [Connection] = []

    func add(_ connection: Connection) {
        connections.removeAll { !$0.channel.isOpen }
        connections.append(connection)
    }

    func close() {
        for connection in connections { connection.channel.close() }
        connections = []
    }
}

@EventLoop
private final class Connection: ChannelOwner {
    let channel: Channel

    init(_ channel: Channel) {
        self.channel = channel
        channel.owner = self
        channel.startReading()
    }

    func received(_ bytes: UnsafeRawBufferPointer) { channel.send(Array("pong\n".utf8)) }

    func ended(_ error: LoopError?) { channel.close() }

    func drained() {}
}
