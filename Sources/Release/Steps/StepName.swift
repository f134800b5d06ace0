package import Loop

/// The steps a host goes through, in their order.
package enum StepName: String, Codable, CaseIterable, Hashable, Sendable {
    case `guard`, drain, pull, stop, proxy, connectivity, start, apitest, undrain

    /// What a failure of the step may do.
    package enum Phase: Hashable, Sendable {
        /// The old version is untouched and may serve again.
        case beforeStop
        /// The old version is gone, the new one not proved.
        case stopped
        /// The new version may have users' requests.
        case back
    }

    /// Whether the host must be out of rotation all through the step.
    package var keepsOut: Bool { self != .guard && self != .undrain }

    package var phase: Phase {
        switch self {
        case .guard, .drain, .pull: .beforeStop
        case .stop, .proxy, .connectivity, .start, .apitest: .stopped
        case .undrain: .back
        }
    }
}

/// How a step ended, if it did not fail.
package enum StepResult: Hashable, Sendable {
    case done(String)
    case skipped(String)

    package var words: String {
        switch self {
        case .done(let note): note
        case .skipped(let why): "skipped: \(why)"
        }
    }
}

/// One step of a host's release.
@EventLoop
package protocol Step {
    var name: StepName { get }
    /// - Throws: `StepFailure`, `LeaseLost`, or `CancellationError`.
    func run(_ host: HostPassage, in session: ReleaseSession) async throws -> StepResult
}
