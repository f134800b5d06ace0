import Health
import Loop

/// `/` as plain text: for whoever is woken up.
@EventLoop
struct StatusPage {
    private let gateway: RunningGateway

    init(_ gateway: RunningGateway) { self.gateway = gateway }

    /// The part on the drain alone.
    func drainText() async -> String {
        let progress = await DrainProgress.now(of: gateway)
        let clocks = Clocks.now
        let report = gateway.health.board.report(at: clocks.instant)
        guard progress.isDrained else { return "not drained\n" }
        let lines = drain(report, progress, CauseWords(clocks: clocks))
        return lines.filter { !$0.isEmpty }.map { $0 + "\n" }.joined()
    }

    func text() async -> String {
        let progress = await DrainProgress.now(of: gateway)
        let clocks = Clocks.now
        let words = CauseWords(clocks: clocks)
        let report = gateway.health.board.report(at: clocks.instant)
        var lines = [first(report, words), ""]
        if let shared = report.sharedCause { lines += ["IN COMMON: \(words.text(shared))", ""] }
        lines += drain(report, progress, words)
        lines += checks(report, words)
        lines += edges(progress, clocks)
        if let lease = gateway.store.state.lease {
            let life = lease.isLive(at: clocks.wall) ? "live" : "silent"
            lines += [
                "release \(lease.release) to \(lease.version) by \(lease.who), epoch "
                    + "\(lease.epoch), \(life) since \(lease.heartbeat)",
                "",
            ]
        }
        lines.append("more: /status /explain /history /events /metrics /config")
        return lines.map { $0 + "\n" }.joined()
    }

    /// What the edge sees, and why.
    private func first(_ report: Report, _ words: CauseWords) -> String {
        let host = report.host
        let code = host.verdict.serves ? 200 : 503
        let since = words.clocks.wall(of: host.since)
        let age = (words.clocks.instant - host.since).words
        let why = host.cause.map { ": \(words.text($0))" } ?? ""
        return "\(gateway.configuration.host) is \(host.verdict.rawValue.uppercased()), edges get "
            + "\(code) for \(age) (since \(since))\(why)"
    }

    private func drain(
        _ report: Report,
        _ progress: DrainProgress,
        _ words: CauseWords
    ) -> [String] {
        guard progress.isDrained else { return [] }
        var lines = ["DRAINED. Behind the drain it is \(report.host.standing.rawValue)"]
        if let cause = report.host.standingCause { lines[0] += ": \(words.text(cause))" }
        lines += report.holds.map { "  hold of \(words.text($0))" }
        if let problem = gateway.store.problem { lines.append("  NOT DURABLE: \(problem)") }
        let told = progress.edges.count - progress.untold.count
        lines.append("  told \(told) of \(progress.edges.count) edges")
        lines += progress.left.map { "  \($0)" }
        return lines + [progress.isSafe ? "  safe to stop" : "  not yet safe to stop", ""]
    }

    private func checks(_ report: Report, _ words: CauseWords) -> [String] {
        let failing = report.checks.filter { $0.state != .up }
        let passing = report.checks.filter { $0.state == .up }
        let lines = (failing + passing).map { check in
            "  [\(check.state == .up ? "+" : "-")] \(words.text(check)), "
                + "effect \(check.effect.rawValue)"
        }
        return ["\(passing.count) of \(report.checks.count) checks up"] + lines + [""]
    }

    private func edges(_ progress: DrainProgress, _ clocks: Clocks) -> [String] {
        let rows = gateway.port.edges.checkers.map { row in
            let period = row.period.map { "every \($0.words)" } ?? ""
            let gone = row.isGone(at: clocks.instant) ? ", gone" : ""
            let name = row.identity.name ?? "unnamed"
            return "  \(name) \(row.identity.authority) \(period), last \(row.lastStatus)\(gone)"
        }
        return rows.isEmpty ? ["nobody polls this host", ""] : ["edges that poll"] + rows + [""]
    }
}
