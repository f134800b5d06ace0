import CLibevent
import Glibc

/// What happens on a `Channel`, told to the connection that owns it.
@EventLoop
package protocol ChannelOwner: AnyObject {
    /// Bytes came in; they are valid only during this call. What the call sends leaves in one piece.
    func received(_ bytes: UnsafeRawBufferPointer)
    /// The peer will send no more (`nil`) or the connection broke. Called at most once; the owner
    /// must still call `close`.
    func ended(_ error: LoopError?)
    /// All that was sent has been taken by the kernel, after it had once refused some, or after so
    /// much was gathered that the owner may have held back.
    func drained()
    /// What `closeWhenDrained` announced has happened; nothing more will be told.
    func closed()
}

extension ChannelOwner {
    package func closed() {}
}

/// A connected socket on the loop: bytes in by callback, bytes out gathered into few sends.
///
/// It reads into one buffer that all channels share and registers for writing only after a short
/// send, which keeps a request and its answer at two system calls.
@EventLoop
package final class Channel {
    /// Set to nil before the owner goes: a weak reference would put every retain of the owner on a
    /// slow path. An owner that may be dropped while open closes the channel in its `deinit`.
    package unowned(unsafe) var owner: (any ChannelOwner)?
    package let peer: SocketAddress?
    private var fd: Int32
    private var readEvent: EventHandle?
    private var writeEvent: EventHandle?
    private var output: [UInt8] = []
    private var sent = 0
    private var isGathering = false
    private var isWaitingToWrite = false
    private var closesWhenDrained = false
    /// Set at the end: how many bytes more are read to nowhere.
    private var mayDiscard: Int?
    private(set) package var isReading = false
    /// What lies between the socket and the owner; nil: nothing. Not changed once bytes have flowed.
    var tls: TLSSession?
    /// Bytes of the owner that are still to be sealed.
    private var plain: [UInt8] = []
    /// Fulfilled at the end of a client's handshake.
    private var handshake: Waiter<Void>?
    /// What came with the end of a client's handshake has left the socket, and waits for an owner.
    private var isHoldingBack = false

    /// Takes over a connected, non-blocking descriptor. Nothing is read before `startReading`.
    init(adopting fd: Int32, peer: SocketAddress?, tls: TLSSession? = nil) {
        self.fd = fd
        self.peer = peer
        self.tls = tls
    }

    isolated deinit { close() }

    package var isOpen: Bool { fd >= 0 }

    /// Bytes that were sent but that the kernel has not taken yet.
    package var backlog: Int { output.count - sent + plain.count }

    /// Bytes waiting for the peer above which the owner holds back, to be told by `drained`.
    package var most = 64 << 10
    /// How many times the kernel has taken all there was to send.
    private(set) package var emptied = 0

    /// Whether it is the peer's turn to take something: also where the kernel has taken all of it, and
    /// has no room for more.
    package var isWaitingForPeer: Bool { backlog > 0 || isWaitingToWrite }

    package var localAddress: SocketAddress? { Socket.localAddress(fd) }

    /// Who is at the other end of a Unix socket; nil for any other.
    package var peerUser: PeerUser? { peer?.unixPath == nil ? nil : Socket.peerUser(fd) }

    package func startReading() {
        guard isOpen, !isReading else { return }
        if readEvent == nil {
            readEvent = EventHandle(fd, EV_READ | EV_PERSIST, onReadable, context)
        }
        readEvent?.add()
        isReading = true
        if isHoldingBack { readEvent?.activate() }
    }

    /// Leaves further bytes with the kernel, so that the peer is slowed down.
    package func pauseReading() {
        guard isReading else { return }
        readEvent?.remove()
        isReading = false
    }

    package func send(_ bytes: UnsafeRawBufferPointer) {
        guard isOpen, !closesWhenDrained, mayDiscard == nil else { return }
        if tls == nil { output.append(contentsOf: bytes) } else { plain.append(contentsOf: bytes) }
        if !isGathering { flush() }
    }

    package func send(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { send($0) }
    }

    /// Runs `body` and sends all it has sent in one piece.
    package func gather(_ body: () -> Void) {
        if isGathering { return body() }
        isGathering = true
        body()
        isGathering = false
        flush()
    }

    /// Closes once everything sent has left, maybe at once, and tells the owner by `closed`.
    package func closeWhenDrained() {
        guard isOpen else { return }
        closesWhenDrained = true
        if !isGathering { flush() }
    }

    /// Ends our sending side (FIN), so that the peer sees the end and may still answer.
    package func shutdownSending() {
        guard isOpen else { return }
        sayGoodbye()
        _ = shutdown(fd, Int32(SHUT_WR))
    }

    /// Ends our side once all was sent, and then reads to nowhere until the peer ends its own, or has
    /// sent so much more that it will not listen: closing over bytes that were not read is an RST, which
    /// overtakes the last word (RFC 9112 section 9.6). The owner is told by `ended`, and must end what
    /// takes too long.
    package func endAndDiscard() {
        guard isOpen, mayDiscard == nil else { return }
        mayDiscard = 256 << 10
        startReading()
        if !isGathering { flush() }
    }

    private func discard(_ count: Int) {
        let left = (mayDiscard ?? 0) - count
        mayDiscard = left
        guard left <= 0 else { return }
        pauseReading()
        owner?.ended(nil)
    }

    package func close() {
        guard fd >= 0 else { return }
        sayGoodbye()
        end()
    }

    private func end() {
        owner = nil
        readEvent = nil
        writeEvent = nil
        isReading = false
        Glibc.close(fd)
        fd = -1
    }

    /// Ends the connection by RST, which leaves no TIME_WAIT on this side.
    package func reset() {
        guard isOpen else { return }
        Socket.resetOnClose(fd)
        end()
    }

    private var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    fileprivate func readable() {
        let buffer = EventLoop.receiveBuffer
        let count = recv(fd, buffer.baseAddress, buffer.count, 0)
        let error = errno
        if count > 0, mayDiscard != nil { return discard(count) }
        if count > 0 || isHoldingBack {
            isHoldingBack = false
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<max(0, count)])
            isGathering = true
            if let tls { opened(bytes, by: tls) } else { owner?.received(bytes) }
            isGathering = false
            return flush()
        }
        if count < 0, error == EAGAIN || error == EINTR { return }
        pauseReading()
        ended(count == 0 ? nil : .system(error, "read"))
    }

    private func ended(_ error: LoopError?) {
        // A probe that only connects has not failed a handshake.
        guard let tls, tls.hasHeard || !tls.isServer else {
            owner?.ended(error)
            return
        }
        guard !tls.isEstablished else {
            owner?.ended(error ?? tls.truncation)
            return
        }
        let error =
            error
            ?? LoopError(
                tls.isServer ? .tlsHandshake : .closed,
                "TLS: the peer closed the connection during the handshake"
            )
        if let handshake { handshake.fulfil(.failure(error)) } else { owner?.ended(error) }
    }

    private func flush() {
        guard isOpen else { return }
        if let tls { seal(by: tls) }
        if backlog > 0, !isWaitingToWrite { writeOut() }
        guard isOpen, backlog == 0 else { return }
        if closesWhenDrained { closeAsAnnounced() } else if mayDiscard != nil { shutdownSending() }
    }

    // MARK: TLS

    /// The protocol that both sides chose in the handshake (ALPN); nil: none.
    package var chosenProtocol: String? { tls?.chosenProtocol }

    /// The names in the certificate that the peer showed and that was verified.
    package var peerNames: [String] { tls?.peerNames ?? [] }

    /// Whether the peer has still to show who it is.
    package var isHandshaking: Bool { tls.map { !$0.isEstablished } ?? false }

    package var isTLS: Bool { tls != nil }

    /// A client's handshake. Nothing the peer says behind it is lost: it waits for `startReading`.
    func shakeHands(until deadline: Instant) async throws(LoopError) {
        guard let tls else { return }
        let waiter = Waiter<Void>()
        handshake = waiter
        defer { handshake = nil }
        try tls.start()
        startReading()
        flush()
        try await waiter.wait(until: deadline, "TLS handshake with \(peer?.description ?? "peer")")
        pauseReading()
    }

    private func opened(_ bytes: UnsafeRawBufferPointer, by tls: TLSSession) {
        do throws(LoopError) {
            try tls.feed(bytes)
            if let handshake {
                if tls.isEstablished {
                    pauseReading()
                    isHoldingBack = true
                    handshake.fulfil(.success(()))
                }
                return
            }
            var isEmpty = true
            let goesOn = try tls.open {
                isEmpty = false
                owner?.received($0)
                return isOpen
            }
            // Records that say nothing and want an answer each, from a peer that does not read.
            tls.takeOutput(into: &output)
            guard !isEmpty || output.count - sent <= 65536 else {
                throw LoopError.tls("TLS: the peer asks for ever and takes no answer")
            }
            guard !goesOn, isOpen else { return }
            pauseReading()
            owner?.ended(nil)
        } catch {
            // The alert that tells the peer why goes out first.
            seal(by: tls)
            writeOut()
            pauseReading()
            if let handshake { handshake.fulfil(.failure(error)) } else { owner?.ended(error) }
        }
    }

    private func seal(by tls: TLSSession) {
        if tls.isEstablished, !plain.isEmpty {
            plain.withUnsafeBytes { tls.seal($0) }
            plain.removeAll(keepingCapacity: plain.capacity <= 65536)
        }
        tls.takeOutput(into: &output)
    }

    /// Tells a TLS peer that this is the end, if the socket takes it at once.
    private func sayGoodbye() {
        guard let tls, backlog == 0 else { return }
        tls.finish()
        tls.takeOutput(into: &output)
        if backlog > 0 {
            _ = output.withUnsafeBytes {
                Glibc.send(fd, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
        }
        output.removeAll()
        sent = 0
    }

    private func closeAsAnnounced() {
        let owner = owner
        close()
        owner?.closed()
    }

    private func writeOut() {
        guard sent < output.count else { return }
        let count = output.withUnsafeBytes {
            let rest = UnsafeRawBufferPointer(rebasing: $0[sent...])
            return Glibc.send(fd, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
        }
        if count < 0 {
            let error = errno
            guard error == EAGAIN || error == EINTR else {
                output.removeAll()
                plain.removeAll()
                sent = 0
                pauseReading()
                if closesWhenDrained { return closeAsAnnounced() }
                ended(.system(error, "write"))
                return
            }
        } else {
            sent += count
        }
        if sent == output.count {
            emptied &+= 1
            let wasLarge = sent >= most
            output.removeAll(keepingCapacity: output.capacity <= 65536)
            sent = 0
            if wasLarge { waitToWrite() }
        } else {
            waitToWrite()
        }
    }

    private func waitToWrite() {
        if sent > 65536 {
            output.removeFirst(sent)
            sent = 0
        }
        isWaitingToWrite = true
        if writeEvent == nil { writeEvent = EventHandle(fd, EV_WRITE, onWritable, context) }
        writeEvent?.add()
    }

    fileprivate func writable() {
        isWaitingToWrite = false
        flush()
        if isOpen, backlog == 0 { owner?.drained() }
    }
}

// MARK: - Callbacks

private func channel(_ context: UnsafeMutableRawPointer?) -> Channel? {
    context.map { Unmanaged.fromOpaque($0).takeUnretainedValue() }
}

// The plain forms of isolated functions: libevent calls us on the loop's thread alone. Unlike
// `assumeIsolated` they check nothing and make no closure, which counts at each poll. The casts take
// the isolation off a function's type and change nothing else of it: no input can make them trap.
private typealias Plain = @Sendable (Channel) -> Void
private typealias Isolated = @EventLoop @Sendable (Channel) -> Void
private let readable = unsafeBitCast({ $0.readable() } as Isolated, to: Plain.self)
private let writable = unsafeBitCast({ $0.writable() } as Isolated, to: Plain.self)

private func onReadable(_: Int32, _: Int16, context: UnsafeMutableRawPointer?) {
    if let channel = channel(context) { readable(channel) }
}

private func onWritable(_: Int32, _: Int16, context: UnsafeMutableRawPointer?) {
    if let channel = channel(context) { writable(channel) }
}
