import CLibevent
import Glibc

/// A numeric address to connect to or listen on: an IP with a port, or the path of a Unix socket.
package struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    private enum Form: Hashable, Sendable {
        case ipv4(UInt32, UInt16)  // as in sockaddr_in: network order, host order
        case ipv6([UInt8], UInt16, scope: UInt32)
        case unix(String)
    }

    private let form: Form

    /// Reads `127.0.0.1:80`, `[::1]:80` or `unix:/run/x.sock`; nil for a name or anything else.
    package init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = text.dropFirst(5)
            guard !path.isEmpty, path.utf8.count < 108, !path.utf8.contains(0) else { return nil }
            self.init(form: .unix(String(path)))
            return
        }
        guard let (host, port) = splitHostPort(text) else { return nil }
        self.init(ip: host, port: port)
    }

    /// An IP in numbers, without brackets, and its port.
    package init?(ip: String, port: UInt16) {
        var v4 = in_addr()
        if inet_pton(AF_INET, ip, &v4) == 1 {
            self.init(form: .ipv4(v4.s_addr, port))
            return
        }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, ip, &v6) == 1 else { return nil }
        self.init(form: .ipv6(withUnsafeBytes(of: &v6) { Array($0) }, port, scope: 0))
    }

    package static func unix(_ path: String) -> SocketAddress {
        SocketAddress(form: .unix(path))
    }

    private init(form: Form) { self.form = form }

    package var port: Int? {
        switch form {
        case .ipv4(_, let port), .ipv6(_, let port, _): Int(port)
        case .unix: nil
        }
    }

    /// The IP in numbers, without brackets.
    package var ip: String? {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        switch form {
        case .ipv4(let raw, _):
            var address = in_addr(s_addr: raw)
            inet_ntop(AF_INET, &address, &text, socklen_t(text.count))
        case .ipv6(let bytes, _, _):
            bytes.withUnsafeBytes {
                _ = inet_ntop(AF_INET6, $0.baseAddress, &text, socklen_t(text.count))
            }
        case .unix: return nil
        }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    package var unixPath: String? {
        guard case .unix(let path) = form else { return nil }
        return path
    }

    /// Whether only this machine can reach it.
    package var isLoopback: Bool {
        switch form {
        case .ipv4(let raw, _): UInt32(bigEndian: raw) >> 24 == 127
        case .ipv6(let bytes, _, _): bytes == [UInt8](repeating: 0, count: 15) + [1]
        case .unix: true
        }
    }

    /// `0.0.0.0` or `::`: every address of this machine, and the name of none.
    package var isUnspecified: Bool {
        switch form {
        case .ipv4(let raw, _): raw == 0
        case .ipv6(let bytes, _, _): bytes.allSatisfy { $0 == 0 }
        case .unix: false
        }
    }

    /// Whose address it is, for bounds on one peer: an IPv4 address, or the /64 of an IPv6 one, which
    /// is the least that one customer gets (RFC 6177). A Unix socket's peer has none.
    package var network: Network? {
        switch form {
        case .ipv4(let raw, _): Network(high: 0, low: UInt64(raw))
        case .ipv6(let bytes, _, _):
            Network(high: 1, low: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
        case .unix: nil
        }
    }

    package struct Network: Hashable, Sendable {
        fileprivate let high: UInt8
        fileprivate let low: UInt64
    }

    package func with(port: UInt16) -> SocketAddress {
        switch form {
        case .ipv4(let raw, _): SocketAddress(form: .ipv4(raw, port))
        case .ipv6(let bytes, _, let scope):
            SocketAddress(form: .ipv6(bytes, port, scope: scope))
        case .unix: self
        }
    }

    package var description: String {
        switch form {
        case .ipv4(_, let port): "\(ip ?? "?"):\(port)"
        case .ipv6(_, let port, _): "[\(ip ?? "?")]:\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }

    var family: Int32 {
        switch form {
        case .ipv4: AF_INET
        case .ipv6: AF_INET6
        case .unix: AF_UNIX
        }
    }

    /// Calls with the C form, valid only during the call.
    func withCAddress<Answer>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Answer) -> Answer {
        var storage = sockaddr_storage()
        let length: Int
        switch form {
        case .ipv4(let raw, let port):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = raw
            length = MemoryLayout<sockaddr_in>.size
            withUnsafeMutableBytes(of: &storage) {
                $0.storeBytes(of: address, as: sockaddr_in.self)
            }
        case .ipv6(let bytes, let port, let scope):
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_scope_id = scope
            withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: bytes) }
            length = MemoryLayout<sockaddr_in6>.size
            withUnsafeMutableBytes(of: &storage) {
                $0.storeBytes(of: address, as: sockaddr_in6.self)
            }
        case .unix(let path):
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) {
                $0.copyBytes(from: path.utf8.prefix(107))
            }
            length = MemoryLayout<sockaddr_un>.size
            withUnsafeMutableBytes(of: &storage) {
                $0.storeBytes(of: address, as: sockaddr_un.self)
            }
        }
        return withUnsafePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(length)) }
        }
    }

    /// The address that a C call has filled in.
    init?(_ address: UnsafePointer<sockaddr>) {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            form = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                .ipv4($0.pointee.sin_addr.s_addr, UInt16(bigEndian: $0.pointee.sin_port))
            }
        case AF_INET6:
            form = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                var raw = $0.pointee.sin6_addr
                return .ipv6(
                    withUnsafeBytes(of: &raw) { Array($0) },
                    UInt16(bigEndian: $0.pointee.sin6_port),
                    scope: $0.pointee.sin6_scope_id
                )
            }
        case AF_UNIX: form = .unix("")
        default: return nil
        }
    }
}

/// Splits `host:port` or `[v6]:port`.
func splitHostPort(_ text: String) -> (host: String, port: UInt16)? {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...])
    else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
        host = host.dropFirst().dropLast()
    } else if host.contains(":") {
        return nil
    }
    return host.isEmpty ? nil : (String(host), port)
}
