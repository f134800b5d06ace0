/// What was last said of a scope: the verdict, and the standing behind a drain.
struct Announcement: Hashable, Sendable {
    private(set) var verdict: Verdict
    private(set) var since: ContinuousClock.Instant
    private(set) var standing: Verdict
    private(set) var standingSince: ContinuousClock.Instant

    init(_ verdict: Verdict, at now: ContinuousClock.Instant) {
        self.verdict = verdict
        self.standing = verdict
        since = now
        standingSince = now
    }

    mutating func say(_ verdict: Verdict, standing: Verdict, at now: ContinuousClock.Instant) {
        if verdict != self.verdict { since = now }
        if standing != self.standing { standingSince = now }
        self.verdict = verdict
        self.standing = standing
    }
}
