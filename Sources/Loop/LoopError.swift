import Glibc

/// A failure of I/O, in words that an operator can act on.
package struct LoopError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        case timedOut, refused, reset, closed, unreachable, dns, cancelled, limit, system
        /// The handshake failed, or a record was broken.
        case tlsHandshake
        /// One side refused the other's certificate.
        case tlsVerify
        /// A certificate, key or list of authorities cannot be used.
        case tlsFiles

        package var isTLS: Bool { [.tlsHandshake, .tlsVerify, .tlsFiles].contains(self) }
    }

    package let kind: Kind
    package let message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package var description: String { message }

    /// Whether it is TLS that failed, and not what carries it.
    package var isTLS: Bool { kind.isTLS }

    /// An `errno` value with what was being tried.
    package static func system(_ number: Int32, _ attempt: String) -> LoopError {
        let kind: Kind =
            switch number {
            case ECONNREFUSED, ENOENT: .refused
            case ECONNRESET, EPIPE, ECONNABORTED: .reset
            case ETIMEDOUT: .timedOut
            case EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL: .unreachable
            case EMFILE, ENFILE: .limit
            default: .system
            }
        return LoopError(kind, "\(attempt): \(String(cString: strerror(number)))")
    }

    package static let closed = LoopError(.closed, "the connection is closed")
    package static let cancelled = LoopError(.cancelled, "cancelled")

    package static func timedOut(_ attempt: String) -> LoopError {
        LoopError(.timedOut, "\(attempt): no answer in time")
    }
}
