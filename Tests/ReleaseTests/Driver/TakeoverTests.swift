import Loop
import Release
import Testing

@EventLoop
@Suite
struct `A driver that is killed` {
    /// Each action of a host, before it is done and after, with the journal and without.
    nonisolated static let points: [(HostAction, isDone: Bool, keepsJournal: Bool)] =
        HostAction.allCases.flatMap { action in
            [(action, false, true), (action, true, true), (action, false, false)]
                + [(action, true, false)]
        }

    /// Kills the driver at an action of west-2, the second host.
    private func killed(
        at action: HostAction,
        isDone: Bool
    ) async throws -> (FakeWorld, FakeHost) {
        let world = try FakeWorld()
        let host = try world.host("west-2")
        let isOurs: @EventLoop (HostAction) -> Bool = { now in
            // The first pull is the preparation's.
            now == action && (action != .pull || host.done.contains(.drain))
        }
        let end: @EventLoop (HostAction) throws -> Void = { now in
            guard isOurs(now) else { return }
            host.before = nil
            host.after = nil
            throw Killed()
        }
        if isDone { host.after = end } else { host.before = end }
        let code = await world.run().code
        try #require(code == .aborted || code == .failed)
        world.lapse()
        return (world, host)
    }

    @Test(arguments: points)
    func `leaves what a resume proves again and finishes`(
        action: HostAction,
        isDone: Bool,
        keepsJournal: Bool
    ) async throws {
        let (world, host) = try await killed(at: action, isDone: isDone)
        if !keepsJournal { world.journal.forget() }
        if host.running != .version("v1"), !(action == .undrain && isDone) {
            #expect(!host.passesChecks, "an unproved version is never in rotation")
        }
        let end = await world.releaser.resume(approval: .unavailable)
        #expect(end.code == .done)
        #expect(end.sentence == "released v2 on 4 of 4 hosts")
        #expect(world.versions == ["v2", "v2", "v2", "v2"])
        #expect(world.hosts.allSatisfy { $0.holds.isEmpty && $0.lease == nil })
        #expect(world.cut == 0)
        // The first host was done, and is left alone.
        #expect(try world.host("west-1").done.count == 8)
    }

    @Test(arguments: points)
    func `leaves what an abort brings to a known state`(
        action: HostAction,
        isDone: Bool,
        keepsJournal: Bool
    ) async throws {
        let (world, host) = try await killed(at: action, isDone: isDone)
        if !keepsJournal { world.journal.forget() }
        let end = await world.releaser.abort()
        #expect(end.code == .aborted)
        let isKnown = host.passesChecks || (host.running == .none && !host.holds.isEmpty)
        #expect(isKnown, "it serves, or nothing runs and it is held")
        if case .version("v1") = host.running { #expect(host.passesChecks) }
        #expect(world.hosts.allSatisfy { $0.lease == nil || !$0.isProxyUp })
        #expect(world.cut == 0)
        #expect(end.sentence.hasPrefix("aborted v2: "))
    }
}

@EventLoop
@Suite
struct `A takeover` {
    private func interrupted() async throws -> FakeWorld {
        let world = try FakeWorld()
        let host = try world.host("west-1")
        host.after = { action in
            if action == .drain {
                host.after = nil
                throw Killed()
            }
        }
        _ = await world.run()
        return world
    }

    @Test func `waits for the lease of a driver that may live, and leaves it alone if it does`()
        async throws
    {
        let world = try await interrupted()
        let end = await world.releaser.resume(approval: .unavailable)
        #expect(end.code == .locked)
        #expect(try world.host("west-1").done.last == .drain)
    }

    @Test func `refuses a plan that was changed`() async throws {
        let world = try await interrupted()
        world.lapse()
        world.plan.minAvailable = 1
        let end = await world.releaser.resume(approval: .unavailable)
        #expect(end.code == .refused)
        #expect(end.sentence.hasPrefix("the plan was changed since"))
    }

    @Test func `raises the epoch, so that the first driver changes nothing more`() async throws {
        let world = try FakeWorld()
        let host = try world.host("west-1")
        var second: ReleaseEnd?
        var epoch = 0
        host.after = { action in
            guard action == .drain, second == nil else { return }
            epoch = host.lease?.epoch ?? 0
            // As if the first one were stopped here, and another took over meanwhile.
            for host in world.hosts { host.lease?.epoch += 5 }
            second = ReleaseEnd(.done, "")
        }
        let first = await world.run()
        #expect(first.code == .locked)
        #expect(!host.done.contains(.stop))
        #expect(host.running == .version("v1"))
        #expect(host.lease?.epoch == epoch + 5)
    }

    @Test func `finds nothing to take over where no gateway has a lease`() async throws {
        let world = try FakeWorld()
        let end = await world.releaser.resume(approval: .unavailable)
        #expect(end.code == .usage)
        #expect(end.sentence == "there is no release to resume")
        #expect(await world.releaser.abort().code == .usage)
    }

    @Test func `goes on when the host that is out has no gateway to answer`() async throws {
        let world = try FakeWorld()
        let host = try world.host("west-1")
        host.after = { action in
            if action == .stop {
                host.after = nil
                throw Killed()
            }
        }
        _ = await world.run()
        #expect(!host.isProxyUp)
        world.lapse()
        world.journal.forget()
        let end = await world.releaser.resume(approval: .unavailable)
        #expect(end.code == .done)
        #expect(end.sentence == "released v2 on 4 of 4 hosts")
    }

    @Test func `never gives an unproved version to users, even if it cannot be drained`()
        async throws
    {
        let world = try FakeWorld()
        let host = try world.host("west-1")
        host.after = { action in
            if action == .startApps {
                host.after = nil
                throw Killed()
            }
        }
        _ = await world.run()
        world.lapse()
        host.open = 1
        let end = await world.releaser.resume(approval: .unavailable)
        #expect(end.code == .failed)
        #expect(!host.holds.isEmpty)
        #expect(host.served["v2"] == nil)
    }
}

@EventLoop
@Suite
struct `A canary` {
    private func world() throws -> FakeWorld {
        let world = try FakeWorld()
        world.plan.canary = "west-1"
        world.plan.pauseAfterCanary = .ask
        return world
    }

    @Test func `waits for approval where there is nobody to ask, and a resume gives it`()
        async throws
    {
        let world = try world()
        let end = await world.run()
        #expect(end.code == .waiting)
        #expect(end.nextCommand == "healthgate release resume release.yaml")
        #expect(world.versions == ["v2", "v1", "v1", "v1"])
        #expect(world.hosts.allSatisfy { $0.lease != nil && $0.holds.isEmpty })
        world.lapse()
        #expect(await world.releaser.resume(approval: .unavailable).code == .done)
        #expect(world.versions == ["v2", "v2", "v2", "v2"])
    }

    @Test func `goes on when it is approved`() async throws {
        let world = try world()
        #expect(await world.run(approval: .given).code == .done)
    }

    @Test func `ends the release when it is not`() async throws {
        let world = try world()
        let end = await world.run(approval: Approval { _ in .no })
        #expect(end.code == .aborted)
        #expect(world.versions == ["v2", "v1", "v1", "v1"])
        #expect(world.hosts.allSatisfy { $0.lease == nil })
    }
}

@EventLoop
@Suite
struct `An interruption` {
    @Test func `leaves the host drained and the lease where it is`() async throws {
        let world = try FakeWorld()
        let host = try world.host("west-1")
        let releaser = world.releaser
        host.after = { action in if action == .drain { releaser.interrupt() } }
        let end = await releaser.run(version: "v2", approval: .unavailable)
        #expect(end.code == .aborted)
        #expect(end.sentence == "interrupted; west-1 stays drained")
        #expect(host.holds.count == 1)
        #expect(host.running == .version("v1"))
        #expect(world.hosts.allSatisfy { $0.lease != nil })
    }
}
