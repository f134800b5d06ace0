/// What one event changed: the word for logs, events and everything rendered from the board.
package struct Change: Hashable, Sendable {
    package let at: ContinuousClock.Instant
    /// Of the host first, then of apps.
    package var verdicts: [VerdictChange] = []
    /// Of the host behind its drain, when that changed.
    package var standing: VerdictChange?
    package var checks: [CheckChange] = []
    package var drain: DrainChange?
    package var fault: FaultChange?

    var isEmpty: Bool {
        verdicts.isEmpty && standing == nil && checks.isEmpty && drain == nil
            && fault == nil
    }
}

package struct VerdictChange: Hashable, Sendable {
    package let scope: Scope
    package let from: Verdict
    package let to: Verdict

    package init(scope: Scope, from: Verdict, to: Verdict) {
        self.scope = scope
        self.from = from
        self.to = to
    }
}

/// A check changed its state, or fails for another reason than before.
package struct CheckChange: Hashable, Sendable {
    package let id: CheckID
    package let from: CheckState
    package let to: CheckState
    package let last: Outcome?

    /// Only the reason changed: worth a new answer, not a log line each time.
    package var isTransition: Bool { from != to }
}

/// A fault that many checks have in common came or went.
package struct FaultChange: Hashable, Sendable {
    package let from: SharedFault?
    package let to: SharedFault?
}

package struct DrainChange: Hashable, Sendable {
    package let added: [Hold]
    package let removed: [Hold]
    /// The process has been told to stop.
    package let isStopping: Bool
}
