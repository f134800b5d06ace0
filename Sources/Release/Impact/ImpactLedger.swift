/// What every Front counted at one moment, for the proof that a release hurt nobody.
package struct ImpactSnapshot: Hashable, Sendable {
    /// By Front, then by cluster.
    package var clusters: [String: [String: ClusterCounters]]
    /// Requests by Front, then by host's address, over all clusters.
    package var requests: [String: [String: Int]]
    /// Of those, the ones that failed, also by their gRPC status.
    package var errors: [String: [String: Int]]

    package init(
        clusters: [String: [String: ClusterCounters]] = [:],
        requests: [String: [String: Int]] = [:],
        errors: [String: [String: Int]] = [:]
    ) {
        self.clusters = clusters
        self.requests = requests
        self.errors = errors
    }
}

/// What happened at the Fronts during one step of one host.
package struct ImpactRow: Codable, Hashable, Sendable {
    package var host: String
    package var step: String
    package var seconds: Double
    /// Over all hosts.
    package var total = ClusterCounters()
    /// Of those, sent to the host itself.
    package var toHost = 0
    /// Over all hosts, those that failed by HTTP or gRPC status.
    package var errors = 0

    package init(host: String, step: String, seconds: Double) {
        self.host = host
        self.step = step
        self.seconds = seconds
    }
}

/// Everything that was counted, as rows and as one sum.
package struct ImpactTable: Codable, Hashable, Sendable {
    package var rows: [ImpactRow] = []
    package var total = ClusterCounters()
    package var errors = 0
    /// Fronts that did not answer, or restarted, so that something was not counted.
    package var gaps: [String] = []

    package init() {}
}

/// Adds up what the Fronts counted between the steps of a release.
package struct ImpactLedger: Hashable, Sendable {
    package private(set) var table = ImpactTable()
    private var last: ImpactSnapshot?

    package init() {}

    /// The point from which on is counted.
    package mutating func begin(_ snapshot: ImpactSnapshot) {
        last = snapshot
    }

    /// Books what came since the last snapshot on a step of a host.
    package mutating func book(
        _ snapshot: ImpactSnapshot,
        host: String,
        address: String,
        step: String,
        seconds: Double
    ) {
        var row = ImpactRow(host: host, step: step, seconds: seconds)
        let before = last ?? snapshot
        for (front, clusters) in snapshot.clusters {
            for (cluster, now) in clusters {
                guard let then = before.clusters[front]?[cluster] else { continue }
                if now.requests < then.requests { gap("\(front) restarted during \(host) \(step)") }
                row.total.add(now.growth(since: then))
            }
            row.toHost += growth(
                snapshot.requests[front]?[address] ?? 0,
                since: before.requests[front]?[address]
            )
            for (other, errors) in snapshot.errors[front] ?? [:] {
                row.errors += growth(errors, since: before.errors[front]?[other])
            }
        }
        for front in before.clusters.keys where snapshot.clusters[front] == nil {
            gap("\(front) did not answer at the end of \(host) \(step)")
        }
        // A Front that is silent now is compared with its last word once it speaks again.
        last = ImpactSnapshot(
            clusters: before.clusters.merging(snapshot.clusters) { $1 },
            requests: before.requests.merging(snapshot.requests) { $1 },
            errors: before.errors.merging(snapshot.errors) { $1 }
        )
        table.rows.append(row)
        table.total.add(row.total)
        table.errors += row.errors
    }

    /// A counter that fell began anew at zero.
    private func growth(_ now: Int, since then: Int?) -> Int {
        let then = then ?? 0
        return now >= then ? now - then : now
    }

    private mutating func gap(_ words: String) {
        if !table.gaps.contains(words) { table.gaps.append(words) }
    }
}

extension ClusterCounters {
    private static let all: [any WritableKeyPath<ClusterCounters, Int> & Sendable] = [
        \.requests, \.serverErrors, \.resets, \.retries, \.timeouts, \.cut, \.panicPicks,
    ]

    /// What was counted since; a counter that fell began anew at zero.
    func growth(since then: ClusterCounters) -> ClusterCounters {
        var growth = ClusterCounters()
        for path in ClusterCounters.all {
            let (now, before) = (self[keyPath: path], then[keyPath: path])
            growth[keyPath: path] = now >= before ? now - before : now
        }
        return growth
    }

    mutating func add(_ other: ClusterCounters) {
        for path in ClusterCounters.all { self[keyPath: path] += other[keyPath: path] }
    }

    /// Everything that a user may have noticed.
    package var harm: Int { serverErrors + resets + timeouts + cut + panicPicks }
}
