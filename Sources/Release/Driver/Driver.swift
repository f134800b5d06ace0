package import Loop

/// Rolls a release over the hosts, one after the other, and stops at the first fault.
@EventLoop
package final class Driver {
    package let session: ReleaseSession
    private let steps: [any Step]
    private let approval: Approval
    private var outcomes: [String: HostOutcome] = [:]

    private var world: ReleaseWorld { session.world }
    private var hosts: [PlanConfiguration.Host] { session.plan.hosts }

    package init(
        _ session: ReleaseSession,
        steps: [any Step]? = nil,
        approval: Approval = .unavailable
    ) {
        self.session = session
        self.steps = steps ?? Driver.steps
        self.approval = approval
    }

    package static var steps: [any Step] {
        [
            GuardStep(), DrainStep(), PullStep(), StopStep(), ProxyStep(), ConnectivityStep(),
            StartStep(), APITestStep(), UndrainStep(),
        ]
    }

    /// Takes the hosts that are left, in order.
    /// - Parameter finished: hosts that a resumed release has behind it.
    package func roll(_ passages: [HostPassage], finished: Set<String> = []) async throws
        -> ReleaseEnd
    {
        for name in finished { outcomes[name] = .released(heldBy: []) }
        await session.beginLedger()
        for (index, passage) in passages.enumerated() {
            if let end = try await take(passage) { return end }
            let isLast = index == passages.count - 1
            if passage.name == session.plan.canary, !isLast, let end = try await pauseAfterCanary()
            {
                return end
            }
        }
        return released()
    }

    /// - Returns: the end of the release, if it ends here.
    private func take(_ host: HostPassage) async throws -> ReleaseEnd? {
        session.current = host
        for step in steps {
            let began = session.clock.now
            session.tell(.stepBegan(host: host.name, step.name))
            do {
                let result = try await step.run(host, in: session)
                if step.name.keepsOut { try await session.requireOut(host) }
                let took = session.clock.now - began
                session.tell(.stepEnded(host: host.name, step.name, result, took: took))
                await session.book(host, step.name, took: took)
                try await session.write(
                    .step,
                    host: host.name,
                    step: step.name,
                    result: "done",
                    text: result.words
                )
            } catch let failure as StepFailure {
                try stopIfInterrupted()
                let took = session.clock.now - began
                let why = failure.description
                session.tell(.stepFailed(host: host.name, step.name, why: why, took: took))
                try? await session.write(
                    .step,
                    host: host.name,
                    step: step.name,
                    result: "failed",
                    text: why
                )
                await session.book(host, step.name, took: took)
                return try await failed(host, step.name, failure)
            }
        }
        try await end(host, .released(heldBy: host.heldBy))
        return try await lossMeanwhile(host)
    }

    /// A wait that an interruption cut short looks like a failure: it is none of the host's.
    private func stopIfInterrupted() throws {
        if let lost = session.keeper.lost { throw lost }
        try Task.checkCancellation()
    }

    private func end(_ host: HostPassage, _ outcome: HostOutcome) async throws {
        outcomes[host.name] = outcome
        session.tell(.hostEnded(host: host.name, outcome))
        // The host is what it is, also when the journal's disk is not.
        try? await session.write(.host, host: host.name, result: outcome.word)
    }

    private func failed(
        _ host: HostPassage,
        _ step: StepName,
        _ failure: StepFailure
    ) async throws -> ReleaseEnd {
        let outcome = try await FailureHandler(session).respond(to: step, of: host)
        try await end(host, outcome)
        if step == .guard, isUntouched {
            return ReleaseEnd(
                .refused,
                "refused by the guard: \(failure); nothing was changed",
                details: failure.evidence
            )
        }
        let what =
            failure.lost.isEmpty && step != .guard
            ? "\(step.rawValue) failed on \(host.name)" : "stopped at \(host.name)"
        return await stopped("\(what): \(failure)", host, outcome, failure.evidence)
    }

    /// The host is back, but another one was lost while it was out: no further one is taken.
    private func lossMeanwhile(_ host: HostPassage) async throws -> ReleaseEnd? {
        do {
            try await host.requireOthers(in: session)
            return nil
        } catch let failure as StepFailure {
            return await stopped("stopped: \(failure)", host, nil, failure.evidence)
        }
    }

    private func stopped(
        _ what: String,
        _ host: HostPassage,
        _ outcome: HostOutcome?,
        _ evidence: [String]
    ) async -> ReleaseEnd {
        let fleet = await world.look()
        // A hold that is still on it is in force, also before every Front has looked again.
        let serving = world.serving(in: fleet).count { !host.isHeld || $0 != host.name }
        let state = outcome.map { "; \(host.name) is \($0.word)" } ?? ""
        let below = serving < session.plan.minAvailable
        let sentence =
            "\(what)\(state); \(session.version) is on \(releasedCount) of \(hosts.count) hosts, "
            + "\(serving) of \(hosts.count) serve"
        return ReleaseEnd(
            below ? .belowFloor : .failed,
            sentence,
            next: outcome?.needsHands == true ? .resumeOrAbort : nil,
            details: evidence + fleet.unknown
        )
    }

    /// Whether no host was ever drained.
    private var isUntouched: Bool { outcomes.values.allSatisfy { $0 == .untouched } }

    /// Whether the release leaves a host that somebody must see to.
    package var needsHands: Bool { outcomes.values.contains(where: \.needsHands) }

    private var releasedCount: Int {
        outcomes.values.count { if case .released = $0 { true } else { false } }
    }

    private func released() -> ReleaseEnd {
        var sentence = "released \(session.version) on \(releasedCount) of \(hosts.count) hosts"
        let held = hosts.compactMap { host -> String? in
            guard case .released(let owners)? = outcomes[host.name], !owners.isEmpty else {
                return nil
            }
            return "\(host.name) is held by \(owners.joined(separator: ", "))"
        }
        if !held.isEmpty { sentence += " (\(held.joined(separator: "; ")))" }
        return ReleaseEnd(.done, sentence)
    }

    private func pauseAfterCanary() async throws -> ReleaseEnd? {
        let canary = session.plan.canary ?? ""
        switch session.plan.pauseAfterCanary {
        case .none: return nil
        case .wait(let duration):
            session.tell(.note("waiting \(duration.words) after the canary"))
            try await session.clock.pause(duration)
            return nil
        case .ask: break
        }
        let question = "\(session.version) serves on \(canary). Go on with the other hosts?"
        let answer = await approval.ask(question)
        try Task.checkCancellation()
        switch answer {
        case .yes:
            try await session.write(.approved)
            return nil
        case .no:
            return ReleaseEnd(
                .aborted,
                "stopped after the canary: \(session.version) is on \(releasedCount) of "
                    + "\(hosts.count) hosts, all serve"
            )
        case .nobody:
            return ReleaseEnd(
                .waiting,
                "waiting for approval: \(session.version) serves on the canary \(canary)",
                next: .resume
            )
        }
    }
}

/// Who may say that the canary is good.
@EventLoop
package struct Approval: Sendable {
    package enum Answer: Hashable, Sendable { case yes, no, nobody }

    let ask: @EventLoop @Sendable (String) async -> Answer

    package init(_ ask: @escaping @EventLoop @Sendable (String) async -> Answer) {
        self.ask = ask
    }

    package static var unavailable: Approval { Approval { _ in .nobody } }
    package static var given: Approval { Approval { _ in .yes } }
}
