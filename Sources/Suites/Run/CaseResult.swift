package import YAML

/// What came of one case.
package struct CaseResult: Sendable {
    package enum Verdict: String, Sendable, CaseIterable {
        case pass
        /// The server did not do what is expected.
        case fail
        /// Whether it does could not be seen: nobody answered, or not in time.
        case inconclusive
        /// Not run, since something before it did not pass.
        case skipped

        /// Fail beats inconclusive, which beats pass. A run of nothing has shown nothing.
        static func worst(of count: (Verdict) -> Int) -> Verdict {
            if count(.fail) > 0 { return .fail }
            if count(.inconclusive) + count(.skipped) > 0 || count(.pass) == 0 {
                return .inconclusive
            }
            return .pass
        }
    }

    package let name: String
    package let method: String
    package let place: YAMLPlace
    package var verdict: Verdict
    package var differences: [Difference] = []
    /// Why, where there is no difference to show.
    package var problem: String?
    /// True things that are no fault, such as fields that the schema does not know.
    package var notes: [String] = []
    package var attempts = 1
    package var took = Duration.zero
    /// The last call, as far as one was made.
    package var record: CallRecord?

    init(_ test: Case, _ verdict: Verdict) {
        (name, method, place) = (test.name, test.method.path, test.place)
        self.verdict = verdict
    }

    static func skipped(_ test: Case, _ why: String) -> CaseResult {
        var result = CaseResult(test, .skipped)
        result.problem = "not run, since \(why)"
        return result
    }

    /// One line: what is wrong first.
    package var reason: String? {
        if let problem { return problem }
        guard let first = differences.first else { return nil }
        let more = differences.count > 1 ? " (and \(differences.count - 1) more)" : ""
        return "\(first.path): expected \(first.expected), got \(first.got)\(more)"
    }
}

/// What came of a suite.
package struct SuiteResult: Sendable {
    package let name: String
    package let service: String
    package let place: YAMLPlace
    package var cases: [CaseResult] = []
    package var took = Duration.zero

    package func count(_ verdict: CaseResult.Verdict) -> Int {
        cases.count { $0.verdict == verdict }
    }

    package var verdict: CaseResult.Verdict { .worst(of: count) }
}

/// What came of a run.
package struct RunResult: Sendable {
    /// Where it was run against.
    package let address: String
    package var suites: [SuiteResult] = []
    package var took = Duration.zero

    package func count(_ verdict: CaseResult.Verdict) -> Int {
        suites.reduce(0) { $0 + $1.count(verdict) }
    }

    package var total: Int { suites.reduce(0) { $0 + $1.cases.count } }

    /// Of the first case that did not pass, the gravest first.
    package var reason: String? {
        let cases = suites.flatMap(\.cases)
        for verdict in [CaseResult.Verdict.fail, .inconclusive, .skipped] {
            let found = cases.filter { $0.verdict == verdict }
            guard let first = found.first else { continue }
            let more = found.count > 1 ? "; and \(found.count - 1) more cases" : ""
            return "\(first.name): \(first.reason ?? verdict.rawValue)\(more)"
        }
        return nil
    }

    package var verdict: CaseResult.Verdict { .worst(of: count) }
}
