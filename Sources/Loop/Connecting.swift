import CLibevent
import Glibc

extension Channel {
    /// Connects to a numeric address; the deadline covers the whole handshake of TCP.
    package static func connect(
        to address: SocketAddress,
        until deadline: Instant
    ) async throws(LoopError) -> Channel {
        let fd = try Socket.make(address.family)
        if address.unixPath == nil { Socket.noDelay(fd) }
        let answer = address.withCAddress { Glibc.connect(fd, $0, $1) }
        if answer != 0 {
            let error = errno
            guard error == EINPROGRESS else {
                Glibc.close(fd)
                throw .system(error, "connect to \(address)")
            }
            do {
                try await Connecting(fd).wait(until: deadline, address)
            } catch {
                Glibc.close(fd)
                throw error
            }
        }
        return Channel(adopting: fd, peer: address)
    }

    /// Connects, and shakes hands over TLS; the deadline covers both.
    ///
    /// - Parameters:
    ///   - host: for whom the peer's certificate must be, unless the context says otherwise.
    ///   - protocols: what to offer by ALPN, the best first.
    package static func connect(
        to address: SocketAddress,
        tls context: TLSContext,
        host: String,
        protocols: [String],
        until deadline: Instant
    ) async throws(LoopError) -> Channel {
        let channel = try await connect(to: address, until: deadline)
        try await channel.secure(by: context, host: host, protocols: protocols, until: deadline)
        return channel
    }

    /// Shakes hands over TLS on a connection that has carried nothing yet, and closes it if that
    /// fails.
    package func secure(
        by context: TLSContext,
        host: String,
        protocols: [String],
        until deadline: Instant
    ) async throws(LoopError) {
        do throws(LoopError) {
            tls = try TLSSession(context, host: host, protocols: protocols)
            try await shakeHands(until: deadline)
        } catch {
            close()
            throw error
        }
    }
}

/// Waits until a started connect has ended, well or badly.
@EventLoop
private final class Connecting {
    private let fd: Int32
    private let waiter = Waiter<Int32>()
    private var event: EventHandle?

    init(_ fd: Int32) {
        self.fd = fd
        event = EventHandle(fd, EV_WRITE, onConnected, Unmanaged.passUnretained(self).toOpaque())
        event?.add()
    }

    isolated deinit {}

    func wait(until deadline: Instant, _ address: SocketAddress) async throws(LoopError) {
        defer { event = nil }
        let error = try await waiter.wait(until: deadline, "connect to \(address)")
        guard error == 0 else { throw .system(error, "connect to \(address)") }
    }

    fileprivate func connected() { waiter.fulfil(.success(Socket.pendingError(fd))) }
}

// MARK: - Callbacks

private func onConnected(_: Int32, _: Int16, context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    let connecting = Unmanaged<Connecting>.fromOpaque(context).takeUnretainedValue()
    EventLoop.assumeIsolated { connecting.connected() }
}
