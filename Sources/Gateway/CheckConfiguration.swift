package import Probes

/// One check of `gateway.yaml` with the defaults filled in: all that is needed to build its probe
/// and to judge its outcomes.
package struct CheckConfiguration: Hashable, Sendable {
    package var name: String
    package var role: Role
    package var target: Target
    /// What a failing check does to the verdict of the host.
    package var effect: Effect
    package var interval: Interval
    /// The interval while the check is not up.
    package var downInterval: Duration
    /// The share of each interval by which it may be shortened or stretched, 0 to 1.
    package var jitter: Double
    /// Covers the whole exchange, from the name's resolution to the last byte.
    package var timeout: Duration
    package var rise: Int
    package var fall: Int
    /// An outcome older than this says nothing any more.
    package var maxAge: Duration
    /// Damping of a check that goes up and down again and again; nil: none.
    package var holdDown: HoldDown?

    package init(
        name: String,
        role: Role,
        target: Target,
        effect: Effect? = nil,
        interval: Interval = .every(.seconds(1)),
        downInterval: Duration = .milliseconds(500),
        jitter: Double = 0.1,
        timeout: Duration = .milliseconds(800),
        rise: Int = 2,
        fall: Int = 3,
        maxAge: Duration = .seconds(5),
        holdDown: HoldDown? = HoldDown()
    ) {
        self.name = name
        self.role = role
        self.target = target
        self.effect = effect ?? (role == .app ? .fail : .inform)
        self.interval = interval
        self.downInterval = downInterval
        self.jitter = jitter
        self.timeout = timeout
        self.rise = rise
        self.fall = fall
        self.maxAge = maxAge
        self.holdDown = holdDown
    }
}

extension CheckConfiguration {
    package typealias Target = ProbeTarget

    package enum Role: String, Hashable, Sendable {
        case app, upstream
    }

    package enum Effect: String, CaseIterable, Hashable, Sendable {
        case fail, degrade, inform
    }

    package enum Interval: Hashable, Sendable {
        case every(Duration)
        /// Each poll reaches the target, coalesced within `maxAge`; without polls, once a `maxAge`.
        case onPoll
    }

    /// A check that went down `flaps` times within `within` stays down for `hold` after it is good.
    package struct HoldDown: Hashable, Sendable {
        package var flaps: Int
        package var within: Duration
        package var hold: Duration

        package init(
            flaps: Int = 3,
            within: Duration = .seconds(60),
            hold: Duration = .seconds(30)
        ) {
            self.flaps = flaps
            self.within = within
            self.hold = hold
        }
    }
}
