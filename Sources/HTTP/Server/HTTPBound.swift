/// What one peer may take of a server, or all of them together. Beyond each of these comes a clear
/// refusal, which is counted here, and never growth.
package enum HTTPBound: String, CaseIterable, Sendable {
    /// More connections than the server holds: the new one is reset, or one that never said a word
    /// is cut for it.
    case connections
    /// The same, of one peer's address (of an IPv6 peer: its /64).
    case connectionsPerPeer = "connections_per_peer"
    /// The process had no descriptor for a new connection: one that never said a word is cut.
    case descriptors
    /// A request line that is too long (414).
    case requestLine = "request_line"
    /// A head, or trailers, of too many bytes (431).
    case headerBytes = "header_bytes"
    /// A head, or trailers, of too many fields (431).
    case headerCount = "header_count"
    /// A body that is too large (413).
    case body
    /// More HTTP/2 streams at one time than were announced.
    case streams
    /// A head that is not whole in time, from its first byte or from that of its TLS handshake.
    case headersWithin = "headers_within"
    /// A request that is not whole in time, from its first byte.
    case requestWithin = "request_within"
    /// An answer that the peer does not take in time.
    case takenWithin = "taken_within"
    /// Nothing under way for long: no offence, the connection ends politely.
    case idle
    /// HTTP/2 frames that ask for nothing: resets, pings, settings, empty data, and the like.
    case flood
    /// Bytes that are no HTTP.
    case malformed
    /// A TLS handshake that failed.
    case handshake
}

/// How often each bound was met, since the start.
package struct HTTPBoundCounts: Hashable, Sendable {
    private var counts = [Int](repeating: 0, count: HTTPBound.allCases.count)

    package init() {}

    package subscript(_ bound: HTTPBound) -> Int {
        get { counts[HTTPBoundCounts.index(bound)] }
        set { counts[HTTPBoundCounts.index(bound)] = newValue }
    }

    private static func index(_ bound: HTTPBound) -> Int {
        HTTPBound.allCases.firstIndex(of: bound) ?? 0
    }
}
