import Loop
import YAML

/// What came of a run, for a tired person: what is wrong in full, what is right in one line.
package struct TextReport {
    private let result: RunResult
    private let secrets: Secrets
    private let colour: Bool
    /// Passing cases are listed too.
    private let isVerbose: Bool

    package init(_ result: RunResult, _ secrets: Secrets, colour: Bool, isVerbose: Bool = false) {
        (self.result, self.secrets) = (result, secrets)
        (self.colour, self.isVerbose) = (colour, isVerbose)
    }

    package var lines: [String] {
        (result.suites.flatMap(lines) + [summary]).map(secrets.masked)
    }

    /// The last line.
    package var summary: String {
        let verdict = result.verdict
        let all = result.suites.reduce(0) { $0 + $1.cases.count }
        let parts = CaseResult.Verdict.allCases.filter { $0 != .pass }.compactMap { verdict in
            let count = result.count(verdict)
            return count == 0 ? nil : "\(count) \(Self.words[verdict] ?? verdict.rawValue)"
        }
        let passed = "\(result.count(.pass)) of \(all) passed"
        let text = ([passed] + parts).joined(separator: ", ")
        let word =
            switch verdict {
            case .pass: "PASS"
            case .fail: "FAIL"
            case .inconclusive, .skipped: all == 0 ? "NOTHING RUN" : "INCONCLUSIVE"
            }
        return painted(
            "\(word)  \(text) in \(Self.time(result.took)) at \(result.address)",
            verdict
        )
    }

    private static let words: [CaseResult.Verdict: String] = [
        .fail: "failed", .inconclusive: "inconclusive", .skipped: "not run",
    ]

    private func lines(_ suite: SuiteResult) -> [String] {
        let passed = suite.count(.pass)
        let head = "\(suite.name) (\(suite.service)): \(passed) of \(suite.cases.count)"
        let verdict = suite.verdict
        var lines = [
            painted("\(mark(verdict)) \(head) passed in \(Self.time(suite.took))", verdict)
        ]
        for test in suite.cases where isVerbose || test.verdict != .pass || !test.notes.isEmpty {
            lines += self.lines(test)
        }
        return lines
    }

    private func lines(_ test: CaseResult) -> [String] {
        let again = test.attempts > 1 ? ", attempt \(test.attempts)" : ""
        var lines = [
            painted("  \(mark(test.verdict)) \(test.name)", test.verdict)
                + "  \(test.method) (\(Self.time(test.took))\(again))"
        ]
        if let problem = test.problem { lines.append("       \(problem)") }
        for difference in test.differences {
            lines.append(
                "       \(difference.place): \(difference.path): expected \(difference.expected), "
                    + "got \(difference.got)".replacing("\n", with: "\n       ")
            )
        }
        return lines + test.notes.map { "       note: \($0)" }
    }

    private func mark(_ verdict: CaseResult.Verdict) -> String {
        switch verdict {
        case .pass: "ok  "
        case .fail: "FAIL"
        case .inconclusive: "????"
        case .skipped: "-   "
        }
    }

    static func time(_ duration: Duration) -> String {
        let milliseconds = duration / .milliseconds(1)
        if milliseconds < 1000 { return "\(Int(milliseconds.rounded())) ms" }
        let tenths = Int((milliseconds / 100).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }

    private func painted(_ text: String, _ verdict: CaseResult.Verdict) -> String {
        guard colour else { return text }
        let code =
            switch verdict {
            case .pass: "32"
            case .fail: "31"
            case .inconclusive, .skipped: "33"
            }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}
