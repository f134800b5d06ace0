/// All that the board remembers of one check.
struct CheckRecord: Sendable {
    /// How a check counts after a reload until it has settled anew.
    struct Held: Hashable, Sendable {
        let level: Level?
        let effect: Effect
        /// Not before the host was up: until then every required check must prove itself.
        let isForHost: Bool
    }

    private(set) var check: Check
    private(set) var threshold: Threshold
    private(set) var flaps = FlapMemory()
    private(set) var last: RecordedOutcome?
    private(set) var lastGood: RecordedOutcome?
    private(set) var lastFailure: RecordedOutcome?
    /// The first failure of the present row of failures.
    private(set) var failingSince: ContinuousClock.Instant?
    /// When the newest counted probe began: the age of what is known.
    private(set) var evidence: ContinuousClock.Instant?
    private(set) var since: ContinuousClock.Instant
    private(set) var held: Held?
    /// Added by a reload and not yet settled: counts for nothing.
    private(set) var isNew: Bool
    private var isExpired = false
    /// A probe that began before this asked for what an older configuration wanted.
    private var begins: ContinuousClock.Instant
    /// What was last said about this app.
    var announced: Announcement

    init(_ check: Check, at now: ContinuousClock.Instant, isNew: Bool) {
        self.check = check
        self.isNew = isNew
        threshold = Threshold(rise: check.rise, fall: check.fall)
        since = now
        begins = now
        announced = Announcement(.starting, at: now)
    }

    /// The level that counts, staleness aside.
    private var level: Level? {
        guard let level = threshold.settled ?? held?.level else { return nil }
        return flaps.heldUntil == nil ? level : .down
    }

    /// Stale is never up; what is down stays down, with its reason.
    private var isStale: Bool { isExpired && (level == .up || level == .degraded) }

    var state: CheckState {
        if isStale { return .stale }
        guard threshold.settled != nil else { return .pending }
        return switch level {
        case .up: .up
        case .degraded: .degraded
        case .down: .down
        case nil: .pending
        }
    }

    var effect: Effect { held?.effect ?? check.effect }

    var weight: Weight {
        guard effect != .inform else { return .nothing }
        let isUnproven = threshold.settled == nil && held?.isForHost == false
        switch isUnproven ? nil : isStale ? .down : level {
        case .up: return .nothing
        case .degraded: return .degrades
        case .down: return effect == .fail ? .fails : .degrades
        case nil: return effect == .fail && !isNew ? .delays : .nothing
        }
    }

    /// The word on this check alone, whatever its effect on the host.
    var verdict: Verdict {
        switch isStale ? .down : level {
        case .up: .up
        case .degraded: .degraded
        case .down: .down
        case nil: .starting
        }
    }

    /// From when on an answer that rests on this check needs a new probe.
    var expiry: ContinuousClock.Instant? {
        if check.interval == .onPoll {
            return evidence?.advanced(by: check.maxAge) ?? begins
        }
        guard level == .up || level == .degraded, !isExpired else { return nil }
        return evidence?.advanced(by: check.maxAge)
    }

    /// When the next probe should begin.
    var nextDue: ContinuousClock.Instant {
        guard let last, last.at >= begins else { return begins }
        // What is stale keeps the host out as much as what is down.
        let isOut = threshold.settled == nil || threshold.settled == .down || isStale
        switch check.interval {
        case .every(let interval):
            return last.at.advanced(by: isOut ? min(interval, check.downInterval) : interval)
        case .onPoll where threshold.settled == nil:
            return last.at.advanced(by: min(check.maxAge, check.downInterval))
        case .onPoll:
            return max(last.at, (evidence ?? last.at).advanced(by: check.maxAge))
        }
    }

    /// Whether it has settled, and its newest outcome is of a probe that began after the instant.
    func hasSettled(since instant: ContinuousClock.Instant) -> Bool {
        guard let evidence, threshold.settled != nil else { return false }
        return evidence > instant
    }
}

// MARK: - Events

extension CheckRecord {
    mutating func observe(_ outcome: Outcome, at now: ContinuousClock.Instant) {
        let began = now.advanced(by: .zero - outcome.took)
        guard began >= begins else { return }
        let before = (state: state, settled: threshold.settled ?? held?.level)
        last = RecordedOutcome(outcome, at: now)
        // Older than it may be on arrival: we were stopped in between. It says nothing about now.
        guard began.advanced(by: check.maxAge) > now else { return }
        // Also when nobody had declared it stale: only one look stood between old and new.
        let wasOld = evidence.map { $0.advanced(by: check.maxAge) <= now } ?? false
        evidence = max(evidence ?? began, began)
        count(outcome, at: now, wasStale: wasOld || isStale)
        if before.settled != .down, before.settled != nil, threshold.settled == .down {
            flaps.fell(at: now, check.holdDown)
        } else if outcome.passed {
            flaps.release(at: now)
        }
        if threshold.settled != nil {
            held = nil
            isNew = false
        }
        if state != before.state { since = now }
    }

    private mutating func count(
        _ outcome: Outcome,
        at now: ContinuousClock.Instant,
        wasStale: Bool
    ) {
        isExpired = false
        threshold.count(outcome.level)
        if outcome.passed {
            failingSince = nil
            lastGood = last
        } else {
            failingSince = failingSince ?? now
            lastFailure = last
            // The first look after a time of not knowing decides alone.
            if wasStale, level != nil { threshold.giveUp() }
        }
    }

    mutating func expire(at now: ContinuousClock.Instant) {
        guard let evidence, evidence.advanced(by: check.maxAge) <= now else { return }
        let before = state
        isExpired = true
        if state != before { since = now }
    }

    /// Takes the settings of a reload. What counted goes on counting as it did until the check has
    /// settled; for the host only if it `hasStarted`, since before that there is no word to hold.
    mutating func adopt(_ new: Check, at now: ContinuousClock.Instant, hasStarted: Bool) {
        let old = check
        let counted = (level: level, effect: effect)
        let before = state
        let keeps = Held(
            level: counted.level,
            effect: hasStarted ? counted.effect : new.effect,
            isForHost: hasStarted
        )
        check = new
        if new.definition != old.definition {
            threshold = Threshold(rise: new.rise, fall: new.fall)
            flaps = FlapMemory()
            failingSince = nil
            begins = now
            held = keeps
        } else {
            threshold.adopt(rise: new.rise, fall: new.fall)
            if new.effect != counted.effect { held = keeps }
        }
        // Whoever never counted must not delay a host that is up.
        if hasStarted, threshold.settled == nil, counted.level == nil { isNew = true }
        if state != before { since = now }
    }
}
