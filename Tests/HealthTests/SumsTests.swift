import Health
import Testing

/// The board keeps running sums and a heap instead of looking at every check; here a plain look at
/// every check must agree with them after any sequence of events.
@Suite struct `The board's sums` {
    @Test(arguments: 0..<20) func `agree with a look at every check`(seed: UInt64) {
        var random = SplitMix(seed)
        let ids = (0..<12).map { CheckID($0 % 3 == 0 ? .upstream : .app, "c\($0)") }
        let checks = ids.map { id in
            Check.make(
                id,
                effect: Effect.allCases.randomElement(using: &random),
                rise: .random(in: 1...3, using: &random),
                fall: .random(in: 1...3, using: &random),
                maxAge: .seconds(.random(in: 1...4, using: &random))
            )
        }
        var story = Story(checks)
        for _ in 0..<300 {
            let id = ids[Int.random(in: 0..<ids.count, using: &random)]
            story.hears(
                Int.random(in: 0..<3, using: &random) == 0 ? refused : .up(),
                for: id,
                every: .milliseconds(.random(in: 0...400, using: &random))
            )
            if Int.random(in: 0..<4, using: &random) == 0 { story.expires() }
            let report = story.board.report(at: story.now)
            #expect(report.host.verdict == plainVerdict(report.checks))
            #expect(story.board.validUntil(for: .host) == plainValidity(report.checks))
        }
    }

    private func plainVerdict(_ checks: [CheckReport]) -> Verdict {
        let failing = checks.filter { $0.state == .down || $0.state == .stale }
        if failing.contains(where: { $0.effect == .fail }) { return .down }
        if checks.contains(where: { $0.effect == .fail && $0.state == .pending }) {
            return .starting
        }
        return failing.contains { $0.effect == .degrade } ? .degraded : .up
    }

    private func plainValidity(_ checks: [CheckReport]) -> ContinuousClock.Instant? {
        checks.filter { $0.effect != .inform && $0.state == .up }
            .compactMap { $0.evidence?.advanced(by: $0.check.maxAge) }
            .min()
    }

    @Test func `of five thousand checks follow each of them`() {
        let checks = (0..<5000).map { Check.make(.app("app\($0)"), rise: 1, fall: 1) }
        var story = Story(checks)
        for check in checks { story.hears(.up(), for: check.id, every: .microseconds(1)) }
        #expect(story.host == .up)
        for check in checks { story.hears(refused, for: check.id, every: .microseconds(1)) }
        #expect(story.host == .down)
        for check in checks.dropLast() {
            story.hears(.up(), for: check.id, every: .microseconds(1))
        }
        #expect(story.host == .down)
        story.hears(.up(), for: checks[4999].id)
        #expect(story.host == .up)
        #expect(story.changes.flatMap(\.verdicts).filter { $0.scope == .host }.count == 3)
    }

    @Test func `ignore a check that is not configured, and the second of two with one name`() {
        var story = Story([.make(orders, rise: 1), .make(orders, rise: 9)])
        #expect(story.hears(.up(), for: web) == nil)
        #expect(story.board.nextDue(for: web) == nil)
        story.hears(.up(), for: orders)
        #expect(story.host == .up)
        #expect(story.board.report(at: story.now).checks.count == 1)
    }
}
