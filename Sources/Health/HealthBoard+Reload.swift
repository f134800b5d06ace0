extension HealthBoard {
    /// Takes another set of checks; this changes no verdict by itself. States are kept per identity; a
    /// check whose definition changed is pending and counts as before until it has settled; a new one
    /// counts once it has settled; one that is gone is dropped, but if that would raise the verdict,
    /// the old verdict stays until every required check has said anew how it is. While the host has
    /// never been up there is no such grace: every required check must first prove itself.
    package mutating func reload(checks: [Check], at now: ContinuousClock.Instant) -> Change? {
        let old = self
        let oldCause = old.standingCause(for: .host)
        var kept: [CheckRecord] = []
        for check in checks {
            guard let slot = old.slots[check.id] else {
                kept.append(CheckRecord(check, at: now, isNew: hasStarted))
                continue
            }
            var record = old.records[slot]
            record.adopt(check, at: now, hasStarted: hasStarted)
            kept.append(record)
        }
        arrange(kept)
        keepFloor(of: old, cause: oldCause, at: now)
        let changes = records.compactMap { record -> CheckChange? in
            let id = record.check.id
            guard let slot = old.slots[id], old.records[slot].state != record.state else {
                return nil
            }
            let last = record.last?.outcome
            return CheckChange(id: id, from: old.records[slot].state, to: record.state, last: last)
        }
        return announce(Array(records.indices), Change(at: now, checks: changes))
    }

    private mutating func keepFloor(
        of old: HealthBoard,
        cause: Cause?,
        at now: ContinuousClock.Instant
    ) {
        let host = old.hostStanding
        let upstreams = old.common.upstreams
        floor = nil
        guard hostStanding.rank < host.rank || upstreamTally.verdict.rank < upstreams.rank else {
            return
        }
        // Of several reloads in a row the cause before the first one is the true one.
        let first = if case .reloaded(_, let was) = cause { was } else { cause }
        floor = Floor(since: now, host: host, upstreams: upstreams, cause: first)
        liftFloor()
    }

    /// Drops the old verdict once every required check has settled by probes newer than the reload.
    mutating func liftFloor() {
        guard let floor else { return }
        let isOpen = records.contains {
            $0.check.effect == .fail && !$0.hasSettled(since: floor.since)
        }
        if !isOpen { self.floor = nil }
    }
}
