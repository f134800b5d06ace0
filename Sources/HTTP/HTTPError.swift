package import Loop

/// Why a client got no whole answer.
package struct HTTPError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// The connection could not be made or broke.
        case connection(LoopError.Kind)
        case timedOut
        /// The peer broke the rules of HTTP.
        case `protocol`
        case tooLarge
        /// The stream was reset, with HTTP/2's error code (RFC 9113 section 7).
        case reset(UInt32)
        /// The peer promises that it has not looked at the request.
        case refusedStream
        case cancelled
    }

    package let kind: Kind
    package let message: String
    /// Whether any byte of an answer had come when it failed.
    package let afterFirstByte: Bool
    /// HTTP/2's error code of a GOAWAY that had come from the peer.
    package let goAway: UInt32?

    package init(
        _ kind: Kind,
        _ message: String,
        afterFirstByte: Bool = false,
        goAway: UInt32? = nil
    ) {
        self.kind = kind
        self.message = message
        self.afterFirstByte = afterFirstByte
        self.goAway = goAway
    }

    package init(_ error: LoopError, afterFirstByte: Bool = false) {
        let kind: Kind =
            switch error.kind {
            case .timedOut: .timedOut
            case .cancelled: .cancelled
            default: .connection(error.kind)
            }
        self.init(kind, error.message, afterFirstByte: afterFirstByte)
    }

    package var description: String { message }
}
