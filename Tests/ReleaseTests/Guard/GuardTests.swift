import Release
import Testing

/// What a real Envoy does with k of 4 hosts down is the table that these follow.
@Suite
struct `The load balance of a cluster` {
    private func cluster(_ flags: [HealthFlags]) -> ClusterView {
        ClusterView(
            name: "app1",
            hosts: flags.enumerated().map { index, flags in
                HostView(address: "h\(index)", flags: flags)
            }
        )
    }

    private func settings(_ threshold: Double) -> ClusterSettings {
        var settings = ClusterSettings()
        settings.panicThreshold = threshold
        settings.checks = [HealthCheckSettings()]
        return settings
    }

    private func panics(_ flags: [HealthFlags], _ threshold: Double = 50) -> Bool {
        !LoadBalance(cluster(flags), settings(threshold)).panicking.isEmpty
    }

    @Test func `panics strictly below the threshold`() {
        #expect(!panics([[], .failedActive]))
        #expect(!panics([[], [], .failedActive, .failedActive]))
        #expect(panics([[], .failedActive, .failedActive]))
        #expect(panics([[], .failedActive, .failedActive, .failedActive]))
    }

    @Test func `leaves excluded hosts out of the denominator`() {
        let out: HealthFlags = [.failedActive, .excluded]
        #expect(!panics([[], out, out, out]))
        // The drained host leaves; one that fails by itself stays.
        #expect(!panics([[], .failedActive, out]))
        #expect(panics([[], .failedActive, .failedActive, out]))
    }

    @Test func `never panics at a threshold of zero, and is empty instead`() {
        let all = cluster([.failedActive, .failedActive])
        let balance = LoadBalance(all, settings(0))
        #expect(balance.panicking.isEmpty)
        #expect(balance.serving == 0)
    }

    @Test func `counts degraded hosts as serving`() {
        #expect(LoadBalance(cluster([.degraded, .failedActive]), settings(50)).serving == 1)
    }

    @Test func `does not look at panic while the priorities carry everything`() {
        // P0 whole, P1 with one of four: Envoy sends nothing there.
        var two = cluster([[], [], [], .failedActive, .failedActive, .failedActive])
        for index in 2..<6 { two.hosts[index].priority = 1 }
        #expect(LoadBalance(two, settings(50)).panicking.isEmpty)
        // P0 gone: its share is carried by P1 only as far as that is whole.
        two.hosts[0].flags = .failedActive
        two.hosts[1].flags = .failedActive
        #expect(LoadBalance(two, settings(50)).panicking == [0, 1])
    }

    @Test func `excludes a drained host only where Envoy heeds the header`() {
        let hosts = cluster([[], [], .failedActive, .failedActive])
        var other = settings(50)
        other.checks[0].isHTTP = false
        #expect(LoadBalance(hosts, settings(50), drained: "h0").panicking == [0])
        let three = cluster([[], [], .failedActive])
        #expect(LoadBalance(three, settings(50), drained: "h0").panicking.isEmpty)
        #expect(LoadBalance(three, other, drained: "h0").panicking == [0])
    }
}

@Suite
struct `The guard` {
    private let hosts = ["east-1", "east-2", "west-1", "west-2"].map {
        Guard.Host(name: $0, address: "\($0):1")
    }

    private func fleet(_ flags: [String: HealthFlags] = [:]) -> FleetView {
        let views = hosts.map { HostView(address: $0.address, flags: flags[$0.name] ?? []) }
        return FleetView([
            .seen(FrontView(name: "edge", clusters: [ClusterView(name: "app1", hosts: views)]))
        ])
    }

    private func judge(
        _ fleet: FleetView,
        min: Int = 2,
        threshold: Double = 50
    ) -> Guard.Verdict {
        var settings = ClusterSettings()
        settings.panicThreshold = threshold
        settings.checks = [HealthCheckSettings()]
        let configs = ["edge": FrontConfig(clusters: ["app1": settings])]
        return Guard(hosts: hosts, minAvailable: min, configs: configs)
            .judge(draining: hosts[0], in: fleet)
    }

    @Test func `lets a host go that the others can do without`() {
        let verdict = judge(fleet())
        #expect(verdict.allows)
        #expect(verdict.left == ["east-2", "west-1", "west-2"])
        #expect(verdict.warnings.isEmpty)
    }

    @Test func `refuses below the floor, and names who is missing and why`() {
        let verdict = judge(fleet(["west-1": .failedActive]), min: 3)
        #expect(
            verdict.refusals == [
                "without east-1 only 2 of 4 hosts serve, and min_available is 3 "
                    + "(west-1: app1 at edge (failed_active_health_check))"
            ]
        )
    }

    @Test func `refuses to enter panic`() {
        let verdict = judge(fleet(["west-1": .failedActive, "west-2": .failedActive]), min: 1)
        #expect(verdict.refusals.count == 1)
        #expect(verdict.refusals[0].contains("app1 at edge enters panic (fewer than 50 %"))
    }

    @Test func `warns of what one more failure would do`() {
        let floor = judge(fleet(), min: 3)
        #expect(floor.allows)
        #expect(floor.warnings[0].contains("leaves 2 hosts, fewer than min_available (3)"))
        let panic = judge(fleet(["west-2": .failedActive]), min: 1)
        #expect(panic.allows)
        #expect(
            panic.warnings == [
                "one more failure while east-1 is out (east-2) takes app1 at edge into panic"
            ]
        )
    }

    @Test func `refuses the last host of a cluster, unless the plan asks for none`() {
        let dead = fleet([
            "east-2": .failedActive, "west-1": .failedActive, "west-2": .failedActive,
        ])
        #expect(judge(dead, min: 1, threshold: 0).refusals.count == 2)
        let agreed = judge(dead, min: 0, threshold: 0)
        #expect(agreed.allows)
        #expect(agreed.warnings.contains("east-1 is the last host that serves app1 at edge"))
    }

    @Test func `is neither for nor against by a Front that does not answer`() {
        var fleet = fleet()
        fleet.fronts.append(.unknown(front: "edge-west", why: "refused"))
        #expect(judge(fleet).refusals == ["edge-west: refused"])
    }
}
