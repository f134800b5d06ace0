package import Loop

/// `release run`, `resume` and `abort`: takes the lease, drives, and leaves the lease as the end
/// demands.
@EventLoop
package final class Releaser {
    let world: ReleaseWorld
    let who: String
    var session: ReleaseSession?
    private var task: Task<ReleaseEnd, any Error>?

    /// - Parameter who: the person or build that is told to others who find the lock taken.
    package init(_ world: ReleaseWorld, who: String) {
        self.world = world
        self.who = who
    }

    /// Ends what runs, leaves a drained host drained, and lets the release end with exit code 4.
    package func interrupt() {
        task?.cancel()
    }

    package func run(version: String, approval: Approval) async -> ReleaseEnd {
        await driven { try await self.begin(version, approval) }
    }

    package func resume(approval: Approval) async -> ReleaseEnd {
        await driven { try await self.takeUp(approval) }
    }

    package func abort() async -> ReleaseEnd {
        await driven { try await self.giveUp() }
    }

    /// Runs `body` as a task of its own that can be interrupted, and turns whatever it throws into
    /// an end.
    private func driven(
        _ body: @escaping @EventLoop @Sendable () async throws -> ReleaseEnd
    ) async -> ReleaseEnd {
        let task = EventLoop.task(body)
        self.task = task
        var end: ReleaseEnd
        do {
            end = try await task.value
        } catch let refusal as Refusal {
            end = refusal.end
        } catch let lost as LeaseLost {
            end = ReleaseEnd(.locked, "\(lost); this release changes nothing more")
        } catch is CancellationError {
            end = session?.keeper.lost.map(Releaser.lost) ?? interrupted()
        } catch {
            end = ReleaseEnd(.failed, "\(error)")
        }
        if let lost = session?.keeper.lost, end.code != .locked { end = Releaser.lost(lost) }
        session?.keeper.stopRenewing()
        end.planFile = world.planFile
        world.observer.ended(end, impact: session?.ledger.table ?? ImpactTable())
        return end
    }

    private static func lost(_ lost: LeaseLost) -> ReleaseEnd {
        ReleaseEnd(.locked, "\(lost); this release changes nothing more")
    }

    private func interrupted() -> ReleaseEnd {
        guard let session else { return ReleaseEnd(.aborted, "interrupted; nothing was changed") }
        guard let host = session.current, host.isHeld else {
            return ReleaseEnd(
                .aborted,
                "interrupted; no host is drained by us",
                next: .resumeOrAbort
            )
        }
        return ReleaseEnd(.aborted, "interrupted; \(host.name) stays drained", next: .resumeOrAbort)
    }

    private func begin(_ version: String, _ approval: Approval) async throws -> ReleaseEnd {
        let preparation = Preparation(world)
        let highest = try await preparation.survey()
        let session = open(
            Lease(
                release: Releaser.identifier(world.plan.name, version),
                epoch: highest + 1,
                who: who,
                version: version,
                plan: world.plan.fingerprint,
                heartbeat: world.clock.timeOfDay,
                ttl: LeaseKeeper.ttl.seconds
            )
        )
        world.observer.observe(
            .began(
                release: session.release,
                version: version,
                hosts: world.plan.hosts.map(\.name)
            )
        )
        try await preparation.inspect(session)
        try await session.write(.begin)
        try await lock(session)
        return try await closing(session) {
            try await preparation.pullEverywhere(session)
            let driver = Driver(session, approval: approval)
            let end = try await driver.roll(self.world.plan.hosts.map { HostPassage($0) })
            return (end, driver.needsHands)
        }
    }

    private func lock(_ session: ReleaseSession) async throws {
        let refusal: Refusal
        do {
            try await session.keeper.take()
            session.keeper.startRenewing()
            return
        } catch let lost as LeaseLost {
            refusal = lost.holder.map(Refusal.held) ?? Refusal(.locked, "\(lost)")
        } catch let failure as StepFailure {
            refusal = Refusal(.refused, "\(failure); nothing was changed")
        }
        try await session.write(.end, text: refusal.end.sentence)
        throw refusal
    }

    /// Ends the lease with the release, unless somebody has to come back to it.
    func closing(
        _ session: ReleaseSession,
        _ body: @EventLoop () async throws -> (end: ReleaseEnd, needsHands: Bool)
    ) async throws -> ReleaseEnd {
        let end: ReleaseEnd
        var stays = false
        do {
            let result = try await body()
            end = result.end
            stays = result.needsHands || end.code == .waiting
        } catch let refusal as Refusal {
            end = refusal.end
        }
        session.keeper.stopRenewing()
        if end.code != .waiting { try? await session.write(.end, text: end.sentence) }
        if !stays { await session.keeper.drop() }
        return end
    }

    func open(_ lease: Lease) -> ReleaseSession {
        let keeper = LeaseKeeper(lease, gateways: world.gateways, clock: world.clock)
        keeper.onLoss = { [weak self] in self?.task?.cancel() }
        let session = ReleaseSession(world: world, keeper: keeper)
        self.session = session
        return session
    }

    /// Names a release: it is the owner of our holds, so only plain characters.
    static func identifier(_ name: String, _ version: String) -> String {
        let plain = "\(name)-\(version)".map { character in
            character.isASCII && (character.isLetter || character.isNumber)
                || ".-_".contains(character) ? character : "-"
        }
        let random = String(UInt32.random(in: 0x10_0000...0xff_ffff), radix: 16)
        return "\(String(plain.prefix(60)))-\(random)"
    }
}
