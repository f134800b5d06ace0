/// The result of one probe. A failed probe is a value, not an error.
package struct Outcome: Hashable, Sendable {
    package enum Result: Hashable, Sendable {
        case up
        /// Works, but not as it should; the text says how.
        case degraded(String)
        case failed(Failure)
    }

    package struct Failure: Hashable, Sendable {
        package let reason: Reason
        package let hop: Hop?
        /// Words for an operator beside the fixed reason.
        package let text: String

        package init(_ reason: Reason, at hop: Hop? = nil, _ text: String = "") {
            self.reason = reason
            self.hop = hop
            self.text = text
        }
    }

    /// A stretch of the exchange and the time it took.
    package struct Phase: Hashable, Sendable {
        package enum Name: String, Hashable, Sendable, CaseIterable {
            case dns, connect, tls, handshake, auth, query, role
        }

        package let name: Name
        package let took: Duration

        package init(_ name: Name, took: Duration) {
            self.name = name
            self.took = took
        }
    }

    package let result: Result
    /// From the start of the probe to its end. The age of an outcome is counted from the start.
    package let took: Duration
    package let phases: [Phase]
    /// What was seen, in a few words, such as `200 OK` or `SERVING`.
    package let detail: String

    package init(_ result: Result, took: Duration, phases: [Phase] = [], detail: String = "") {
        self.result = result
        self.took = took
        self.phases = phases
        self.detail = detail
    }

    package static func up(
        took: Duration = .zero,
        phases: [Phase] = [],
        detail: String = ""
    ) -> Outcome {
        Outcome(.up, took: took, phases: phases, detail: detail)
    }

    package static func degraded(
        _ text: String,
        took: Duration = .zero,
        phases: [Phase] = [],
        detail: String = ""
    ) -> Outcome {
        Outcome(.degraded(text), took: took, phases: phases, detail: detail)
    }

    package static func failed(
        _ reason: Reason,
        at hop: Hop? = nil,
        _ text: String = "",
        took: Duration = .zero,
        phases: [Phase] = [],
        detail: String = ""
    ) -> Outcome {
        let failure = Failure(reason, at: hop, text)
        return Outcome(.failed(failure), took: took, phases: phases, detail: detail)
    }

    package var failure: Failure? {
        if case .failed(let failure) = result { failure } else { nil }
    }

    /// Up and degraded pass: both are an answer of the right kind.
    package var passed: Bool { failure == nil }

    package var level: Level {
        switch result {
        case .up: .up
        case .degraded: .degraded
        case .failed: .down
        }
    }
}
