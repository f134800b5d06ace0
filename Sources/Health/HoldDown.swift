/// How long a flapping check is kept down, in the manner of RFC 2439: each fall adds one to a penalty
/// that halves every `halfLife`. Above `suppress` the check stays down, whatever its probes say, until
/// the penalty has fallen to `reuse`, and never longer than `maximum`.
package struct HoldDown: Hashable, Sendable {
    package let halfLife: Duration
    package let suppress: Double
    package let reuse: Double
    package let maximum: Duration

    package init(halfLife: Duration, suppress: Double, reuse: Double, maximum: Duration) {
        self.halfLife = max(halfLife, .milliseconds(1))
        // Below one, a single ordinary fault would be held down.
        self.suppress = max(suppress, 1)
        self.reuse = min(max(reuse, 0.01), self.suppress)
        self.maximum = maximum
    }

    /// The third fall within about a minute holds down; one fall a minute for ever does not.
    package static let standard = HoldDown(
        halfLife: .seconds(60),
        suppress: 2,
        reuse: 0.75,
        maximum: .seconds(300)
    )

    /// The penalty after a time: exact at each half-life, straight lines between them, and no
    /// mathematics library needed.
    func decayed(_ penalty: Double, after time: Duration) -> Double {
        guard time > .zero else { return penalty }
        var halfLives = time / halfLife
        guard halfLives < 64 else { return 0 }
        var left = penalty
        while halfLives >= 1 {
            left /= 2
            halfLives -= 1
        }
        return left * (1 - halfLives / 2)
    }

    /// How long until a penalty has fallen to `reuse`: the inverse of `decayed`.
    func time(toReuseFrom penalty: Double) -> Duration {
        var left = penalty
        var halfLives = 0.0
        while left / 2 > reuse {
            left /= 2
            halfLives += 1
        }
        guard left > reuse else { return halfLife * halfLives }
        return halfLife * (halfLives + 2 * (1 - reuse / left))
    }
}

/// What is remembered of one check's falls.
struct FlapMemory: Hashable, Sendable {
    private var penalty = 0.0
    private var updated: ContinuousClock.Instant?
    private var suppressed: ContinuousClock.Instant?
    /// Until when the check is held down, if it is.
    private(set) var heldUntil: ContinuousClock.Instant?
    /// Falls that led to the present hold, or would lead to the next one.
    private(set) var falls = 0

    mutating func fell(at now: ContinuousClock.Instant, _ policy: HoldDown?) {
        guard let policy else { return }
        release(at: now)
        penalty = decayed(at: now, policy)
        if penalty < policy.reuse { falls = 0 }
        penalty += 1
        falls += 1
        updated = now
        guard suppressed != nil || penalty > policy.suppress else { return }
        let since = suppressed ?? now
        suppressed = since
        heldUntil = min(
            now.advanced(by: policy.time(toReuseFrom: penalty)),
            since.advanced(by: policy.maximum)
        )
    }

    /// Lets go when the time has come.
    mutating func release(at now: ContinuousClock.Instant) {
        guard let end = heldUntil, end <= now else { return }
        suppressed = nil
        heldUntil = nil
    }

    private func decayed(at now: ContinuousClock.Instant, _ policy: HoldDown) -> Double {
        guard let updated else { return 0 }
        return policy.decayed(penalty, after: updated.duration(to: now))
    }
}
