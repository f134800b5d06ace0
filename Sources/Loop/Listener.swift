import CLibevent
import Glibc

/// Accepts connections on one address, and says how many the process had no descriptor for.
@EventLoop
package final class Listener {
    /// The bound address, with the real port when 0 was asked for.
    package let address: SocketAddress
    private var fd: Int32
    private var event: EventHandle?
    private var retry: Timer?
    private let accepted: @EventLoop (Channel) -> Void
    /// With what the next connections are sealed; nil: they are plain.
    package var tls: TLSContext?
    /// Connections that had to wait because descriptors had run out.
    private(set) package var starved = 0
    /// Called when descriptors have run out. True: one has become free.
    package var onStarved: (() -> Bool)?

    /// Binds and listens; `accepted` is called for each connection, which it must keep.
    package init(
        _ address: SocketAddress,
        tls: TLSContext? = nil,
        accepted: @escaping @EventLoop (Channel) -> Void
    ) throws(LoopError) {
        let fd = try Socket.make(address.family)
        if let path = address.unixPath {
            try removeStaleSocket(path)
        } else {
            Socket.set(fd, SOL_SOCKET, SO_REUSEADDR)
            // Accepted sockets inherit both.
            Socket.noDelay(fd)
            Socket.keepAlive(fd)
        }
        var bound = address.withCAddress { bind(fd, $0, $1) } == 0
        // To connect is to write. Whoever may enter the folder may connect, whatever the umask of
        // this process: who it is, `Channel.peerUser` tells.
        if bound, let path = address.unixPath { bound = chmod(path, 0o666) == 0 }
        bound = bound && listen(fd, 4096) == 0
        guard bound else {
            let error = errno
            Glibc.close(fd)
            throw .system(error, "listen on \(address)")
        }
        self.fd = fd
        self.address = address.unixPath == nil ? Socket.localAddress(fd) ?? address : address
        self.accepted = accepted
        self.tls = tls
        let context = Unmanaged.passUnretained(self).toOpaque()
        event = EventHandle(fd, EV_READ | EV_PERSIST, onAcceptable, context)
        event?.add()
    }

    isolated deinit { close() }

    package func close() {
        guard fd >= 0 else { return }
        event = nil
        retry = nil
        Glibc.close(fd)
        fd = -1
        if let path = address.unixPath { unlink(path) }
    }

    /// Takes what waits, a bounded number a turn so that open connections are served between.
    fileprivate func acceptable() {
        for _ in 0..<64 {
            let accepted = accept_stream(fd)
            if accepted >= 0 {
                let channel = Channel(adopting: accepted, peer: Socket.peerAddress(accepted))
                if let tls {
                    guard let session = try? TLSSession(tls) else { continue }  // out of memory
                    channel.tls = session
                }
                self.accepted(channel)
                if fd < 0 { return }
                continue
            }
            let error = errno
            switch error {
            case ECONNABORTED, EINTR: continue
            case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                starved += 1
                if onStarved?() != true { return pause() }
            default: return
            }
        }
    }

    /// A level-triggered event would spin while no descriptor is free: look again a little later.
    private func pause() {
        event?.remove()
        retry = Timer(after: .milliseconds(50)) { [weak self] in self?.event?.add() }
    }
}

/// Frees the path of a Unix socket that a killed process left behind, and only such a one.
@EventLoop
private func removeStaleSocket(_ path: String) throws(LoopError) {
    var info = stat()
    guard lstat(path, &info) == 0 else { return }
    guard info.st_mode & S_IFMT == S_IFSOCK else {
        throw LoopError(.system, "listen on unix:\(path): a file that is no socket is there")
    }
    let fd = try Socket.make(AF_UNIX)
    defer { close(fd) }
    let answer = SocketAddress.unix(path).withCAddress { connect(fd, $0, $1) }
    guard answer != 0, errno == ECONNREFUSED else {
        throw LoopError(.system, "listen on unix:\(path): another process listens there")
    }
    unlink(path)
}

// MARK: - Callbacks

private func onAcceptable(_: Int32, _: Int16, context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    let listener = Unmanaged<Listener>.fromOpaque(context).takeUnretainedValue()
    EventLoop.assumeIsolated { listener.acceptable() }
}
