import GRPC
import Loop
import YAML

/// Runs one case against a server.
@EventLoop
struct CaseRunner {
    let client: CallClient
    let suite: Suite

    /// With what was captured, put into `variables`.
    func run(_ test: Case, _ variables: inout Variables) async -> CaseResult {
        let began = Instant.now
        var result = await attempt(test, &variables)
        if let eventually = test.eventually {
            let end = began + eventually.within
            // Where nothing was sent, nothing will be the next time either.
            while result.verdict != .pass, result.record != nil,
                Instant.now + eventually.every < end
            {
                guard (try? await EventLoop.sleep(for: eventually.every)) != nil else { break }
                let attempts = result.attempts
                result = await attempt(test, &variables)
                result.attempts = attempts + 1
            }
        }
        result.took = began.duration(to: .now)
        return result
    }

    private func attempt(_ test: Case, _ variables: inout Variables) async -> CaseResult {
        if let text = test.awaited(variables) {
            return .skipped(test, "no case before it has captured \(quoted(text))")
        }
        let report = YAMLReport()
        let planner = CasePlanner(schema: suite.schema, contract: suite.contract, report: report)
        guard let plan = planner.plan(test, variables) else {
            // What was captured does not fit, or the contract forbids it: nothing was sent.
            var result = CaseResult(test, .fail)
            result.problem = report.errors.map(\.description).joined(separator: "; ")
            return result
        }
        let began = Instant.now
        var conversation = Conversation(test, plan, suite, client)
        let record = await conversation.hold()
        var result = CaseJudge(test, plan, suite, record).result(
            conversation.differences,
            stoppedAt: conversation.stop
        )
        result.took = began.duration(to: .now)
        if result.verdict == .pass { capture(test, record, &result, &variables) }
        return result
    }

    private func capture(
        _ test: Case,
        _ record: CallRecord,
        _ result: inout CaseResult,
        _ variables: inout Variables
    ) {
        let messages = CaseJudge.messages(record, test, suite).compactMap { try? $0.get() }
        for capture in test.captures {
            guard let node = capture.path.value(in: record, messages, at: capture.place) else {
                result.verdict = .fail
                result.problem =
                    "\(capture.place): there is nothing to capture as \(capture.variable)"
                continue
            }
            variables.set(capture.variable, node)
        }
    }
}

/// The call itself, step by step.
@EventLoop
struct Conversation {
    private let test: Case
    private let plan: CasePlan
    private let suite: Suite
    private let client: CallClient
    private var matcher: Matcher
    private var read = 0
    private var sent = 0
    /// Where a script waited in vain.
    private(set) var stop: Difference?
    /// What a script found to be different before.
    var differences: [Difference] { matcher.differences }

    init(_ test: Case, _ plan: CasePlan, _ suite: Suite, _ client: CallClient) {
        self.test = test
        self.plan = plan
        self.suite = suite
        self.client = client
        matcher = Matcher(suite.schema)
    }

    /// What came.
    mutating func hold() async -> CallRecord {
        let deadline = Instant.now + test.timeout
        let request = CallRequest(
            test.method.path,
            metadata: plan.metadata,
            streamsAnswers: test.method.kind.streamsAnswers,
            gzip: test.detail.gzip
        )
        guard plan.isScript else {
            let messages = plan.steps.compactMap { step in
                if case .send(let bytes) = step.step { bytes } else { nil }
            }
            return await client.call(request, messages, until: deadline)
        }
        let call = await client.begin(request, until: deadline)
        for (step, place) in plan.steps {
            // A script that has come to a stop cannot go on.
            guard await take(step, place, call) else { return call.cancel() }
        }
        if plan.cancels { return call.record }
        call.finishSending()
        let record = await call.end()
        if record.messages.count > read {
            extra(record)
        }
        return record
    }

    /// False: the script has come to its end here.
    private mutating func take(_ step: CasePlan.Step, _ place: YAMLPlace, _ call: Call) async
        -> Bool
    {
        switch step {
        case .send(let bytes):
            call.send(bytes)
            sent += 1
            return true
        case .close:
            call.finishSending()
            return true
        case .cancel:
            call.cancel()
            return true
        case .until(let count):
            while read < count {
                guard await next(call, nil, place, "\(count) answers") != nil else { return false }
            }
            return true
        case .expect(let expected, let within):
            let words = ExpectationText(suite.schema).words(expected)
            guard let got = await next(call, within, place, words) else { return false }
            matcher.match(expected, .message(got), "responses[\(read - 1)]")
            return true
        }
    }

    /// The next answer; nil: it did not come, and why is noted.
    private mutating func next(
        _ call: Call,
        _ within: Duration?,
        _ place: YAMLPlace,
        _ expected: String
    ) async -> DynamicMessage? {
        let path = "responses[\(read)]"
        switch await call.next(until: within.map { .now + $0 }) {
        case .message(let message):
            read += 1
            let type = suite.schema[test.method.output]
            do {
                return try DynamicMessage(type, in: suite.schema, decoding: message.bytes)
            } catch {
                matcher.note(path, expected, "what is no \(type.fullName): \(error)", place)
            }
        case .ended(let status) where status.source == .client(.deadline):
            stop = Difference(path, expected: expected, got: silence, at: place)
        case .ended(let status):
            let got = "the end of the call: \(status)"
            stop = Difference(path, expected: expected, got: got, at: place)
        case .late: stop = Difference(path, expected: expected, got: silence, at: place)
        }
        return nil
    }

    /// Both sides may wait for each other: what this one has done is said.
    private var silence: String {
        let all = plan.steps.count { if case .send = $0.step { true } else { false } }
        return "nothing in time, after \(sent) of \(all) requests"
            + (sent < all ? "; the next one is sent only behind this answer" : "")
    }

    private mutating func extra(_ record: CallRecord) {
        let type = suite.schema[test.method.output]
        for index in read..<record.messages.count {
            let bytes = record.messages[index].bytes
            let message = try? DynamicMessage(type, in: suite.schema, decoding: bytes)
            let words = message.map { ValueText(suite.schema).words(.message($0), .message(type)) }
            matcher.note(
                "responses[\(index)]",
                "no more",
                words ?? "\(bytes.count) bytes",
                test.detail.place
            )
        }
    }
}
