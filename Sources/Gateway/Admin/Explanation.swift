import Health
import Loop

/// `/explain`: how the verdict came about, step by step, in words.
@EventLoop
struct Explanation {
    private let gateway: RunningGateway

    init(_ gateway: RunningGateway) { self.gateway = gateway }

    var text: String {
        let clocks = Clocks.now
        let words = CauseWords(clocks: clocks)
        let report = gateway.health.board.report(at: clocks.instant)
        var lines = [
            "The verdict of \(gateway.configuration.host), from the first rule that applies:"
        ]
        lines.append(
            report.holds.isEmpty
                ? "1. no hold"
                : "1. DRAINING, by " + report.holds.map(words.text).joined(separator: "; ")
        )
        lines.append(report.isStopping ? "2. DRAINING, told to stop" : "2. not told to stop")
        lines.append("3. the checks lead to: \(report.host.standing.rawValue)")
        for check in report.checks { lines.append("   - \(weight(check)): \(words.text(check))") }
        if !report.hasStarted {
            lines.append(
                "   (since the start of this process not every required check has been up yet)"
            )
        }
        lines.append("So the verdict is \(report.host.verdict.rawValue).")
        if let answer = gateway.health.board.answer(for: .host) {
            let until = answer.validUntil.map { "until \(clocks.wall(of: $0))" }
            lines.append("It is good \(until ?? "until the next change").")
            lines.append(
                answer.excludes
                    ? "The 503 carries the immediate header: the exit is planned."
                    : "The answer carries no immediate header."
            )
        }
        for app in report.apps {
            let cause = app.cause.map { ", \(words.text($0))" } ?? ""
            lines.append("\(app.scope) is \(app.verdict.rawValue)\(cause)")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func weight(_ check: CheckReport) -> String {
        if check.isNew { return "new, counts once it has settled" }
        let held = check.heldAt.map { ", counts as \($0.rawValue) since the reload" } ?? ""
        switch check.effect {
        case .fail: return "required\(held)"
        case .degrade: return "degrades\(held)"
        case .inform: return "informs only"
        }
    }
}
