import Loop
import Release

/// A Front over scripted hosts: checks them at each look, and sends requests to those that pass.
@EventLoop
final class FakeFront: FrontAdmin {
    let name: String
    private let hosts: [FakeHost]
    var clusters = ["app1", "app2"]
    var settings = ClusterSettings()
    var isReachable = true
    /// Looks that a host's change takes to be seen.
    var slowness = 0
    /// Hosts that this Front never takes back.
    var refuses: Set<String> = []
    var requestsPerLook = 10
    /// Whether the hosts' open streams came through this Front.
    var carriesStreams = true
    private var seen: [String: Bool] = [:]
    private var pending: [String: Int] = [:]
    private var counters: [String: HostCounters] = [:]

    init(_ name: String, _ hosts: [FakeHost]) {
        self.name = name
        self.hosts = hosts
        var check = HealthCheckSettings()
        check.interval = .seconds(1)
        check.noTrafficInterval = .seconds(1)
        settings.checks = [check]
        settings.panicThreshold = 1
        for host in hosts { seen[host.name] = host.passesChecks }
    }

    /// As after a restart of the Front's process.
    func forget() { counters = [:] }

    func look(until: Instant) async -> FrontReading {
        guard isReachable else { return .unknown(front: name, why: "connection refused") }
        for host in hosts { check(host) }
        return .seen(
            FrontView(
                name: name,
                clusters: clusters.map { cluster in
                    ClusterView(name: cluster, hosts: hosts.map { view(of: $0, cluster) })
                }
            )
        )
    }

    func config(until: Instant) async throws(FrontError) -> FrontConfig {
        guard isReachable else { throw FrontError("connection refused") }
        return FrontConfig(
            clusters: Dictionary(uniqueKeysWithValues: clusters.map { ($0, settings) })
        )
    }

    func counters(of clusters: Set<String>, until: Instant) async -> [String: ClusterCounters]? {
        guard isReachable else { return nil }
        var all: [String: ClusterCounters] = [:]
        for cluster in clusters {
            var counted = ClusterCounters()
            counted.requests = hosts.reduce(0) { $0 + (counters[$1.name]?.requests ?? 0) }
            all[cluster] = counted
        }
        return all
    }

    private func check(_ host: FakeHost) {
        let passes = host.passesChecks && !refuses.contains(host.name)
        if seen[host.name] != passes {
            pending[host.name, default: slowness] -= 1
            if pending[host.name, default: 0] < 0 {
                seen[host.name] = passes
                pending[host.name] = nil
            }
        }
        guard seen[host.name] == true else { return }
        var counts = counters[host.name] ?? HostCounters()
        counts.requests += requestsPerLook
        if host.isUp, case .version(let version) = host.running {
            counts.successes += requestsPerLook
            host.served[version, default: 0] += requestsPerLook
        } else {
            counts.errors += requestsPerLook
        }
        counters[host.name] = counts
    }

    private func view(of host: FakeHost, _ cluster: String) -> HostView {
        var counts = counters[host.name] ?? HostCounters()
        counts.active = cluster == clusters.first && carriesStreams ? host.open : 0
        var flags: HealthFlags = []
        if seen[host.name] != true {
            flags.insert(.failedActive)
            if !host.holds.isEmpty { flags.insert(.excluded) }
        }
        return HostView(address: host.address, flags: flags, counters: counts)
    }
}
