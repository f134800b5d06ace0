extension HealthBoard {
    /// An old verdict that a reload may not raise, until the checks have said so themselves.
    struct Floor: Sendable {
        let since: ContinuousClock.Instant
        let host: Verdict
        let upstreams: Verdict
        let cause: Cause?
    }

    /// The present verdict. Nothing for an app that is not configured.
    package func verdict(for scope: Scope) -> Verdict? {
        announcement(for: scope)?.verdict
    }

    /// What to tell an edge now, and until when.
    package func answer(for scope: Scope) -> Answer? {
        guard let said = announcement(for: scope) else { return nil }
        return Answer(
            verdict: said.verdict,
            since: said.since,
            cause: cause(for: scope),
            validUntil: validUntil(for: scope),
            excludes: excludes(said.verdict)
        )
    }

    /// Whether an answer with this verdict carries the immediate header. A `starting` one only when
    /// the process before this one was stopped on purpose: after a crash, and for a host that is
    /// down, the edge's own protection must go on working.
    package func excludes(_ verdict: Verdict) -> Bool {
        guard !verdict.serves, excludeOn.contains(verdict) else { return false }
        return verdict != .starting || (plannedStart && !hasStarted)
    }

    /// The earliest instant at which a check that counts becomes stale.
    package func validUntil(for scope: Scope) -> ContinuousClock.Instant? {
        guard !isOut else { return nil }
        switch scope {
        case .host:
            return [expiries[0].earliest, expiries[1].earliest].compactMap { $0 }.min()
        case .app(let name):
            guard let slot = slots[.app(name)] else { return nil }
            return [records[slot].expiry, expiries[1].earliest].compactMap { $0 }.min()
        }
    }

    /// The checks that a poll must run again before it is answered.
    package func overdue(for scope: Scope, at now: ContinuousClock.Instant) -> [CheckID] {
        guard !isOut else { return [] }
        var due = expiries[1].due(at: now)
        switch scope {
        case .host:
            due += expiries[0].due(at: now)
        case .app(let name):
            guard let slot = slots[.app(name)] else { return [] }
            if let expiry = records[slot].expiry, expiry <= now { due.append(slot) }
        }
        return due.sorted().map { records[$0].check.id }
    }

    /// When the check's next probe should begin. Nothing for a check that is not configured.
    package func nextDue(for id: CheckID) -> ContinuousClock.Instant? {
        slots[id].map { records[$0].nextDue }
    }

    func announcement(for scope: Scope) -> Announcement? {
        switch scope {
        case .host: host
        case .app(let name): slots[.app(name)].map { records[$0].announced }
        }
    }
}

// MARK: - Announcing

extension HealthBoard {
    private var upstreamStanding: Verdict {
        .worse(upstreamTally.verdict, floor?.upstreams ?? .up)
    }

    var hostStanding: Verdict {
        .worse(.worse(appTally.verdict, upstreamTally.verdict), floor?.host ?? .up)
    }

    /// Says what has changed: of the host, of the apps in these slots, and of every app when what they
    /// share has changed.
    mutating func announce(_ touched: [Int], _ soFar: Change) -> Change? {
        var change = soFar
        let old = host
        let standing = hostStanding
        if standing.serves { hasStarted = true }
        host.say(isOut ? .draining : standing, standing: standing, at: change.at)
        if host.verdict != old.verdict {
            change.verdicts.append(
                VerdictChange(scope: .host, from: old.verdict, to: host.verdict)
            )
        }
        if host.standing != old.standing {
            change.standing = VerdictChange(scope: .host, from: old.standing, to: host.standing)
        }
        if faults.fault != fault {
            change.fault = FaultChange(from: fault, to: faults.fault)
            fault = faults.fault
        }
        let shared = Common(isOut: isOut, hasStarted: hasStarted, upstreams: upstreamStanding)
        if shared != common {
            common = shared
            for slot in records.indices { announceApp(slot, &change) }
        } else {
            for slot in touched { announceApp(slot, &change) }
        }
        return change.isEmpty ? nil : change
    }

    mutating func announceAll(at now: ContinuousClock.Instant) {
        _ = announce(Array(records.indices), Change(at: now))
    }

    private mutating func announceApp(_ slot: Int, _ change: inout Change) {
        guard case .app = records[slot].check.id.kind else { return }
        let old = records[slot].announced.verdict
        var standing = Verdict.worse(records[slot].verdict, common.upstreams)
        // An edge that routes by app must not find half a host: until all are there, none is.
        if !hasStarted { standing = .worse(standing, .starting) }
        let new = common.isOut ? .draining : standing
        records[slot].announced.say(new, standing: standing, at: change.at)
        guard new != old else { return }
        let scope = Scope.app(records[slot].check.id.name)
        change.verdicts.append(VerdictChange(scope: scope, from: old, to: new))
    }
}
