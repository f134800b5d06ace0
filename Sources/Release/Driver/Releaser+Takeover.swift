extension Releaser {
    /// Takes a release over that ended half way, and goes on with what the world shows undone.
    func takeUp(_ approval: Approval) async throws -> ReleaseEnd {
        var lease = try await standing("resume")
        lease = try await outlive(lease)
        guard lease.plan == world.plan.fingerprint else {
            throw Refusal(
                .refused,
                "the plan was changed since \(lease.release) began; nothing was changed",
                details: ["began with plan \(lease.plan), this one is \(world.plan.fingerprint)"]
            )
        }
        let (session, history) = try await take(lease)
        return try await closing(session) {
            let fleet = await world.look()
            let state = WorldState(session: session, history: history)
            var finished: Set<String> = []
            var out: [HostPassage] = []
            var left: [HostPassage] = []
            for host in world.plan.hosts {
                let finding = try await state.find(host, in: fleet)
                let passage = HostPassage(host)
                switch finding.standing {
                case .finished: finished.insert(host.name)
                case .untouched: left.append(passage)
                case .out:
                    passage.wasOut = true
                    passage.isHeld = finding.holdsOurs
                    passage.isDown = finding.isUpBehind == nil
                    passage.oldRuns = WorldState.isUntouchedBehindHold(
                        finding,
                        session.version,
                        history?.hosts[host.name]
                    )
                    passage.runsAlready =
                        finding.holdsOurs && finding.isUpBehind == true
                        && finding.running == .version(session.version)
                    out.append(passage)
                }
            }
            session.tell(
                .note(
                    "\(finished.count) of \(world.plan.hosts.count) hosts are done"
                        + (out.isEmpty ? "" : ", \(out.map(\.name).joined(separator: ", ")) is out")
                )
            )
            let driver = Driver(session, approval: approval)
            let end = try await driver.roll(out + left, finished: finished)
            return (end, driver.needsHands)
        }
    }

    /// Brings the host that is on its way to its known failed state, and ends the release.
    func giveUp() async throws -> ReleaseEnd {
        let lease = try await standing("abort")
        if lease.plan != world.plan.fingerprint {
            world.observer.observe(.warning("the plan was changed since \(lease.release) began"))
        }
        let (session, history) = try await take(lease)
        if lease.live == true {
            // Its driver learns of us by its next renewal, and ends the command that it runs.
            session.tell(.note("waiting for \(lease.who) to let go"))
            try await world.clock.pause(LeaseKeeper.period + .seconds(2))
        }
        return try await closing(session) {
            let fleet = await world.look()
            let state = WorldState(session: session, history: history)
            var words: [String] = []
            var needsHands = false
            var done = 0
            for host in world.plan.hosts {
                let finding = try await state.find(host, in: fleet)
                if finding.standing == .finished { done += 1 }
                guard finding.standing == .out else { continue }
                let outcome = try await abandon(host, finding, session, history)
                if case .unclear = outcome { needsHands = true }
                session.tell(.hostEnded(host: host.name, outcome))
                try await session.write(.host, host: host.name, result: outcome.word)
                words.append("\(host.name) is \(outcome.word)")
            }
            let total = world.plan.hosts.count
            let serving = world.serving(in: await world.look()).count
            let hosts = words.isEmpty ? "no host was out" : words.joined(separator: ", ")
            let end = ReleaseEnd(
                .aborted,
                "aborted \(session.version): \(hosts); it is on \(done) of \(total) hosts, "
                    + "\(serving) of \(total) serve"
            )
            return (end, needsHands)
        }
    }

    private func abandon(
        _ host: PlanConfiguration.Host,
        _ finding: WorldState.Finding,
        _ session: ReleaseSession,
        _ history: JournalHistory.Release?
    ) async throws -> HostOutcome {
        let passage = HostPassage(host)
        passage.wasOut = true
        passage.isHeld = finding.holdsOurs
        passage.isDown = finding.isUpBehind == nil
        session.current = passage
        let handler = FailureHandler(session)
        do {
            if WorldState.isUntouchedBehindHold(finding, session.version, history?.hosts[host.name])
            {
                return try await handler.restore(passage, .drain)
            }
            let hold = DrainStep()
            _ = try await hold.run(passage, in: session)
            return try await handler.stop(passage, .stop)
        } catch let failure as StepFailure {
            session.tell(.warning("\(host.name): \(failure)"))
            return .unclear("\(failure)")
        }
    }

    /// The release that stands on the gateways.
    private func standing(_ verb: String) async throws -> Lease {
        let deadline = world.clock.now + .seconds(5)
        let survey = await LeaseKeeper.survey(world.gateways, until: deadline)
        switch survey.takeover {
        case .of(let lease): return lease
        case .nothing: throw Refusal(.usage, "there is no release to \(verb)")
        case .tooFew(let hosts):
            throw Refusal(
                .refused,
                "too few gateways answer to \(verb) a release; nothing was changed",
                details: hosts
            )
        }
    }

    /// Waits for the driver that holds the lease to be gone: a person who resumes may be mistaken.
    private func outlive(_ lease: Lease) async throws -> Lease {
        var lease = lease
        let began = world.clock.now
        let limit = LeaseKeeper.ttl + .seconds(5)
        while lease.live == true {
            let elapsed = world.clock.now - began
            guard elapsed < limit else { throw Refusal.held(lease) }
            if elapsed < .seconds(1) {
                let words = "\(lease.words), may be running; waiting up to \(limit.words)"
                world.observer.observe(.note(words))
            }
            try await world.clock.pause(.seconds(1))
            lease = try await standing("resume")
        }
        return lease
    }

    /// Raises the epoch wherever a gateway answers, once the Fronts can be read.
    private func take(_ lease: Lease) async throws -> (ReleaseSession, JournalHistory.Release?) {
        var mine = lease
        // By a random step, so that two takeovers at once do not meet in one epoch.
        mine.epoch += Int.random(in: 1...1000)
        mine.who = who
        mine.live = nil
        let session = open(mine)
        world.observer.observe(
            .began(
                release: mine.release,
                version: mine.version,
                hosts: world.plan.hosts.map(\.name)
            )
        )
        let fleet = try await readableFleet()
        await session.learnConfigs()
        session.learnPlaces(from: fleet)
        let history = try? await world.journal.history().last
        try await session.write(.takeover)
        try await session.keeper.takeWhereReachable()
        session.keeper.startRenewing()
        return (session, history?.id == mine.release ? history : nil)
    }

    private func readableFleet() async throws -> FleetView {
        let deadline = world.clock.now + .seconds(15)
        while true {
            let fleet = await world.look()
            if fleet.unknown.isEmpty { return fleet }
            guard world.clock.now < deadline else {
                throw Refusal(
                    .refused,
                    "\(count(fleet.unknown.count, "Front")) cannot be read; nothing was changed",
                    details: fleet.unknown
                )
            }
            try await world.clock.pause(.milliseconds(500))
        }
    }
}

extension WorldState {
    /// Whether a held host still runs, whole, what it ran before the release.
    package nonisolated static func isUntouchedBehindHold(
        _ finding: Finding,
        _ version: String,
        _ noted: JournalHistory.Host?
    ) -> Bool {
        guard finding.isUpBehind == true, noted?.stopBegun != true else { return false }
        switch finding.running {
        case .version(let running): return running != version
        case .untold: return noted != nil
        case .none: return false
        }
    }
}
