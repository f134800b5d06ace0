/// A step that failed: why, in one sentence, and what was seen.
package struct StepFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String
    package var evidence: [String]
    /// Another host was lost: no fault of this one.
    package var lost: [String]

    package init(_ description: String, evidence: [String] = [], lost: [String] = []) {
        self.description = description
        self.evidence = evidence
        self.lost = lost
    }
}

/// Somebody took the release over, or ended it: from here on nothing may be done.
package struct LeaseLost: Error, Hashable, Sendable, CustomStringConvertible {
    package var holder: Lease?

    package init(_ holder: Lease?) { self.holder = holder }

    package var description: String {
        holder.map { "the lease is now held by \($0.words)" } ?? "the lease was ended elsewhere"
    }
}

/// A release that must not begin, or go on, and that changed nothing.
package struct Refusal: Error, Hashable, Sendable {
    package var end: ReleaseEnd

    package init(
        _ code: ExitCode,
        _ sentence: String,
        next: ReleaseEnd.Next? = nil,
        details: [String] = []
    ) {
        end = ReleaseEnd(code, sentence, next: next, details: details)
    }
}
