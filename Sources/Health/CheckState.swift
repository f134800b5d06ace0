/// The state of a check, as people see it.
package enum CheckState: String, Hashable, Sendable, CaseIterable {
    case pending, up, degraded, down, stale
}

/// An outcome and when it came.
package struct RecordedOutcome: Hashable, Sendable {
    package let outcome: Outcome
    package let at: ContinuousClock.Instant

    package init(_ outcome: Outcome, at instant: ContinuousClock.Instant) {
        self.outcome = outcome
        self.at = instant
    }
}
