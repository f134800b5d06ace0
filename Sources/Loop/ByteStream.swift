/// A connection for those who tell their exchange as a story: connect, write, read, judge.
@EventLoop
package final class ByteStream: ChannelOwner {
    private let channel: Channel
    private var input: [UInt8] = []
    private var end: Result<Void, LoopError>?
    private var reading: Waiter<Void>?
    private var writing: Waiter<Void>?

    private init(_ channel: Channel) {
        self.channel = channel
        channel.owner = self
        channel.startReading()
    }

    isolated deinit { channel.close() }

    package static func connect(
        to address: SocketAddress,
        until deadline: Instant
    ) async throws(LoopError) -> ByteStream {
        ByteStream(try await Channel.connect(to: address, until: deadline))
    }

    package var localAddress: SocketAddress? { channel.localAddress }

    /// The next bytes, at least one; nil after an orderly end.
    package func read(until deadline: Instant) async throws(LoopError) -> [UInt8]? {
        if input.isEmpty, end == nil {
            let waiter = Waiter<Void>()
            reading = waiter
            defer { reading = nil }
            try await waiter.wait(until: deadline, "read")
        }
        if !input.isEmpty {
            defer { input = [] }
            channel.startReading()
            return input
        }
        try end?.get()
        return nil
    }

    /// Returns when the kernel has taken all of it.
    package func write(_ bytes: [UInt8], until deadline: Instant) async throws(LoopError) {
        if case .failure(let error) = end { throw error }
        guard channel.isOpen else { throw .closed }
        channel.send(bytes)
        guard channel.backlog > 0 else { return }
        let waiter = Waiter<Void>()
        writing = waiter
        defer { writing = nil }
        try await waiter.wait(until: deadline, "write")
    }

    /// Shakes hands over TLS, at once or after both sides have agreed to it in the clear.
    package func secure(
        by context: TLSContext,
        host: String,
        until deadline: Instant
    ) async throws(LoopError) {
        // What came in the clear must not be taken for what came over TLS.
        guard input.isEmpty else { throw LoopError(.tlsHandshake, "TLS: bytes came before it") }
        channel.pauseReading()
        try await channel.secure(by: context, host: host, protocols: [], until: deadline)
        channel.startReading()
    }

    /// What the peer has shown over TLS, also when the handshake failed.
    package var tlsPeer: TLSPeer? { channel.tlsPeer }

    /// Says that nothing more will be sent; what the peer still says can be read.
    package func shutdownSending() { channel.shutdownSending() }

    package func close() { finish { channel.close() } }

    package func reset() { finish { channel.reset() } }

    private func finish(_ body: () -> Void) {
        body()
        if end == nil { end = .failure(.closed) }
        reading?.fulfil(.success(()))
        writing?.fulfil(.failure(.closed))
    }

    package func received(_ bytes: UnsafeRawBufferPointer) {
        input.append(contentsOf: bytes)
        if input.count >= 1 << 20 { channel.pauseReading() }
        reading?.fulfil(.success(()))
    }

    package func ended(_ error: LoopError?) {
        end = error.map { .failure($0) } ?? .success(())
        reading?.fulfil(.success(()))
        if let error { writing?.fulfil(.failure(error)) }
    }

    package func drained() { writing?.fulfil(.success(())) }
}
