/// Reads the clusters of `GET /config_dump`, whole or by `?resource=static_clusters` and
/// `?resource=dynamic_active_clusters`.
package enum ConfigDumpAnswer {
    package static func decode(_ json: [UInt8]) throws(EnvoyFormatError) -> FrontConfig {
        let dump = try decodeEnvoy(Dump.self, from: json, "/config_dump")
        var config = FrontConfig()
        for entry in dump.configs ?? [] {
            let sections = (entry.fixed ?? []) + (entry.dynamic ?? [])
            for cluster in [entry.cluster] + sections.map(\.cluster) {
                guard let cluster else { continue }
                config.clusters[cluster.name] = ClusterSettings(cluster)
            }
        }
        return config
    }
}

extension ClusterSettings {
    fileprivate init(_ cluster: Cluster) {
        self.init()
        mergeWindow = cluster.common?.mergeWindow?.value ?? mergeWindow
        if let threshold = cluster.common?.panic { panicThreshold = threshold.value ?? 0 }
        if let factor = cluster.assignment?.policy?.overprovisioning {
            overprovisioning = Double(factor.value)
        }
        checks = (cluster.checks ?? []).map(HealthCheckSettings.init)
    }
}

extension HealthCheckSettings {
    fileprivate init(_ check: Cluster.Check) {
        self.init()
        interval = check.interval?.value ?? interval
        timeout = check.timeout?.value ?? timeout
        noTrafficInterval = max(
            check.noTraffic?.value ?? .seconds(60),
            check.noTrafficHealthy?.value ?? .zero
        )
        unhealthyInterval = check.unhealthyInterval?.value
        healthyEdgeInterval = check.healthyEdgeInterval?.value
        jitter = max(
            check.jitter?.value ?? .zero,
            interval * Double(check.jitterPercent?.value ?? 0) / 100
        )
        healthyThreshold = check.healthyThreshold?.value ?? healthyThreshold
        isHTTP = check.http != nil
        retriable = (check.http?.retriable ?? []).compactMap { range in
            guard let start = range.start?.value, let end = range.end?.value, start < end else {
                return nil
            }
            return start..<end
        }
    }
}

// MARK: - As Envoy writes it

private struct Dump: Decodable {
    let configs: [Entry]?
}

private struct Entry: Decodable {
    let cluster: Cluster?
    let fixed: [Section]?
    let dynamic: [Section]?
    enum CodingKeys: String, CodingKey {
        case cluster
        case fixed = "static_clusters"
        case dynamic = "dynamic_active_clusters"
    }

    struct Section: Decodable { let cluster: Cluster? }
}

private struct Cluster: Decodable {
    let name: String
    let common: Common?
    let assignment: Assignment?
    let checks: [Check]?
    enum CodingKeys: String, CodingKey {
        case name
        case common = "common_lb_config"
        case assignment = "load_assignment"
        case checks = "health_checks"
    }

    struct Common: Decodable {
        // An empty wrapper is a percentage of 0, which is written without its value.
        struct Percent: Decodable { let value: Double? }
        let mergeWindow: EnvoyDuration?
        let panic: Percent?
        enum CodingKeys: String, CodingKey {
            case mergeWindow = "update_merge_window"
            case panic = "healthy_panic_threshold"
        }
    }

    struct Assignment: Decodable {
        struct Policy: Decodable {
            let overprovisioning: EnvoyCount?
            enum CodingKeys: String, CodingKey { case overprovisioning = "overprovisioning_factor" }
        }
        let policy: Policy?
    }

    struct Check: Decodable {
        struct HTTP: Decodable {
            struct Statuses: Decodable {
                let start: EnvoyCount?
                let end: EnvoyCount?
            }
            let retriable: [Statuses]?
            enum CodingKeys: String, CodingKey { case retriable = "retriable_statuses" }
        }
        let interval: EnvoyDuration?
        let timeout: EnvoyDuration?
        let noTraffic: EnvoyDuration?
        let noTrafficHealthy: EnvoyDuration?
        let unhealthyInterval: EnvoyDuration?
        let healthyEdgeInterval: EnvoyDuration?
        let jitter: EnvoyDuration?
        let jitterPercent: EnvoyCount?
        let healthyThreshold: EnvoyCount?
        let http: HTTP?
        enum CodingKeys: String, CodingKey {
            case interval, timeout
            case noTraffic = "no_traffic_interval"
            case noTrafficHealthy = "no_traffic_healthy_interval"
            case unhealthyInterval = "unhealthy_interval"
            case healthyEdgeInterval = "healthy_edge_interval"
            case jitter = "interval_jitter"
            case jitterPercent = "interval_jitter_percent"
            case healthyThreshold = "healthy_threshold"
            case http = "http_health_check"
        }
    }
}
