import CLibevent
import Glibc

/// A UDP socket that speaks with one peer: whole datagrams out, and only that peer's in.
@EventLoop
package final class DatagramSocket {
    package let peer: SocketAddress
    private var fd: Int32
    private var event: EventHandle?
    private var receiving: Waiter<[UInt8]>?
    /// What has come while nobody waited.
    private var waiting: [[UInt8]] = []

    /// Nothing is sent yet. The kernel picks a port at random.
    package init(to peer: SocketAddress) throws(LoopError) {
        self.peer = peer
        fd = datagram_socket(peer.family)
        guard fd >= 0 else { throw .system(errno, "open a socket") }
        let descriptor = fd
        guard peer.withCAddress({ Glibc.connect(descriptor, $0, $1) }) == 0 else {
            let error = errno
            Glibc.close(fd)
            throw .system(error, "send to \(peer)")
        }
        let context = Unmanaged.passUnretained(self).toOpaque()
        event = EventHandle(fd, EV_READ | EV_PERSIST, onReadable, context)
        event?.add()
    }

    isolated deinit { close() }

    package func send(_ bytes: [UInt8]) throws(LoopError) {
        guard fd >= 0 else { throw .closed }
        // An error of the datagram before this one is told by this call, which then sends nothing.
        for _ in 0..<2 where Glibc.send(fd, bytes, bytes.count, Int32(MSG_NOSIGNAL)) >= 0 { return }
        throw .system(errno, "send to \(peer)")
    }

    /// The next datagram.
    package func receive(until deadline: Instant) async throws(LoopError) -> [UInt8] {
        guard fd >= 0 else { throw .closed }
        guard waiting.isEmpty else { return waiting.removeFirst() }
        let waiter = Waiter<[UInt8]>()
        receiving = waiter
        defer { receiving = nil }
        return try await waiter.wait(until: deadline, "wait for \(peer)")
    }

    package func close() {
        event = nil
        if fd >= 0 { Glibc.close(fd) }
        fd = -1
        receiving?.fulfil(.failure(.closed))
    }

    fileprivate func readable() {
        guard fd >= 0 else { return }
        let buffer = EventLoop.receiveBuffer
        let count = recv(fd, buffer.baseAddress, buffer.count, 0)
        if count >= 0 {
            let datagram = Array(buffer[..<count])
            if let receiving, receiving.isWaiting {
                receiving.fulfil(.success(datagram))
            } else if waiting.count < 8 {
                waiting.append(datagram)
            }
        } else if errno != EAGAIN, errno != EINTR {
            // The peer's machine says that nobody listens there (ICMP).
            receiving?.fulfil(.failure(.system(errno, "wait for \(peer)")))
        }
    }
}

// MARK: - Callbacks

private func onReadable(_: Int32, _: Int16, context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    let datagrams = Unmanaged<DatagramSocket>.fromOpaque(context).takeUnretainedValue()
    EventLoop.assumeIsolated { datagrams.readable() }
}
