/// What a Front's own configuration says about the clusters that hold our hosts: read, never
/// assumed, because the limits of a drain and the rules of panic follow from it.
package struct FrontConfig: Hashable, Sendable {
    package var clusters: [String: ClusterSettings]

    package init(clusters: [String: ClusterSettings] = [:]) {
        self.clusters = clusters
    }

    /// The cluster's settings; Envoy's defaults for one that the dump does not know (its
    /// configuration was changed since, or the dump is not allowed).
    package func settings(of cluster: String) -> ClusterSettings {
        clusters[cluster] ?? ClusterSettings()
    }
}

/// One cluster's settings that matter to a release, with Envoy's defaults.
package struct ClusterSettings: Hashable, Sendable {
    /// How long workers may go on choosing a host after the admin interface shows it out.
    package var mergeWindow: Duration = .seconds(1)
    /// In percent; 0 is never.
    package var panicThreshold: Double = 50
    package var overprovisioning: Double = 140
    package var checks: [HealthCheckSettings] = []

    package init() {}

    /// The most a Front takes from a planned drain's first 503 to its flag: one check, late by its
    /// jitter, on a cluster that may never have had traffic.
    package var exclusionLimit: Duration {
        (checks.map(\.slowest).max() ?? .seconds(60)) + mergeWindow
    }

    /// The most a Front takes to believe a host that was out.
    package var returnLimit: Duration {
        (checks.map { $0.slowest * max(1, $0.healthyThreshold) }.max() ?? .seconds(120))
            + mergeWindow
    }
}

/// One active health check of a cluster.
package struct HealthCheckSettings: Hashable, Sendable {
    package var interval: Duration = .seconds(60)
    package var timeout: Duration = .seconds(1)
    package var noTrafficInterval: Duration = .seconds(60)
    package var unhealthyInterval: Duration?
    package var healthyEdgeInterval: Duration?
    package var jitter: Duration = .zero
    package var healthyThreshold = 1
    /// Half-open ranges of HTTP statuses that count to the threshold instead of at once.
    package var retriable: [Range<Int>] = []
    package var isHTTP = true

    package init() {}

    /// The longest time from one check to the end of the next.
    var slowest: Duration {
        max(
            interval,
            noTrafficInterval,
            unhealthyInterval ?? interval,
            healthyEdgeInterval ?? interval
        ) + jitter + timeout
    }
}
