/// The exit codes of `healthgate release`.
package enum ExitCode: Int32, Codable, CaseIterable, Hashable, Sendable {
    case done = 0
    /// A host failed; the others serve.
    case failed = 1
    /// Refused by a guard; nothing was changed.
    case refused = 2
    /// Somebody else holds the lock, or took it over.
    case locked = 3
    /// Interrupted or aborted.
    case aborted = 4
    /// Failed, and fewer than `min_available` serve.
    case belowFloor = 5
    /// The canary waits for approval.
    case waiting = 6
    /// Wrong usage, plan or environment.
    case usage = 64
}

/// How a release ended: the exit code, and the last line that says it.
package struct ReleaseEnd: Hashable, Sendable {
    package var code: ExitCode
    package var sentence: String
    /// How to go on from here, if that is possible.
    package var next: Next?
    /// The plan's file, for the command that goes on.
    package var planFile = ""
    /// Evidence and particulars, a line each.
    package var details: [String]

    package init(
        _ code: ExitCode,
        _ sentence: String,
        next: Next? = nil,
        details: [String] = []
    ) {
        self.code = code
        self.sentence = sentence
        self.next = next
        self.details = details
    }

    package enum Next: Hashable, Sendable { case resume, resumeOrAbort, status }

    /// What to type to go on.
    package var nextCommand: String? {
        let file = planFile.isEmpty ? "" : " \(planFile)"
        switch next {
        case nil: return nil
        case .resume: return "healthgate release resume\(file)"
        case .resumeOrAbort:
            return "healthgate release resume\(file) (or abort in its place)"
        case .status: return "healthgate release status\(file)"
        }
    }
}
