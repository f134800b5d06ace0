/// A snapshot of the whole board, for status, metrics and explanations.
package struct Report: Hashable, Sendable {
    package let at: ContinuousClock.Instant
    package let host: ScopeReport
    package let apps: [ScopeReport]
    /// In the order of the configuration.
    package let checks: [CheckReport]
    package let holds: [Hold]
    package let isStopping: Bool
    /// Whether every required check has been up since the start of this process.
    package let hasStarted: Bool
    /// What all that fails beyond this host has in common.
    package let sharedCause: Cause?
}

/// The word on the host or on an app.
package struct ScopeReport: Hashable, Sendable {
    package let scope: Scope
    package let verdict: Verdict
    package let since: ContinuousClock.Instant
    /// The verdict that would be without any drain: "up behind the drain".
    package let standing: Verdict
    package let standingSince: ContinuousClock.Instant
    /// Why the verdict is not `up`.
    package let cause: Cause?
    /// Why the standing is not `up`; the same as the cause unless drained.
    package let standingCause: Cause?
}

/// The word on one check.
package struct CheckReport: Hashable, Sendable {
    package let check: Check
    package let state: CheckState
    package let since: ContinuousClock.Instant
    package let last: RecordedOutcome?
    package let lastGood: RecordedOutcome?
    package let lastFailure: RecordedOutcome?
    package let failingSince: ContinuousClock.Instant?
    /// Failures in a row.
    package let fails: Int
    package let progress: Progress?
    /// When the newest counted probe began.
    package let evidence: ContinuousClock.Instant?
    package let nextDue: ContinuousClock.Instant
    /// Until when flapping holds it down, and after how many falls.
    package let heldDownUntil: ContinuousClock.Instant?
    package let falls: Int
    /// The level it counts with since a reload, until it has settled.
    package let heldAt: Level?
    /// Differs from the check's own after a reload, until the next outcome.
    package let effect: Effect
    /// A reload added it, and it does not count before it has settled.
    package let isNew: Bool
    let weight: Weight

    package var id: CheckID { check.id }

    init(_ record: CheckRecord) {
        check = record.check
        state = record.state
        since = record.since
        last = record.last
        lastGood = record.lastGood
        lastFailure = record.lastFailure
        failingSince = record.failingSince
        fails = record.threshold.fails
        progress = record.threshold.progress
        evidence = record.evidence
        nextDue = record.nextDue
        heldDownUntil = record.flaps.heldUntil
        falls = record.flaps.falls
        heldAt = record.threshold.settled == nil ? record.held?.level : nil
        effect = record.effect
        isNew = record.isNew
        weight = record.weight
    }
}
