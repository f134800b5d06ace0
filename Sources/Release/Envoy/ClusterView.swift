/// One cluster of a Front as `/clusters` shows it.
package struct ClusterView: Hashable, Sendable {
    package var name: String
    package var hosts: [HostView]

    package init(name: String, hosts: [HostView]) {
        self.name = name
        self.hosts = hosts
    }

    package func host(at address: String) -> HostView? {
        hosts.first { $0.address == address }
    }
}

/// One host of a cluster: what the Front thinks of it, and what it sent there.
package struct HostView: Hashable, Sendable {
    /// As the plan writes it: `ip:port`, `[ip]:port` or `unix:/path`.
    package var address: String
    package var priority: Int
    package var flags: HealthFlags
    package var counters: HostCounters

    package init(
        address: String,
        priority: Int = 0,
        flags: HealthFlags = [],
        counters: HostCounters = HostCounters()
    ) {
        self.address = address
        self.priority = priority
        self.flags = flags
        self.counters = counters
    }

    /// Gets users' requests. A degraded host does when the others cannot carry them all.
    package var serves: Bool { flags.isDisjoint(with: .notServing) }

    /// Is left out because its health check fails, and not only for a while as an outlier is.
    package var isOut: Bool { !flags.isDisjoint(with: [.failedActive, .edsUnhealthy]) }
}

/// The health flags of a host, present only when true; none of them is health.
package struct HealthFlags: OptionSet, Hashable, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    package static let failedActive = HealthFlags(rawValue: 1 << 0)
    package static let failedOutlier = HealthFlags(rawValue: 1 << 1)
    package static let degraded = HealthFlags(rawValue: 1 << 2)
    package static let pendingRemoval = HealthFlags(rawValue: 1 << 3)
    package static let pendingActive = HealthFlags(rawValue: 1 << 4)
    /// Left out of the panic denominator: the mark of a planned drain.
    package static let excluded = HealthFlags(rawValue: 1 << 5)
    package static let timedOut = HealthFlags(rawValue: 1 << 6)
    package static let edsUnhealthy = HealthFlags(rawValue: 1 << 7)

    static let notServing: HealthFlags = [
        .failedActive, .failedOutlier, .pendingActive, .edsUnhealthy,
    ]

    /// Envoy's own words, for reports.
    package var words: [String] {
        let names: [(HealthFlags, String)] = [
            (.failedActive, "failed_active_health_check"),
            (.failedOutlier, "failed_outlier_check"),
            (.degraded, "failed_active_degraded_check"),
            (.pendingRemoval, "pending_dynamic_removal"),
            (.pendingActive, "pending_active_hc"),
            (.excluded, "excluded_via_immediate_hc_fail"),
            (.timedOut, "active_hc_timeout"),
            (.edsUnhealthy, "eds_unhealthy"),
        ]
        return names.compactMap { contains($0.0) ? $0.1 : nil }
    }
}

/// What a Front counts for a host in one cluster. Health checks are not among these.
package struct HostCounters: Hashable, Sendable {
    package var requests = 0
    package var successes = 0
    package var errors = 0
    package var timeouts = 0
    package var connectFailures = 0
    package var connections = 0
    /// A gauge: requests and streams open now.
    package var active = 0

    package init() {}
}
