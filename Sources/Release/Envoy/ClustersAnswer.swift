/// Reads `GET /clusters?format=json`.
///
/// Zero values have no `value` there, the others are strings; flags are present only when true
/// (`eds_health_status` always is, with `HEALTHY` where there is no EDS).
package enum ClustersAnswer {
    package static func decode(_ json: [UInt8]) throws(EnvoyFormatError) -> [ClusterView] {
        let answer = try decodeEnvoy(Answer.self, from: json, "/clusters")
        return (answer.clusterStatuses ?? []).map { cluster in
            ClusterView(
                name: cluster.name,
                hosts: (cluster.hostStatuses ?? []).compactMap(HostView.init)
            )
        }
    }
}

extension HostView {
    fileprivate init?(_ host: HostStatus) {
        guard let address = host.address?.text else { return nil }
        self.init(
            address: address,
            priority: host.priority?.value ?? 0,
            flags: host.healthStatus?.flags ?? [],
            counters: HostCounters(host.stats ?? [])
        )
    }
}

extension HostCounters {
    fileprivate init(_ stats: [HostStatus.Stat]) {
        self.init()
        for stat in stats {
            let value = stat.value?.value ?? 0
            switch stat.name {
            case "rq_total": requests = value
            case "rq_success": successes = value
            case "rq_error": errors = value
            case "rq_timeout": timeouts = value
            case "rq_active": active = value
            case "cx_connect_fail": connectFailures = value
            case "cx_total": connections = value
            default: break
            }
        }
    }
}

// MARK: - As Envoy writes it

private struct Answer: Decodable {
    let clusterStatuses: [ClusterStatus]?
    enum CodingKeys: String, CodingKey { case clusterStatuses = "cluster_statuses" }
}

private struct ClusterStatus: Decodable {
    let name: String
    let hostStatuses: [HostStatus]?
    enum CodingKeys: String, CodingKey {
        case name
        case hostStatuses = "host_statuses"
    }
}

private struct HostStatus: Decodable {
    struct Stat: Decodable {
        let name: String
        let value: EnvoyCount?
    }

    let address: Address?
    let stats: [Stat]?
    let healthStatus: HealthStatus?
    let priority: EnvoyCount?
    enum CodingKeys: String, CodingKey {
        case address, stats, priority
        case healthStatus = "health_status"
    }
}

private struct Address: Decodable {
    struct Socket: Decodable {
        let address: String
        let port: EnvoyCount?
        enum CodingKeys: String, CodingKey {
            case address
            case port = "port_value"
        }
    }

    struct Pipe: Decodable { let path: String }

    let socket: Socket?
    let pipe: Pipe?
    enum CodingKeys: String, CodingKey {
        case socket = "socket_address"
        case pipe
    }

    var text: String? {
        if let pipe { return "unix:\(pipe.path)" }
        guard let socket else { return nil }
        let ip = socket.address.contains(":") ? "[\(socket.address)]" : socket.address
        return "\(ip):\(socket.port?.value ?? 0)"
    }
}

private struct HealthStatus: Decodable {
    let failedActive: Bool?
    let failedOutlier: Bool?
    let degraded: Bool?
    let pendingRemoval: Bool?
    let pendingActive: Bool?
    let excluded: Bool?
    let timedOut: Bool?
    let eds: String?
    enum CodingKeys: String, CodingKey {
        case failedActive = "failed_active_health_check"
        case failedOutlier = "failed_outlier_check"
        case degraded = "failed_active_degraded_check"
        case pendingRemoval = "pending_dynamic_removal"
        case pendingActive = "pending_active_hc"
        case excluded = "excluded_via_immediate_hc_fail"
        case timedOut = "active_hc_timeout"
        case eds = "eds_health_status"
    }

    var flags: HealthFlags {
        var flags: HealthFlags = []
        if failedActive == true { flags.insert(.failedActive) }
        if failedOutlier == true { flags.insert(.failedOutlier) }
        if degraded == true || eds == "DEGRADED" { flags.insert(.degraded) }
        if pendingRemoval == true { flags.insert(.pendingRemoval) }
        if pendingActive == true { flags.insert(.pendingActive) }
        if excluded == true { flags.insert(.excluded) }
        if timedOut == true { flags.insert(.timedOut) }
        // DRAINING and TIMEOUT show as themselves or as UNHEALTHY; a host of either gets nothing.
        if let eds, ["UNHEALTHY", "DRAINING", "TIMEOUT"].contains(eds) {
            flags.insert(.edsUnhealthy)
        }
        return flags
    }
}
