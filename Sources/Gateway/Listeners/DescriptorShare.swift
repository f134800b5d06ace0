/// How the descriptors of the process are shared out.
///
/// Where there are fewer than the limits ask for, the admin port gives way first, then the probes, and
/// the health port last: an edge that gets no answer takes the host out.
package struct DescriptorShare: Hashable, Sendable {
    /// With these, all connections and probes together fit.
    package private(set) var limits: GatewayConfiguration.Limits
    /// What was cut down, for the log; nil: nothing.
    package private(set) var shortage: String?

    /// Standard streams, the event loop, state files, the sidecar's admin, resolver and log.
    private static let others = 64

    /// How many it takes to keep all limits.
    package static func wanted(_ limits: GatewayConfiguration.Limits) -> Int {
        others + limits.connections + limits.adminConnections + limits.probes
    }

    package init(_ wanted: GatewayConfiguration.Limits, available: Int) {
        limits = wanted
        var short = DescriptorShare.wanted(wanted) - available
        guard short > 0 else { return }
        func give(_ value: inout Int, least: Int) {
            let given = min(short, max(0, value - least))
            value -= given
            short -= given
        }
        give(&limits.adminConnections, least: 8)
        give(&limits.probes, least: 8)
        give(&limits.connections, least: 16)
        limits.connectionsPerPeer = min(limits.connectionsPerPeer, limits.connections)
        shortage =
            "the limit of open files is \(available), of which the health port gets "
            + "\(limits.connections) of \(wanted.connections) connections, probes \(limits.probes) of "
            + "\(wanted.probes), the admin port \(limits.adminConnections) of "
            + "\(wanted.adminConnections); raise it (LimitNOFILE, ulimit -n) to "
            + "\(DescriptorShare.wanted(wanted))"
    }
}
