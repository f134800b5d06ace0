import GRPC
import YAML

/// Judges what came of a call by what was expected of it.
struct CaseJudge {
    private let test: Case
    private let plan: CasePlan
    private let suite: Suite
    private let record: CallRecord
    private var output: MessageType { suite.schema[test.method.output] }

    init(_ test: Case, _ plan: CasePlan, _ suite: Suite, _ record: CallRecord) {
        (self.test, self.plan, self.suite, self.record) = (test, plan, suite, record)
    }

    static func messages(
        _ record: CallRecord,
        _ test: Case,
        _ suite: Suite
    ) -> [Result<DynamicMessage, WireError>] {
        let type = suite.schema[test.method.output]
        return record.messages.map { message in
            do throws(WireError) {
                return .success(try DynamicMessage(type, in: suite.schema, decoding: message.bytes))
            } catch {
                return .failure(error)
            }
        }
    }

    /// - Parameters:
    ///   - found: what the steps of a script have found.
    ///   - stop: the step that could not be done.
    func result(_ found: [Difference], stoppedAt stop: Difference?) -> CaseResult {
        var result = CaseResult(test, .pass)
        result.record = record
        let status = record.status
        // What this side could not see says nothing about the server.
        if let why = status.flatMap(unseen), !isExpected(status), found.isEmpty {
            result.verdict = .inconclusive
            let step = stop.map {
                "; \($0.place): \($0.path): expected \($0.expected), got \($0.got)"
            }
            result.problem = why + (step ?? "")
            return result
        }
        let isGivenUp = status == nil || status?.source == .client(.cancelled)
        if isGivenUp, !plan.cancels, stop == nil, found.isEmpty {
            result.verdict = .inconclusive
            result.problem = "the call was given up before its end"
            return result
        }
        result.differences = found + [stop].compactMap { $0 } + differences(&result.notes)
        if !result.differences.isEmpty { result.verdict = .fail }
        return result
    }

    private func differences(_ notes: inout [String]) -> [Difference] {
        var all = statusDifferences
        var messages: [DynamicMessage] = []
        for (index, message) in Self.messages(record, test, suite).enumerated() {
            switch message {
            case .success(let message):
                messages.append(message)
                if !message.unknownFields.isEmpty {
                    notes.append(
                        "responses[\(index)] has \(message.unknownFields.count) bytes of fields that "
                            + "\(output.fullName) does not know"
                    )
                }
            case .failure(let error):
                all.append(
                    Difference(
                        "responses[\(index)]",
                        expected: "a \(output.fullName)",
                        got: "what cannot be read: \(error)",
                        at: test.detail.place
                    )
                )
            }
        }
        if let responses = plan.responses, messages.count == record.messages.count {
            all += compare(responses, messages)
        }
        for entry in plan.headers { all += entry.differences(record.headers, "headers") }
        for entry in plan.trailers { all += entry.differences(record.trailers, "trailers") }
        return all
    }

    private func compare(_ responses: [Expected], _ messages: [DynamicMessage]) -> [Difference] {
        // A call that failed has sent less, and the status says why.
        if messages.isEmpty, plan.error == nil, record.status?.isOK != true { return [] }
        var matcher = Matcher(suite.schema)
        matcher.align(
            responses,
            messages.map { .message($0) },
            "responses",
            plan.responsesPlace
        )
        return matcher.differences
    }

    private var statusDifferences: [Difference] {
        // A call that this side gave up has no end to judge: the script says why.
        guard let status = record.status, status.source != .client(.cancelled) else { return [] }
        let got = "\(status)\(origin(status))"
        guard let expected = plan.error else {
            if status.isOK { return [] }
            return [Difference("status", expected: "OK", got: got, at: test.detail.place)]
        }
        let wanted = expected.code.map { "\($0)" } ?? "an error"
        guard isExpected(status) else {
            return [Difference("error.code", expected: wanted, got: got, at: expected.place)]
        }
        var all: [Difference] = []
        if let text = expected.message, !text.holds(status.message) {
            let got = MessageText.quotedText(status.message)
            all.append(
                Difference("error.message", expected: text.words, got: got, at: expected.place)
            )
        }
        return all + details(expected, status)
    }

    /// Each expected detail is one of those that came, in order.
    private func details(_ expected: StatusExpectation, _ status: CallStatus) -> [Difference] {
        guard !expected.details.isEmpty else { return [] }
        guard let type = suite.schema.message(named: "google.rpc.Status"),
            let field = type.field(3), let bytes = status.details,
            let message = try? DynamicMessage(type, in: suite.schema, decoding: bytes),
            case .list(let found) = message.value(of: field)
        else {
            let got = status.details == nil ? "none" : "what is no google.rpc.Status"
            return [
                Difference(
                    "error.details",
                    expected: "\(expected.details.count) details",
                    got: got,
                    at: expected.details.first?.place ?? expected.place
                )
            ]
        }
        var matcher = Matcher(suite.schema)
        matcher.align(expected.details, found, "error.details", expected.place)
        // Details that are not written are not tested.
        let tops = Set(found.indices.map { "error.details[\($0)]" })
        return matcher.differences.filter { $0.expected != "no more" || !tops.contains($0.path) }
    }

    /// Whether the end is the one that was asked for. What this side made is none, but for the deadline
    /// that the case itself sets.
    private func isExpected(_ status: CallStatus?) -> Bool {
        guard let status, let expected = plan.error, !status.isOK else { return false }
        if case .client(let cause) = status.source, cause != .deadline { return false }
        if case .client = status.source, expected.code != .deadlineExceeded { return false }
        return expected.code.map { $0 == status.code } ?? true
    }

    /// Why a status that this side made says nothing of the server; nil: it does.
    private func unseen(_ status: CallStatus) -> String? {
        guard case .client(let cause) = status.source else { return nil }
        return switch cause {
        case .connect: "no connection: \(status.message)"
        case .deadline: "no end within \(Quantity.words(test.timeout)): \(status.message)"
        case .connectionLost: "the connection was lost: \(status.message)"
        case .goAway: "the server left: \(status.message)"
        case .cancelled: nil
        case .reset, .violation: nil
        }
    }

    private func origin(_ status: CallStatus) -> String {
        status.source == .server ? " (said by the server)" : " (the server gave no status)"
    }
}
