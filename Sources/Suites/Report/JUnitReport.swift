import Loop
import YAML

/// A run as JUnit's XML, as Jenkins reads it: one `testsuite` a suite, one `testcase` a case.
package struct JUnitReport {
    private let result: RunResult
    private let secrets: Secrets

    package init(_ result: RunResult, _ secrets: Secrets) {
        (self.result, self.secrets) = (result, secrets)
    }

    package var text: String {
        var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
        lines.append(
            "<testsuites name=\"healthgate apitest\"\(counts(result.suites.flatMap(\.cases), result.took))>"
        )
        for suite in result.suites {
            lines.append(
                "  <testsuite name=\"\(escaped(suite.name))\" file=\"\(escaped(suite.place.file))\""
                    + "\(counts(suite.cases, suite.took))>"
            )
            for test in suite.cases { lines += element(of: test, in: suite) }
            lines.append("  </testsuite>")
        }
        return (lines + ["</testsuites>", ""]).joined(separator: "\n")
    }

    private func counts(_ cases: [CaseResult], _ took: Duration) -> String {
        let failures = cases.count { $0.verdict == .fail }
        // What could not be seen is an error of the run, not a failure of the server.
        let errors = cases.count { $0.verdict == .inconclusive }
        let skipped = cases.count { $0.verdict == .skipped }
        return " tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\""
            + " skipped=\"\(skipped)\" time=\"\(seconds(took))\""
    }

    private func element(of test: CaseResult, in suite: SuiteResult) -> [String] {
        let head =
            "    <testcase name=\"\(escaped(test.name))\" classname=\"\(escaped("\(suite.service).\(suite.name)"))\""
            + " file=\"\(escaped(test.place.file))\" line=\"\(test.place.line)\" time=\"\(seconds(test.took))\""
        guard test.verdict != .pass else { return [head + "/>"] }
        let reason = escaped(test.reason ?? "")
        if test.verdict == .skipped {
            return [head + ">", "      <skipped message=\"\(reason)\"/>", "    </testcase>"]
        }
        let tag = test.verdict == .fail ? "failure" : "error"
        let body =
            ([test.problem].compactMap { $0 }
            + test.differences.map {
                "\($0.place): \($0.path): expected \($0.expected), got \($0.got)"
            } + test.notes).map(escaped).joined(separator: "\n")
        return [
            head + ">", "      <\(tag) message=\"\(reason)\">\(body)</\(tag)>", "    </testcase>",
        ]
    }

    private func seconds(_ duration: Duration) -> String {
        let milliseconds = Int((duration / .milliseconds(1)).rounded())
        let rest = String(1000 + milliseconds % 1000).dropFirst()
        return "\(milliseconds / 1000).\(rest)"
    }

    /// Without secrets, and without what XML cannot hold (XML 1.0, section 2.2).
    private func escaped(_ text: String) -> String {
        var result = ""
        for scalar in secrets.masked(text).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n", "\t", "\r": result += "&#\(scalar.value);"
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
