package import Health

/// What a sidecar says of its own way to an upstream (`/clusters` and `/stats`): read right after a
/// probe through it has failed.
package struct SidecarWay: Hashable, Sendable {
    /// One endpoint of the cluster.
    package struct Host: Hashable, Sendable {
        package var address: String
        /// Connections that did not come about, refused or timed out, since Envoy's start.
        package var failedConnects = 0
        /// Connections under way that wait for the upstream to accept.
        package var pending = 0
        /// Why it gets no connection, in Envoy's words (`/failed_active_hc`); nil: it is healthy.
        package var flags: String?
    }

    package var cluster: String
    package var hosts: [Host] = []
    /// Connects that nothing answered within `connect_timeout`, since Envoy's start; nil: not known.
    package var connectTimeouts: Int?
    /// What the counters were at an earlier look; nil: there was none.
    package var before: Counts?

    package struct Counts: Hashable, Sendable {
        package var failed: Int
        package var timedOut: Int?
    }

    /// What the counters are now.
    package var counts: Counts {
        Counts(failed: hosts.reduce(0) { $0 + $1.failedConnects }, timedOut: connectTimeouts)
    }

    package init(_ cluster: String, hosts: [Host] = [], connectTimeouts: Int? = nil) {
        self.cluster = cluster
        self.hosts = hosts
        self.connectTimeouts = connectTimeouts
    }

    /// Reads the lines `cluster::address::name::value` of this cluster out of `/clusters`.
    package init(_ cluster: String, clusters text: String, connectTimeouts: Int? = nil) {
        self.init(cluster, connectTimeouts: connectTimeouts)
        for line in text.split(separator: "\n") where line.hasPrefix(cluster + "::") {
            let parts = line.dropFirst(cluster.count + 2).split(separator: "::")
            guard parts.count >= 3 else { continue }
            // An IPv6 address has `::` itself.
            let address = parts.dropLast(2).joined(separator: "::")
            let (name, value) = (parts[parts.count - 2], parts[parts.count - 1])
            guard let wanted = Field(rawValue: String(name)) else { continue }
            if hosts.last?.address != address { hosts.append(Host(address: address)) }
            let last = hosts.endIndex - 1
            switch wanted {
            case .failed: hosts[last].failedConnects = Int(value) ?? 0
            case .pending: hosts[last].pending = Int(value) ?? 0
            case .flags: hosts[last].flags = value == "healthy" ? nil : String(value)
            }
        }
    }

    private enum Field: String {
        case failed = "cx_connect_fail"
        case pending = "rq_pending_active"
        case flags = "health_flags"
    }

    /// The failure with what the sidecar knows of it: silence is the upstream's that does not accept or
    /// that does not answer, an end is a refusal, a wait in vain, or a cluster with nobody in it.
    package func explain(_ failure: Outcome.Failure) -> Outcome.Failure {
        switch failure.reason {
        case .upstreamRefused, .upstreamTimeout:
            if let nobody { return failure.saying(nobody, as: .upstreamRefused) }
            guard fresh.failed > 0 else {
                return failure.saying(
                    "the sidecar's cluster \(cluster) is connected to \(places), which hangs up"
                )
            }
            let isSilent = wasGivenUp ?? (failure.reason == .upstreamTimeout)
            return failure.saying(
                "the sidecar's cluster \(cluster) "
                    + (isSilent ? "gets no answer from" : "cannot connect to")
                    + " \(places)\(total)",
                as: isSilent ? .upstreamTimeout : .upstreamRefused
            )
        case .timeout:
            guard hosts.contains(where: { $0.pending > 0 }) else {
                return failure.saying(
                    "the sidecar's cluster \(cluster) is connected to \(places), which says nothing"
                )
            }
            return failure.saying(
                "the sidecar's cluster \(cluster) still waits for \(places) to accept\(total)",
                as: .upstreamTimeout
            )
        default: return failure
        }
    }

    /// Whether connects that did not come about were given up for want of an answer, where all of them
    /// tell the same.
    private var wasGivenUp: Bool? {
        fresh.timedOut.flatMap { $0 == 0 ? false : $0 >= fresh.failed ? true : nil }
    }

    /// Since the earlier look, or since Envoy's start. Counters that fell are those of a new Envoy.
    private var fresh: Counts {
        guard let before, before.failed <= counts.failed else { return counts }
        let timedOut = before.timedOut.flatMap { earlier in connectTimeouts.map { $0 - earlier } }
        return Counts(failed: counts.failed - before.failed, timedOut: timedOut)
    }

    /// Why the sidecar does not even try.
    private var nobody: String? {
        guard !hosts.isEmpty else { return "the sidecar's cluster \(cluster) has no host" }
        let ailing = hosts.compactMap { host in host.flags.map { "\(host.address) \($0)" } }
        guard ailing.count == hosts.count else { return nil }
        return "the sidecar's cluster \(cluster) has no healthy host: "
            + ailing.prefix(2).joined(separator: ", ")
    }

    private var places: String {
        let shown = hosts.prefix(2).map(\.address).joined(separator: ", ")
        return hosts.count > 2 ? "\(shown) and \(hosts.count - 2) more" : shown
    }

    private var total: String {
        guard counts.failed > 0 else { return "" }
        let timedOut = connectTimeouts.map { ", \($0) timed out" } ?? ""
        return " (\(counts.failed) failed connects since its start\(timedOut))"
    }
}

extension Outcome.Failure {
    /// The same with more words, and perhaps another reason.
    func saying(_ words: String, as reason: Reason? = nil, at hop: Hop? = nil) -> Outcome.Failure {
        Outcome.Failure(
            reason ?? self.reason,
            at: hop ?? self.hop,
            text.isEmpty ? words : "\(words); \(text)"
        )
    }
}
