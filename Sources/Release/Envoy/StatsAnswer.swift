/// Reads `GET /stats?format=json`, in which values are numbers.
package enum StatsAnswer {
    private static let names: [String: any WritableKeyPath<ClusterCounters, Int> & Sendable] = [
        "upstream_rq_total": \.requests,
        "upstream_rq_5xx": \.serverErrors,
        "upstream_rq_rx_reset": \.resets,
        "upstream_rq_retry": \.retries,
        "upstream_rq_timeout": \.timeouts,
        "upstream_cx_destroy_with_active_rq": \.cut,
        "lb_healthy_panic": \.panicPicks,
    ]

    /// The `filter` for those, percent-encoded: `^cluster\..*\.(a|b)$`.
    package static var filter: String {
        "%5Ecluster%5C..*%5C.%28\(names.keys.sorted().joined(separator: "%7C"))%29%24"
    }

    package static func decode(
        _ json: [UInt8],
        clusters: Set<String>
    ) throws(EnvoyFormatError) -> [String: ClusterCounters] {
        let answer = try decodeEnvoy(Answer.self, from: json, "/stats")
        var counters: [String: ClusterCounters] = [:]
        for cluster in clusters { counters[cluster] = ClusterCounters() }
        for stat in answer.stats ?? [] {
            // A cluster's name may hold dots; the counter's does not.
            guard let name = stat.name, let dot = name.lastIndex(of: "."),
                let path = names[String(name[name.index(after: dot)...])],
                name.hasPrefix("cluster.")
            else { continue }
            let cluster = String(name[..<dot].dropFirst("cluster.".count))
            counters[cluster]?[keyPath: path] = stat.value?.value ?? 0
        }
        return counters
    }

    private struct Answer: Decodable {
        struct Stat: Decodable {
            // Histograms come as an entry without a name.
            let name: String?
            let value: EnvoyCount?
        }
        let stats: [Stat]?
    }
}
