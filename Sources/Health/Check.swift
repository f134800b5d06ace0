/// What a check is called: its kind and its name in the configuration. State is kept per identity.
package struct CheckID: Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case app, upstream
    }

    package let kind: Kind
    package let name: String

    package init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    package static func app(_ name: String) -> CheckID { CheckID(.app, name) }
    package static func upstream(_ name: String) -> CheckID { CheckID(.upstream, name) }

    package var description: String { "\(kind.rawValue) \(name)" }
}

/// What a failing check does to the verdict.
package enum Effect: String, Hashable, Sendable, CaseIterable {
    case fail, degrade, inform

    /// A shared dependency must not take the whole fleet out, so upstreams only inform unless asked.
    package static func standard(for kind: CheckID.Kind) -> Effect {
        kind == .app ? .fail : .inform
    }
}

/// A configured thing that is looked at again and again.
package struct Check: Hashable, Sendable {
    package enum Interval: Hashable, Sendable {
        case every(Duration)
        /// Each poll runs the check, coalesced within `maxAge`.
        case onPoll
    }

    package let id: CheckID
    /// Shown to people; carries no secret.
    package let target: String
    /// All that decides what a probe asks and expects. When it differs after a reload the check has
    /// changed and must prove itself anew. Compared only, never shown.
    package let definition: String
    package let effect: Effect
    package let rise: Int
    package let fall: Int
    package let interval: Interval
    /// Used instead of the interval while the check is pending or down, so that a host comes back soon.
    package let downInterval: Duration
    /// An outcome older than this is stale. Must be longer than the probe's timeout: the age is
    /// counted from the start of the probe.
    package let maxAge: Duration
    package let holdDown: HoldDown?
    package let way: Way

    package init(
        _ id: CheckID,
        target: String,
        definition: String? = nil,
        effect: Effect? = nil,
        rise: Int = 2,
        fall: Int = 3,
        interval: Interval = .every(.seconds(1)),
        downInterval: Duration = .milliseconds(500),
        maxAge: Duration = .seconds(5),
        holdDown: HoldDown? = .standard,
        way: Way = .local
    ) {
        self.id = id
        self.target = target
        self.definition = definition ?? target
        self.effect = effect ?? .standard(for: id.kind)
        self.rise = max(1, rise)
        // A pass-through answer is the app's own: one failure is the answer.
        self.fall = interval == .onPoll ? 1 : max(1, fall)
        self.interval = interval
        self.downInterval = downInterval
        self.maxAge = maxAge
        self.holdDown = holdDown
        self.way = way
    }
}
