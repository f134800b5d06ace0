import CLibevent
import Glibc

/// Small calls on socket descriptors that Swift sees badly; every descriptor is non-blocking and
/// closed on exec.
enum Socket {
    static func make(_ family: Int32) throws(LoopError) -> Int32 {
        let fd = stream_socket(family)
        guard fd >= 0 else { throw .system(errno, "open a socket") }
        return fd
    }

    static func set(_ fd: Int32, _ level: Int32, _ option: Int32, _ value: Int32 = 1) {
        var value = value
        setsockopt(fd, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    static func noDelay(_ fd: Int32) { set(fd, Int32(IPPROTO_TCP), TCP_NODELAY) }

    /// Finds out, within two minutes or so, a peer that vanished without a word (tcp(7)).
    static func keepAlive(_ fd: Int32) {
        set(fd, SOL_SOCKET, SO_KEEPALIVE)
        set(fd, Int32(IPPROTO_TCP), TCP_KEEPIDLE, 60)
        set(fd, Int32(IPPROTO_TCP), TCP_KEEPINTVL, 15)
        set(fd, Int32(IPPROTO_TCP), TCP_KEEPCNT, 4)
    }

    /// Takes the pending error of a socket, as after a non-blocking connect.
    static func pendingError(_ fd: Int32) -> Int32 {
        var error: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno
    }

    static func localAddress(_ fd: Int32) -> SocketAddress? { address(fd, getsockname) }

    static func peerAddress(_ fd: Int32) -> SocketAddress? { address(fd, getpeername) }

    private static func address(
        _ fd: Int32,
        _ call: (Int32, UnsafeMutablePointer<sockaddr>?, UnsafeMutablePointer<socklen_t>?) -> Int32
    ) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call(fd, $0, &length) == 0 ? SocketAddress($0) : nil
            }
        }
    }

    /// Makes `close` send a reset instead of FIN.
    static func resetOnClose(_ fd: Int32) {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            fd,
            SOL_SOCKET,
            SO_LINGER,
            &linger,
            socklen_t(MemoryLayout<linger>.size)
        )
    }
}
