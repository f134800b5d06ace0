package import Loop

/// A Front Envoy's admin interface, as the driver needs it. Only read, never told anything.
@EventLoop
package protocol FrontAdmin: AnyObject, Sendable {
    var name: String { get }
    /// What the Front says about our hosts now; never throws: silence is an answer, "unknown".
    func look(until: Instant) async -> FrontReading
    func config(until: Instant) async throws(FrontError) -> FrontConfig
    /// Counters of the clusters that hold our hosts, by cluster; nil when it does not answer.
    func counters(of clusters: Set<String>, until: Instant) async -> [String: ClusterCounters]?
}

/// Why a Front could not be read.
package struct FrontError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// What a Front counts for a whole cluster, as far as a release may have to answer for it.
package struct ClusterCounters: Codable, Hashable, Sendable {
    package var requests = 0
    package var serverErrors = 0
    package var resets = 0
    package var retries = 0
    package var timeouts = 0
    /// Connections that ended with requests still on them.
    package var cut = 0
    /// Requests that were routed in panic.
    package var panicPicks = 0

    package init() {}
}
