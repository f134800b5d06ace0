import HTTP
import Health
import Loop

/// `POST /connectivity`: every upstream now, again until it has passed `rise` times in a row.
@EventLoop
struct Connectivity {
    private let gateway: RunningGateway

    init(_ gateway: RunningGateway) { self.gateway = gateway }

    func answer(to request: HTTPRequest) async -> HTTPResponse {
        let text = request.query("wait") ?? "0s"
        guard let wait = duration(text), wait <= .seconds(3600) else {
            return AdminAnswer.problem(400, "wait must be a duration such as 10s, at most 60m")
        }
        let checks = gateway.configuration.checks.filter { $0.id.kind == .upstream }
        let results = await probe(checks, until: .now + wait)
        let words = CauseWords(clocks: .now)
        let shared = gateway.health.board.sharedCause
        let isOK = checks.allSatisfy { (results[$0.id]?.passes ?? 0) >= $0.check.rise }
        return AdminAnswer.json(
            .members([
                "ok": .bool(isOK),
                "in_common": .text(shared.map { words.text($0) }),
                "upstreams": .array(checks.map { json($0, results[$0.id]) }),
            ])
        )
    }

    private struct Result {
        var passes = 0
        var last: Outcome?
    }

    /// Without a wait, each once more than needed to pass; with one, until all pass or it ends.
    private func probe(
        _ checks: [CheckConfiguration],
        until deadline: Instant
    ) async -> [CheckID: Result] {
        var results: [CheckID: Result] = [:]
        var rounds = 0
        let needed = checks.map(\.check.rise).max() ?? 0
        while true {
            let open = checks.filter { (results[$0.id]?.passes ?? 0) < $0.check.rise }
            guard !open.isEmpty else { return results }
            let outcomes = await gateway.monitor.outcomes(of: open.map(\.id))
            rounds += 1
            for (id, outcome) in outcomes {
                let passes = results[id]?.passes ?? 0
                results[id] = Result(passes: outcome.passed ? passes + 1 : 0, last: outcome)
            }
            let failed = outcomes.values.contains { !$0.passed }
            if Instant.now >= deadline, failed || outcomes.isEmpty || rounds >= needed {
                return results
            }
            // A passing upstream is asked again at once, a failing one after a breath.
            let pause: Duration = failed ? .milliseconds(200) : .milliseconds(20)
            guard (try? await EventLoop.sleep(for: pause)) != nil else { return results }
        }
    }

    private func json(_ check: CheckConfiguration, _ result: Result?) -> JSON {
        let passed = (result?.passes ?? 0) >= check.check.rise
        let failure = result?.last?.failure
        let level = result?.last?.level ?? .down
        return .members([
            "name": .string(check.id.name),
            "kind": "upstream",
            "target": .string(check.check.target),
            "state": .string(passed ? level.rawValue : failure == nil ? "pending" : "down"),
            "hop": .text(failure?.hop?.rawValue),
            "reason": .text(failure?.reason.rawValue),
            "text": .text(result?.last.flatMap { failure?.text ?? CauseWords.why($0) }),
            "detail": .text(result?.last?.detail),
            "took_ms": result?.last.map { .milliseconds($0.took) } ?? .null,
            "phases_ms": StatusDocument.phases(result?.last),
        ])
    }
}
