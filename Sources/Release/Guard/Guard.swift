/// Judges, before a host is drained, what the drain would do to the rest, from each Front's live
/// view and its own configuration.
///
/// The drain itself must break nothing; what one more failure on top would break is only told.
package struct Guard: Sendable {
    package struct Host: Hashable, Sendable {
        package var name: String
        package var address: String

        package init(name: String, address: String) {
            self.name = name
            self.address = address
        }
    }

    package struct Verdict: Hashable, Sendable {
        /// Why the host must not be drained; empty: it may.
        package var refusals: [String] = []
        package var warnings: [String] = []
        /// The other hosts of the plan that serve.
        package var left: [String] = []

        package var allows: Bool { refusals.isEmpty }
    }

    package let hosts: [Host]
    package let minAvailable: Int
    package let configs: [String: FrontConfig]

    package init(hosts: [Host], minAvailable: Int, configs: [String: FrontConfig]) {
        self.hosts = hosts
        self.minAvailable = minAvailable
        self.configs = configs
    }

    package func judge(draining host: Host, in fleet: FleetView) -> Verdict {
        var verdict = Verdict()
        verdict.refusals += fleet.unknown
        let left = hosts.filter { $0.name != host.name && fleet.serves($0.address) == true }
        verdict.left = left.map(\.name)
        if left.count < minAvailable {
            verdict.refusals.append(
                "without \(host.name) only \(left.count) of \(hosts.count) hosts serve, "
                    + "and min_available is \(minAvailable)\(missing(but: host, in: fleet))"
            )
        } else if left.count - 1 < minAvailable {
            verdict.warnings.append(
                "one more failure while \(host.name) is out leaves \(left.count - 1) hosts, "
                    + "fewer than min_available (\(minAvailable))"
            )
        }
        for view in fleet.views {
            for cluster in view.clusters where cluster.host(at: host.address) != nil {
                let settings = (configs[view.name] ?? FrontConfig()).settings(of: cluster.name)
                judge(host, cluster, settings, "\(cluster.name) at \(view.name)", &verdict)
            }
        }
        return verdict
    }

    private func judge(
        _ host: Host,
        _ cluster: ClusterView,
        _ settings: ClusterSettings,
        _ place: String,
        _ verdict: inout Verdict
    ) {
        let after = LoadBalance(cluster, settings, drained: host.address)
        if after.serving == 0 {
            let words = "\(host.name) is the last host that serves \(place)"
            // Zero is written into a plan only by somebody who means it.
            if minAvailable == 0 {
                verdict.warnings.append(words)
            } else {
                verdict.refusals.append(words)
            }
            return
        }
        if !after.panicking.isEmpty {
            verdict.refusals.append(
                "without \(host.name), \(place) enters panic (fewer than "
                    + "\(percent(settings.panicThreshold)) of its hosts serve): "
                    + "traffic would go to drained and failed hosts"
            )
            return
        }
        let worst = cluster.hosts.filter { $0.serves && $0.address != host.address }
            .first { other in
                let next = LoadBalance(
                    cluster,
                    settings,
                    drained: host.address,
                    lost: other.address
                )
                return next.serving == 0 || !next.panicking.isEmpty
            }
        if let worst {
            let name = hosts.first { $0.address == worst.address }?.name ?? worst.address
            verdict.warnings.append(
                "one more failure while \(host.name) is out (\(name)) takes \(place) into panic"
            )
        }
    }

    private func missing(but host: Host, in fleet: FleetView) -> String {
        let out = hosts.filter { $0.name != host.name && fleet.serves($0.address) != true }
        if out.isEmpty { return "" }
        let words = out.map { other in
            let faults = fleet.faults(of: other.address)
            let why = faults.isEmpty ? "in no cluster" : faults.joined(separator: ", ")
            return "\(other.name): \(why)"
        }
        return " (\(words.joined(separator: "; ")))"
    }

    private func percent(_ value: Double) -> String {
        value == value.rounded() ? "\(Int(value)) %" : "\(value) %"
    }
}
