import Health
import Loop

/// Who is to blame when a target does not answer through the sidecar, now that it has been asked past
/// it.
struct DirectLook {
    let failure: Outcome.Failure

    init(_ failure: Outcome.Failure, at past: ProbeTarget, _ direct: Outcome) {
        let way = past.address.description
        if let other = direct.failure,
            [.timeout, .connectTimeout, .internal].contains(other.reason)
        {
            // It had little time: that says nothing against it.
            let words = other.text.isEmpty ? other.reason.rawValue : other.text
            let text = "asked directly at \(way) it was not seen either in a short look: \(words)"
            self.failure = Outcome.Failure(failure.reason, at: failure.hop, failure.with(text))
        } else if let other = direct.failure {
            let words = other.text.isEmpty ? other.reason.rawValue : other.text
            let text = "asked directly at \(way) it fails too: \(words)"
            // Of two faults the nearer one comes first.
            let hop: Hop = failure.reason == .sidecarRefused ? .sidecar : .upstream
            self.failure = Outcome.Failure(failure.reason, at: hop, failure.with(text))
        } else {
            let text = "asked directly at \(way) it answers: see the sidecar's route to it"
            self.failure = Outcome.Failure(failure.reason, at: .sidecar, failure.with(text))
        }
    }
}

extension Outcome.Failure {
    fileprivate func with(_ more: String) -> String { text.isEmpty ? more : "\(text); \(more)" }
}
