import HTTP
import Health
import Loop

/// The answer as draft-inadarei-api-health-check-06 has it.
@EventLoop
struct HealthJSON {
    private let health: HostHealth
    private let verbose: Bool

    init(_ health: HostHealth, verbose: Bool) {
        self.health = health
        self.verbose = verbose
    }

    func response(for scope: Scope) -> HTTPResponse {
        guard let answer = health.board.answer(for: scope) else {
            return HealthPort.plain(404, "not found")
        }
        let clocks = Clocks.now
        let words = CauseWords(clocks: clocks)
        let json = JSON.members([
            "status": .string(status(answer.verdict)),
            "output": .text(answer.cause.map { words.text($0) }),
            "checks": verbose ? checks(clocks) : .null,
        ])
        return HTTPResponse(
            answer.verdict.serves ? 200 : 503,
            headers: ScopeAnswer.headers(answer, type: "application/health+json"),
            body: json.bytes
        )
    }

    private func status(_ verdict: Verdict) -> String {
        switch verdict {
        case .up: "pass"
        case .degraded: "warn"
        case .starting, .down, .draining: "fail"
        }
    }

    private func checks(_ clocks: Clocks) -> JSON {
        let reports = health.board.report(at: clocks.instant).checks
        return .object(
            reports.map { report in
                let value = JSON.members([
                    "componentType": .string(report.id.kind.rawValue),
                    "status": .string(status(report.state)),
                    "time": .text(report.last.map { clocks.wall(of: $0.at).description }),
                    "output": .text(report.last.flatMap { CauseWords.why($0.outcome) }),
                ])
                return JSON.Member(name: report.id.name, value: .array([value]))
            }
        )
    }

    private func status(_ state: CheckState) -> String {
        switch state {
        case .up: "pass"
        case .degraded, .pending: "warn"
        case .down, .stale: "fail"
        }
    }
}

/// The checks as `?verbose` lists them, failing ones first.
@EventLoop
struct CheckList {
    private let health: HostHealth

    init(_ health: HostHealth) { self.health = health }

    var text: String {
        let clocks = Clocks.now
        let words = CauseWords(clocks: clocks)
        let reports = health.board.report(at: clocks.instant).checks
        let failing = reports.filter { $0.state != .up }
        let passing = reports.filter { $0.state == .up }
        let lines =
            failing.map { "[-] \(words.text($0))" } + passing.map { "[+] \(words.text($0))" }
        return lines.map { $0 + "\n" }.joined()
    }
}
