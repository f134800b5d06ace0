/// What is done to a host whose step failed. A failure never cuts live traffic: so what may be
/// done depends on how far the host was.
package enum FailureResponse: Hashable, Sendable {
    /// Nothing was done to the host.
    case nothing
    /// Nothing is stopped: our hold is taken back, and confirmed at every Front.
    case restore
    /// The containers are stopped, and it is verified that none runs and no Front sends there.
    case stop
    /// The host is drained again and proved silent, and only then stopped.
    case drainAndStop
    /// Left as it is, drained.
    case hold

    /// - Parameters:
    ///   - drainProved: whether the host was shown to get no more requests.
    ///   - isHeld: whether our hold may be on it.
    ///   - oldRuns: whether the old version is untouched, which a resumed release must first find
    ///     out: else nothing on the host may be given to users.
    package static func to(
        failed step: StepName,
        drainProved: Bool,
        isHeld: Bool = true,
        oldRuns: Bool = true,
        early: PlanConfiguration.EarlyFailureAction,
        late: PlanConfiguration.FailureAction
    ) -> FailureResponse {
        switch step.phase {
        case .beforeStop where !oldRuns: return drainProved ? .stop : .hold
        case .beforeStop where !isHeld: return .nothing
        case .beforeStop: return early == .stop && drainProved ? .stop : .restore
        case .stopped: return late == .hold ? .hold : .stop
        case .back: return late == .hold ? .hold : .drainAndStop
        }
    }
}

/// How a host ended.
package enum HostOutcome: Hashable, Sendable {
    /// The new version serves; with the owners that hold it, if somebody else drained it meanwhile.
    case released(heldBy: [String])
    /// The old version serves again.
    case restored
    /// No container runs, and no Front sends there.
    case stopped
    /// Drained, and left so.
    case held
    /// Never touched.
    case untouched
    /// Something could not be brought to, or shown to be in, a known state.
    case unclear(String)

    package var word: String {
        switch self {
        case .released(let heldBy) where heldBy.isEmpty: "released"
        case .released(let heldBy): "released, held by \(heldBy.joined(separator: ", "))"
        case .restored: "restored"
        case .stopped: "stopped"
        case .held: "left drained"
        case .untouched: "untouched"
        case .unclear(let what): "unclear: \(what)"
        }
    }

    /// Whether the host is left without traffic and needs somebody.
    package var needsHands: Bool {
        switch self {
        case .stopped, .held, .unclear: true
        case .released, .restored, .untouched: false
        }
    }
}
