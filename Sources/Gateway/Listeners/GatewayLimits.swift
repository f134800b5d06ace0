import HTTP

extension GatewayConfiguration {
    /// Bounds on what strangers and the gateway itself may use up. What meets one is counted in
    /// `healthgate_bounds_met_total`.
    package struct Limits: Hashable, Sendable {
        /// Connections of the health port, and of those from one peer's address. All polls that come
        /// through the sidecar come from one.
        package var connections = 1024
        package var connectionsPerPeer = 512
        /// Connections of the admin port.
        package var adminConnections = 128
        package var streamsPerConnection = 100
        package var requestLine = 8 << 10
        package var headerBytes = 16 << 10
        package var headerCount = 100
        package var bodyBytes = 64 << 10
        /// Above the longest pause between two polls of an edge (Envoy's `no_traffic_interval` is
        /// 60 s), or the closing of an idle connection races with a poll and looks like a failure.
        package var idle: Duration = .seconds(300)
        package var headersWithin: Duration = .seconds(10)
        package var requestWithin: Duration = .seconds(15)
        package var takenWithin: Duration = .seconds(10)
        /// Bytes waiting for one peer, above which nothing more is read from it.
        package var backlog = 64 << 10
        /// HTTP/2 frames that ask for nothing, at once and in each second, of one connection.
        package var idleFrames = 100
        /// Those who follow `/events`.
        package var followers = 32
        /// Outgoing probes at one time.
        package var probes = 64
        /// Rows of the table of edge checkers.
        package var edges = 64

        package init() {}
    }
}

extension HTTPLimits {
    /// Of both ports, but for the number of their connections.
    private init(_ limits: GatewayConfiguration.Limits) {
        self.init()
        maxStreams = limits.streamsPerConnection
        maxRequestLine = limits.requestLine
        maxHeaderBytes = limits.headerBytes
        maxHeaders = limits.headerCount
        maxBody = limits.bodyBytes
        idleTimeout = limits.idle
        headerTimeout = limits.headersWithin
        bodyTimeout = limits.requestWithin
        requestTimeout = limits.requestWithin
        takeTimeout = limits.takenWithin
        maxBacklog = limits.backlog
        maxIdleFrames = limits.idleFrames
    }

    static func health(_ limits: GatewayConfiguration.Limits) -> HTTPLimits {
        var own = HTTPLimits(limits)
        own.maxConnections = limits.connections
        own.maxConnectionsPerPeer = limits.connectionsPerPeer
        return own
    }

    static func admin(_ limits: GatewayConfiguration.Limits) -> HTTPLimits {
        var own = HTTPLimits(limits)
        own.maxConnections = limits.adminConnections
        own.maxConnectionsPerPeer = limits.adminConnections
        return own
    }
}

extension Int {
    /// Outgoing probes at one time, where nobody says how many: with a check's usual timeout below its
    /// interval all may hang, and none has to wait.
    package static func probes(forChecks count: Int) -> Int {
        Swift.min(Swift.max(count, 64), 1000)
    }
}
