/// What one peer may take of us; beyond each bound comes a clear refusal, never growth.
package struct HTTPLimits: Hashable, Sendable {
    /// Method, target and version with their line end, in bytes; beyond it 414.
    package var maxRequestLine = 8 << 10
    /// A whole head, its first line included, in bytes; beyond it 431. Trailers are held to it too.
    package var maxHeaderBytes = 16 << 10
    /// Header fields in a head or in trailers; beyond it 431.
    package var maxHeaders = 100
    /// A whole body in bytes; beyond it 413.
    package var maxBody = 1 << 20
    /// Concurrent HTTP/2 streams on a connection.
    package var maxStreams = 128
    /// Open connections of a server.
    package var maxConnections = 4096
    /// Of those, from one peer's address.
    package var maxConnectionsPerPeer = 1024
    /// How long a head may take from its first byte, and a TLS handshake.
    package var headerTimeout: Duration = .seconds(10)
    /// How long a body may take without a byte.
    package var bodyTimeout: Duration = .seconds(30)
    /// How long a request may take in all, its body included, unless the handler streams it.
    package var requestTimeout: Duration = .seconds(60)
    /// How long a peer may have part of an answer waiting for it: without having taken all of what
    /// there is for it even once (HTTP/1), or without an answer that is complete (HTTP/2).
    package var takeTimeout: Duration = .seconds(10)
    /// How long a connection may stay open with nothing under way.
    package var idleTimeout: Duration = .seconds(120)
    /// Bytes waiting for a peer, above which nothing more is read from it.
    package var maxBacklog = 64 << 10
    /// HTTP/2 frames that ask for nothing, at once and in each second; as many again come with each
    /// answer as a fair client needs.
    package var maxIdleFrames = 100

    /// How long a peer that was refused may take to read why.
    static let farewell: Duration = .seconds(1)

    package init() {}
}
