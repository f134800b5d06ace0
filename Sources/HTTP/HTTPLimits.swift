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
    /// How long a head may take from its first byte.
    package var headerTimeout: Duration = .seconds(10)
    /// How long a body may take without a byte.
    package var bodyTimeout: Duration = .seconds(30)
    /// How long a connection may stay open with nothing under way.
    package var idleTimeout: Duration = .seconds(120)

    package init() {}
}
