/// The one reason why a verdict is not `up`.
package enum Cause: Hashable, Sendable {
    /// The check that has weighed longest, and how many others weigh as much.
    case check(CheckReport, others: Int)
    /// A fault that this many checks have in common, and the one that has failed longest.
    case shared(SharedFault, of: Int, first: CheckReport)
    case drain([Hold])
    case stopping
    /// A reload took away what was wrong; the old verdict stays until the checks have said anew that
    /// it is so.
    indirect case reloaded(at: ContinuousClock.Instant, was: Cause?)
}

/// What an answer, once rendered, rests on.
package struct Answer: Hashable, Sendable {
    package let verdict: Verdict
    package let since: ContinuousClock.Instant
    package let cause: Cause?
    /// At and after this instant the answer must not be given without a new probe. Nothing means that
    /// it stays true until the next `Change`.
    package let validUntil: ContinuousClock.Instant?
    /// Whether the edge is to leave the host out at once and not count it
    /// (`x-envoy-immediate-health-check-fail`).
    package let excludes: Bool
}
