import FoundationEssentials
import Loop
import YAML

/// A run as JSON: the evidence, case by case.
package struct JSONReport {
    private let result: RunResult
    private let secrets: Secrets

    package init(_ result: RunResult, _ secrets: Secrets) {
        (self.result, self.secrets) = (result, secrets)
    }

    /// One document, its keys in order.
    package var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let document = Document(
            schema: 1,
            address: result.address,
            verdict: result.verdict.rawValue,
            took_ms: milliseconds(result.took),
            counts: Dictionary(
                CaseResult.Verdict.allCases.map { ($0.rawValue, result.count($0)) }
            ) { first, _ in first },
            suites: result.suites.map(suite)
        )
        // All values are finite and all keys text: encoding them cannot fail.
        guard let data = try? encoder.encode(document) else { return "{}" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private func suite(_ suite: SuiteResult) -> Document.Suite {
        Document.Suite(
            name: suite.name,
            service: suite.service,
            file: suite.place.file,
            line: suite.place.line,
            took_ms: milliseconds(suite.took),
            cases: suite.cases.map(test)
        )
    }

    private func test(_ test: CaseResult) -> Document.Case {
        let status = test.record?.status
        return Document.Case(
            name: test.name,
            method: test.method,
            line: test.place.line,
            verdict: test.verdict.rawValue,
            problem: test.problem.map(secrets.masked),
            differences: test.differences.map {
                Document.Difference(
                    path: secrets.masked($0.path),
                    expected: secrets.masked($0.expected),
                    got: secrets.masked($0.got),
                    at: $0.place.description
                )
            },
            notes: test.notes.map(secrets.masked),
            attempts: test.attempts,
            took_ms: milliseconds(test.took),
            status: status.map { "\($0.code)" },
            status_message: status.map { secrets.masked($0.message) },
            status_from: status.map { $0.source == .server ? "server" : "client" },
            responses: test.record?.messages.count,
            first_byte_ms: test.record?.firstByte.map(milliseconds)
        )
    }

    private func milliseconds(_ duration: Duration) -> Double {
        (duration / .microseconds(1)).rounded() / 1000
    }
}

private struct Document: Encodable {
    let schema: Int
    let address: String
    let verdict: String
    let took_ms: Double
    let counts: [String: Int]
    let suites: [Suite]

    struct Suite: Encodable {
        let name: String
        let service: String
        let file: String
        let line: Int
        let took_ms: Double
        let cases: [Case]
    }

    struct Case: Encodable {
        let name: String
        let method: String
        let line: Int
        let verdict: String
        let problem: String?
        let differences: [Difference]
        let notes: [String]
        let attempts: Int
        let took_ms: Double
        let status: String?
        let status_message: String?
        /// Who made the status.
        let status_from: String?
        let responses: Int?
        let first_byte_ms: Double?
    }

    struct Difference: Encodable {
        let path: String
        let expected: String
        let got: String
        let at: String
    }
}
