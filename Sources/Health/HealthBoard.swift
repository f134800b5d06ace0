/// The health of a host: outcomes go in, verdicts come out. A value with no clock and no I/O; the
/// caller passes the present instant.
///
/// The host, and with it every app, fails until every required check (`effect: fail`) has passed
/// `rise` times in a row. After that a check that is down or stale counts by its effect. An app's
/// verdict is its own check's, joined by the upstreams that count. A drain stands above all.
package struct HealthBoard: Sendable {
    var records: [CheckRecord] = []
    var slots: [CheckID: Int] = [:]
    var appTally = Tally()
    var upstreamTally = Tally()
    var faults = FaultTally()
    /// As last announced.
    var fault: SharedFault?
    /// By lane: apps and upstreams that count, and all that only inform.
    var expiries = [Expiries(), Expiries(), Expiries()]
    var host: Announcement
    /// What every app's verdict has in common, as last announced.
    var common: Common
    var floor: Floor?
    package private(set) var drain = Drain()
    package private(set) var isStopping = false
    /// Every required check has been up since this process started.
    var hasStarted = false
    let plannedStart: Bool
    /// Verdicts whose failing answer tells the edge to leave the host out at once.
    package var excludeOn: Set<Verdict>

    struct Common: Hashable, Sendable {
        var isOut: Bool
        var hasStarted: Bool
        var upstreams: Verdict
    }

    /// - `plannedStart`: a hold or a clean-stop marker was on disk, so this start is no crash.
    package init(
        checks: [Check],
        drain: Drain = Drain(),
        plannedStart: Bool = false,
        excludeOn: Set<Verdict> = [.draining, .starting],
        at now: ContinuousClock.Instant
    ) {
        self.drain = drain
        self.plannedStart = plannedStart
        self.excludeOn = excludeOn
        host = Announcement(.starting, at: now)
        common = Common(isOut: drain.isOn, hasStarted: false, upstreams: .up)
        arrange(checks.map { CheckRecord($0, at: now, isNew: false) })
        announceAll(at: now)
    }

    /// Counts an outcome. `now` is when it came; its age is counted from when its probe began.
    package mutating func record(
        _ outcome: Outcome,
        for id: CheckID,
        at now: ContinuousClock.Instant
    ) -> Change? {
        guard let slot = slots[id] else { return nil }
        let change = update(slot) { $0.observe(outcome, at: now) }
        liftFloor()
        return announce([slot], Change(at: now, checks: change.map { [$0] } ?? []))
    }

    /// Declares stale what is too old. Call it when a poll's fresh probe did not finish in time, and
    /// a little after `validUntil` when nobody polls.
    package mutating func expire(at now: ContinuousClock.Instant) -> Change? {
        let due = expiries.flatMap { $0.due(at: now) }
        var changes: [CheckChange] = []
        for slot in due.sorted() {
            if let change = update(slot, { $0.expire(at: now) }) { changes.append(change) }
        }
        return announce(due.sorted(), Change(at: now, checks: changes))
    }

    /// Puts another set of holds in force.
    package mutating func setDrain(_ new: Drain, at now: ContinuousClock.Instant) -> Change? {
        let old = drain
        drain = new
        let added = new.holds.filter { !old.holds.contains($0) }
        let removed = old.holds.filter { new.hold(of: $0.owner) == nil }
        guard !added.isEmpty || !removed.isEmpty else { return nil }
        var change = Change(at: now)
        change.drain = DrainChange(added: added, removed: removed, isStopping: isStopping)
        return announce([], change)
    }

    /// The process was told to stop: drained from now on, with no hold.
    package mutating func stop(at now: ContinuousClock.Instant) -> Change? {
        guard !isStopping else { return nil }
        isStopping = true
        var change = Change(at: now)
        change.drain = DrainChange(added: [], removed: [], isStopping: true)
        return announce([], change)
    }
}

// MARK: - Bookkeeping

extension HealthBoard {
    var isOut: Bool { drain.isOn || isStopping }

    /// Lets a check take an event, and keeps the sums true.
    mutating func update(_ slot: Int, _ event: (inout CheckRecord) -> Void) -> CheckChange? {
        let before = records[slot].state
        let blame = records[slot].blame
        release(slot)
        event(&records[slot])
        hold(slot)
        let record = records[slot]
        guard record.state != before || record.blame != blame else { return nil }
        return CheckChange(
            id: record.check.id,
            from: before,
            to: record.state,
            last: record.last?.outcome
        )
    }

    private mutating func release(_ slot: Int) {
        let record = records[slot]
        tally(of: record) { $0.remove(record.weight) }
        faults.add(record, -1)
        expiries[record.lane].set(slot, to: nil)
    }

    private mutating func hold(_ slot: Int) {
        let record = records[slot]
        tally(of: record) { $0.add(record.weight) }
        faults.add(record)
        expiries[record.lane].set(slot, to: record.expiry)
    }

    private mutating func tally(of record: CheckRecord, _ body: (inout Tally) -> Void) {
        switch record.check.id.kind {
        case .app: body(&appTally)
        case .upstream: body(&upstreamTally)
        }
    }

    /// Takes these checks and no others. Of two with one identity the first counts.
    mutating func arrange(_ new: [CheckRecord]) {
        records = []
        slots = [:]
        appTally = Tally()
        upstreamTally = Tally()
        faults = FaultTally()
        expiries = [Expiries(), Expiries(), Expiries()]
        for record in new where slots[record.check.id] == nil {
            slots[record.check.id] = records.count
            records.append(record)
            hold(records.count - 1)
        }
    }
}

extension CheckRecord {
    var lane: Int {
        guard effect != .inform else { return 2 }
        return check.id.kind == .app ? 0 : 1
    }

    /// What a failing check is blamed for. While it is up or stale, one lost probe is not news.
    var blame: [String?] {
        guard state == .down || state == .pending, let failure = last?.outcome.failure else {
            return []
        }
        return [failure.reason.rawValue, failure.hop?.rawValue]
    }
}
