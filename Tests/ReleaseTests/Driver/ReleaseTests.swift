import Loop
import Release
import Testing

@EventLoop
@Suite
struct `A release` {
    @Test func `takes every host to the new version, one at a time`() async throws {
        let world = try FakeWorld()
        var most = 0
        world.clock.onPause = {
            most = max(most, world.hosts.count { !$0.passesChecks })
        }
        let end = await world.run()
        #expect(end.code == .done)
        #expect(end.sentence == "released v2 on 4 of 4 hosts")
        #expect(world.versions == ["v2", "v2", "v2", "v2"])
        #expect(most == 1)
        #expect(world.hosts.allSatisfy { $0.holds.isEmpty && $0.lease == nil })
        #expect(world.hosts.allSatisfy { ($0.served["v1"] ?? 0) > 0 && ($0.served["v2"] ?? 0) > 0 })
    }

    @Test func `does to each host what the steps say, in their order`() async throws {
        let world = try FakeWorld()
        _ = await world.run()
        // The first pull is the preparation's, on all hosts; the hold is put again after the proxy.
        let expected: [HostAction] = [
            .pull, .drain, .pull, .stop, .startProxy, .drain, .startApps, .undrain,
        ]
        for host in world.hosts { #expect(host.done == expected) }
    }

    @Test func `writes each action down before it is done`() async throws {
        let world = try FakeWorld()
        for host in world.hosts {
            host.before = { action in
                if action == .pull, host.done.isEmpty { return }
                let noted = world.journal.entries.last { $0.event == .action }
                // The hold that is put again belongs to the start of the proxy.
                let isSecondHold = action == .drain && host.done.contains(.startProxy)
                let name = isSecondHold ? HostAction.startProxy : action
                #expect(noted?.host == host.name)
                #expect(noted?.action == name.rawValue)
            }
        }
        #expect(await world.run().code == .done)
    }

    @Test func `waits for streams to end, and cuts none`() async throws {
        let world = try FakeWorld()
        let host = try world.host("west-2")
        host.open = 3
        var pauses = 0
        world.clock.onPause = {
            guard !host.holds.isEmpty, host.open > 0 else { return }
            pauses += 1
            if pauses.isMultiple(of: 8) { host.open -= 1 }
        }
        let end = await world.run()
        #expect(end.code == .done)
        #expect(world.cut == 0)
        #expect(world.events.waits.contains("3 streams on west-2"))
        #expect(world.events.waits.contains("1 stream on west-2"))
    }

    @Test func `tells a lock that is held by whom, and changes nothing`() async throws {
        let world = try FakeWorld()
        for host in world.hosts { host.lease = .make(release: "shop-v9-1", epoch: 7) }
        let end = await world.run()
        #expect(end.code == .locked)
        #expect(end.sentence.contains("shop-v9-1"))
        #expect(world.hosts.allSatisfy { $0.done.isEmpty })
    }

    @Test func `is refused while a host is held by somebody, or does not serve`() async throws {
        let held = try FakeWorld()
        try held.host("east-1").holds = [.init(owner: "alice", reason: "disk")]
        let first = await held.run()
        #expect(first.code == .refused)
        #expect(first.details.contains("east-1 is held by alice (disk)"))

        let dead = try FakeWorld()
        try dead.host("east-2").isHealthy = false
        _ = await dead.fronts[0].look(until: .now)
        let second = await dead.run()
        #expect(second.code == .refused)
        #expect(dead.hosts.allSatisfy { $0.done.isEmpty && $0.lease == nil })
    }

    @Test func `is refused while a Front or a gateway is silent`() async throws {
        let front = try FakeWorld()
        front.fronts[1].isReachable = false
        #expect(await front.run().code == .refused)
        let gateway = try FakeWorld()
        try gateway.host("west-2").isReachable = false
        #expect(await gateway.run().code == .refused)
        #expect(gateway.hosts.allSatisfy { $0.done.isEmpty && $0.lease == nil })
    }

    @Test func `is refused where the guard sees too few hosts left`() async throws {
        let world = try FakeWorld(["west-1", "east-1"])
        let end = await world.run()
        #expect(end.code == .refused)
        #expect(end.sentence.contains("without west-1 only 1 of 2 hosts serve"))
        #expect(world.hosts.allSatisfy { $0.lease == nil && !$0.done.contains(.drain) })
    }

    @Test func `drains nothing when a version cannot be pulled on every host`() async throws {
        let world = try FakeWorld()
        try world.host("east-2").failing = [.pull]
        let end = await world.run()
        #expect(end.code == .failed)
        #expect(end.sentence.contains("pull of v2 failed on east-2"))
        #expect(world.hosts.allSatisfy { !$0.done.contains(.drain) && $0.lease == nil })
    }

    @Test func `ends a host that somebody holds meanwhile as released and held`() async throws {
        let world = try FakeWorld()
        let host = try world.host("east-2")
        host.after = { action in
            if action == .startApps { host.holds.append(.init(owner: "alice")) }
        }
        let end = await world.run()
        #expect(end.code == .done)
        #expect(end.sentence == "released v2 on 4 of 4 hosts (east-2 is held by alice)")
    }

    @Test func `counts what the Fronts saw, by host and step`() async throws {
        let world = try FakeWorld()
        _ = await world.run()
        let table = world.events.impact
        #expect(table.rows.count == 4 * StepName.allCases.count)
        #expect(table.total.requests > 0)
        #expect(table.total.harm == 0)
        let stop = try #require(table.rows.first { $0.step == "stop" })
        #expect(stop.toHost == 0)
        #expect(table.gaps.isEmpty)
    }
}

extension Lease {
    static func make(
        release: String = "shop-v2-1",
        epoch: Int = 1,
        live: Bool? = nil
    ) -> Lease {
        Lease(
            release: release,
            epoch: epoch,
            who: "somebody",
            version: "v2",
            plan: "plan",
            heartbeat: "2026-01-01T00:00:00Z",
            ttl: 15,
            live: live
        )
    }
}
