import Loop
import Release
import Testing

/// A failure never cuts live traffic, and every failure ends in a known state.
@EventLoop
@Suite
struct `A step that fails` {
    // MARK: - Before the stop: the old version goes on.

    @Test func `gives the host back when its streams do not end`() async throws {
        let world = try FakeWorld()
        let host = try world.host("west-1")
        host.open = 1
        let end = await world.run()
        #expect(end.code == .failed)
        #expect(
            end.sentence
                == "drain failed on west-1: after 30s still waiting for 1 stream on west-1; west-1 "
                + "is restored; v2 is on 0 of 4 hosts, 4 of 4 serve"
        )
        #expect(host.running == .version("v1"))
        #expect(host.holds.isEmpty)
        #expect(world.cut == 0)
        #expect(world.hosts.allSatisfy { $0.lease == nil })
    }

    @Test func `cuts what is left at the limit only if the plan says so`() async throws {
        let world = try FakeWorld()
        world.plan.drain.onTimeout = .cut
        try world.host("west-1").open = 2
        let end = await world.run()
        #expect(end.code == .done)
        #expect(world.cut == 2)
        #expect(world.events.warnings.contains("2 streams on west-1 will be cut"))
    }

    @Test func `gives the host back when a drain is not durable`() async throws {
        let world = try FakeWorld()
        let host = try world.host("west-1")
        host.isDurable = false
        let end = await world.run()
        #expect(end.code == .failed)
        #expect(end.sentence.contains("drains in memory only"))
        #expect(host.holds.isEmpty)
        #expect(!host.done.contains(.stop))
    }

    @Test func `does not count a host that it cannot give back as serving`() async throws {
        let world = try FakeWorld()
        let host = try world.host("west-1")
        host.isDurable = false
        host.failing = [.undrain]
        // The Fronts have not looked again when the release ends.
        for front in world.fronts { front.slowness = 1000 }
        let end = await world.run()
        #expect(end.code == .failed)
        #expect(end.sentence.contains("west-1 is unclear"))
        #expect(end.sentence.hasSuffix("3 of 4 serve"))
        #expect(host.holds.count == 1)
        #expect(!host.done.contains(.stop))
    }

    @Test func `gives the host back when a Front goes silent`() async throws {
        let world = try FakeWorld()
        world.plan.drain.excludeWithin = .seconds(5)
        let host = try world.host("west-1")
        host.after = { action in
            if action == .drain { world.fronts[1].isReachable = false }
            if action == .undrain { world.fronts[1].isReachable = true }
        }
        let end = await world.run()
        #expect(end.code == .failed)
        #expect(end.sentence.contains("waiting for edge-west, which does not answer"))
        #expect(end.sentence.contains("west-1 is restored"))
        #expect(!host.done.contains(.stop))
    }

    @Test func `waits for a Front that is silent for a while, and goes on`() async throws {
        let world = try FakeWorld()
        var pauses = 0
        world.clock.onPause = {
            pauses += 1
            world.fronts[1].isReachable = !(10..<20).contains(pauses)
        }
        #expect(await world.run().code == .done)
    }

    @Test func `does not stop the host when the version cannot be pulled any more`() async throws {
        let world = try FakeWorld()
        let host = try world.host("west-2")
        host.after = { action in if action == .drain { host.failing = [.pull] } }
        let end = await world.run()
        #expect(end.code == .failed)
        #expect(end.details == ["no space"])
        #expect(end.sentence.contains("west-2 is restored; v2 is on 1 of 4 hosts, 4 of 4 serve"))
        #expect(host.running == .version("v1"))
    }

    @Test func `puts the host back rather than go on when another one is lost`() async throws {
        let world = try FakeWorld()
        let host = try world.host("west-1")
        let other = try world.host("east-1")
        host.after = { action in if action == .drain { other.isHealthy = false } }
        let end = await world.run()
        #expect(end.code == .failed)
        #expect(end.sentence.contains("east-1 was lost while west-1 is out; west-1 is restored"))
        #expect(end.sentence.hasSuffix("v2 is on 0 of 4 hosts, 3 of 4 serve"))
        #expect(!host.done.contains(.stop))
        #expect(try world.host("west-2").done == [.pull])
    }

    // MARK: - From the stop to the API tests: the host is stopped, and shown to be.

    @Test(arguments: [HostAction.stop, .startProxy, .startApps])
    func `leaves the host stopped, held and out`(action: HostAction) async throws {
        let world = try FakeWorld()
        let host = try world.host("west-2")
        var failures = 0
        host.before = { now in
            if now == action { failures += 1 }
            host.failing = failures == 1 ? [action] : []
        }
        let end = await world.run()
        #expect(end.code == .failed)
        #expect(end.sentence.contains("west-2 is stopped; v2 is on 1 of 4 hosts, 3 of 4 serve"))
        #expect(end.nextCommand == "healthgate release resume release.yaml (or abort in its place)")
        // `stop` itself failed the first time, and is tried again to reach the known state.
        #expect(host.running == .none)
        #expect(!host.holds.isEmpty)
        #expect(!host.passesChecks)
        #expect(try world.host("east-1").done == [.pull])
    }

    @Test func `names the upstream that the new proxy does not reach`() async throws {
        let world = try FakeWorld()
        let host = try world.host("west-1")
        let down = GatewayStatus.Check(
            name: "orders-db",
            state: "down",
            reason: "upstream_refused",
            hop: "upstream",
            text: "closed before a byte"
        )
        host.connectivity = ConnectivityReport(ok: false, upstreams: [down])
        let end = await world.run()
        #expect(end.code == .failed)
        #expect(
            end.sentence.hasPrefix(
                "connectivity failed on west-1: from west-1, orders-db is down: upstream_refused at "
                    + "upstream (closed before a byte); west-1 is stopped"
            )
        )
        #expect(!host.done.contains(.startApps))
    }

    @Test func `stops a version that never becomes healthy`() async throws {
        let world = try FakeWorld()
        for host in world.hosts { host.sick = ["v2"] }
        let end = await world.run()
        #expect(end.code == .failed)
        #expect(
            end.sentence
                == "start failed on west-1: v2 did not become healthy on west-1 in 20s: app1 is "
                + "down; west-1 is stopped; v2 is on 0 of 4 hosts, 3 of 4 serve"
        )
        #expect(world.hosts.allSatisfy { ($0.served["v2"] ?? 0) == 0 })
    }

    @Test func `ends with another code when fewer than the floor serve`() async throws {
        let world = try FakeWorld(["west-1", "west-2", "east-1"])
        let host = try world.host("west-1")
        host.sick = ["v2"]
        host.after = { action in
            if action == .startApps { world.hosts[2].isHealthy = false }
        }
        let end = await world.run()
        #expect(end.code == .belowFloor)
        #expect(end.sentence.hasSuffix("1 of 3 serve"))
    }

    @Test func `finishes the host when another one is lost meanwhile, and takes no further`()
        async throws
    {
        let world = try FakeWorld()
        let host = try world.host("west-1")
        host.after = { action in
            if action == .stop { world.hosts[3].isHealthy = false }
        }
        let end = await world.run()
        #expect(end.code == .failed)
        #expect(
            end.sentence
                == "stopped: east-2 was lost while west-1 is out; v2 is on 1 of 4 hosts, "
                + "3 of 4 serve"
        )
        #expect(host.passesChecks)
        #expect(try world.host("west-2").done == [.pull])
    }

    @Test func `is told of a loss also when it was the last host's turn`() async throws {
        let world = try FakeWorld()
        let host = try world.host("east-2")
        host.after = { action in
            if action == .stop { world.hosts[0].isHealthy = false }
        }
        let end = await world.run()
        #expect(end.code == .failed)
        #expect(end.sentence.hasSuffix("v2 is on 4 of 4 hosts, 3 of 4 serve"))
    }

    // MARK: - In undrain: drained again, proved silent, and only then stopped.

    @Test func `drains the host again when one Front does not take it back`() async throws {
        let world = try FakeWorld()
        world.fronts[1].refuses = ["west-2"]
        _ = await world.fronts[1].look(until: .now)
        world.fronts[1].refuses = []
        let host = try world.host("west-2")
        host.after = { action in
            if action == .undrain { world.fronts[1].refuses = ["west-2"] }
            // Users' streams that came with the short time in rotation.
            if action == .undrain { host.open = 1 }
            if action == .drain, host.done.contains(.undrain) {
                var looks = 0
                world.clock.onPause = {
                    looks += 1
                    if looks == 20 { host.open = 0 }
                }
            }
        }
        let end = await world.run()
        #expect(end.code == .failed)
        #expect(end.sentence.contains("waiting for edge-west to take west-2 back into app1"))
        #expect(end.sentence.contains("west-2 is stopped; v2 is on 1 of 4 hosts, 3 of 4 serve"))
        #expect(world.cut == 0)
        #expect(host.running == .none)
    }

    @Test func `stops nothing that it cannot prove silent`() async throws {
        let world = try FakeWorld()
        let host = try world.host("west-1")
        host.after = { action in
            guard action == .undrain else { return }
            world.fronts[1].refuses = ["west-1"]
            host.open = 1
        }
        let end = await world.run()
        #expect(end.code == .failed)
        #expect(end.sentence.contains("west-1 is unclear: its silence cannot be proved"))
        #expect(host.running == .version("v2"))
        #expect(!host.holds.isEmpty)
        #expect(world.cut == 0)
    }

    // MARK: - The journal

    @Test func `is also a journal that cannot be written: nothing is done without it`()
        async throws
    {
        let world = try FakeWorld()
        let host = try world.host("west-1")
        host.after = { action in if action == .drain { world.journal.isBroken = true } }
        let end = await world.run()
        #expect(end.code != .done)
        #expect(!host.done.contains(.stop))
    }
}

/// A gateway that says yes while it is drained, as one without its state would.
@EventLoop
@Suite
struct `A host that comes back by itself` {
    @Test func `is stopped before users meet more of the untested version`() async throws {
        let world = try FakeWorld()
        let host = try world.host("west-1")
        host.after = { action in if action == .startApps { host.holds = [] } }
        let end = await world.run()
        #expect(end.code == .failed)
        #expect(
            end.sentence.contains("west-1 is back in rotation though it is drained (app1 at edge-")
        )
        #expect(host.running == .none)
        #expect(try world.host("west-2").done == [.pull])
    }
}
