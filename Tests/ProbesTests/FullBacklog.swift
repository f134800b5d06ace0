import Glibc
import Loop
import Testing

/// A port whose queue of connections is full: a further connect hangs, as behind a dead firewall.
final class FullBacklog {
    let address: SocketAddress
    private var sockets: [Int32] = []

    init() throws {
        let listener = try Self.socket()
        sockets.append(listener)
        var raw = sockaddr_in()
        raw.sin_family = sa_family_t(AF_INET)
        raw.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &raw) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 0) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        try #require(isBound)
        address = try #require(SocketAddress("127.0.0.1:\(UInt16(bigEndian: raw.sin_port))"))
        // A backlog of 0 takes one connection; the rest of these are left hanging too.
        for _ in 0..<3 {
            let filler = try Self.socket()
            sockets.append(filler)
            _ = withUnsafeMutablePointer(to: &raw) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(filler, $0, length) }
            }
        }
    }

    deinit { for socket in sockets { close(socket) } }

    private static func socket() throws -> Int32 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(socket >= 0 && fcntl(socket, F_SETFL, O_NONBLOCK) == 0)
        return socket
    }
}
