extension HealthBoard {
    /// Why the verdict is not `up`: one cause, whatever else is wrong.
    package func cause(for scope: Scope) -> Cause? {
        if drain.isOn { return .drain(drain.holds) }
        if isStopping { return .stopping }
        return standingCause(for: scope)
    }

    /// Why the verdict behind a drain is not `up`.
    func standingCause(for scope: Scope) -> Cause? {
        switch scope {
        case .host:
            let standing = hostStanding
            guard standing != .up else { return nil }
            return gravest(standing) { _ in true } ?? floorCause
        case .app(let name):
            guard let slot = slots[.app(name)] else { return nil }
            let own = records[slot].verdict
            let shared = common.upstreams
            if own != .up, own.rank >= shared.rank {
                return .check(CheckReport(records[slot]), others: 0)
            }
            if shared != .up {
                return gravest(shared) { $0.check.id.kind == .upstream } ?? floorCause
            }
            // Up itself, and kept back by the apps that are not there yet.
            guard !hasStarted, hostStanding != .up else { return nil }
            return gravest(hostStanding) { _ in true } ?? floorCause
        }
    }

    private var floorCause: Cause? {
        floor.map { .reloaded(at: $0.since, was: $0.cause) }
    }

    /// Of the checks that lead to this verdict, the one that has done so longest.
    private func gravest(_ verdict: Verdict, among: (CheckRecord) -> Bool) -> Cause? {
        var found: CheckRecord?
        var count = 0
        for record in records where record.weight.verdict == verdict && among(record) {
            count += 1
            if let best = found, best.since <= record.since { continue }
            found = record
        }
        if let found, let fault = faults.fault, found.suffers(fault) { return sharedCause }
        return found.map { .check(CheckReport($0), others: count - 1) }
    }

    /// All that is known, at one instant.
    package func report(at now: ContinuousClock.Instant) -> Report {
        let apps = records.map(\.check.id).filter { $0.kind == .app }
        return Report(
            at: now,
            host: report(.host, host),
            apps: apps.compactMap { id in
                announcement(for: .app(id.name)).map { report(.app(id.name), $0) }
            },
            checks: records.map(CheckReport.init),
            holds: drain.holds,
            isStopping: isStopping,
            hasStarted: hasStarted,
            sharedCause: sharedCause
        )
    }

    private func report(_ scope: Scope, _ said: Announcement) -> ScopeReport {
        ScopeReport(
            scope: scope,
            verdict: said.verdict,
            since: said.since,
            standing: said.standing,
            standingSince: said.standingSince,
            cause: cause(for: scope),
            standingCause: standingCause(for: scope)
        )
    }
}
