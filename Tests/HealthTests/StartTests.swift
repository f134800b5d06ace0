import Health
import Testing

/// Rule 1.
@Suite struct `A host that starts` {
    @Test func `fails before any outcome`() {
        let story = Story([.make(orders)])
        #expect(story.host == .starting)
        #expect(story.app("orders") == .starting)
        #expect(story.board.answer(for: .host)?.verdict.serves == false)
    }

    @Test func `serves only once every required app has passed rise times in a row`() {
        var story = Story([.make(orders, rise: 2), .make(web, rise: 3)])
        story.hears(.up(), for: orders, times: 5)
        story.hears(.up(), for: web, times: 2)
        #expect(story.host == .starting)
        #expect(story.app("orders") == .starting)
        story.hears(refused, for: web)
        story.hears(.up(), for: web, times: 2)
        #expect(story.host == .starting)
        let change = story.hears(.up(), for: web)
        #expect(story.host == .up)
        #expect(
            change?.verdicts == [
                VerdictChange(scope: .host, from: .starting, to: .up),
                VerdictChange(scope: .app("orders"), from: .starting, to: .up),
                VerdictChange(scope: .app("web"), from: .starting, to: .up),
            ]
        )
    }

    @Test func `keeps back the apps that are up, and says which one they wait for`() {
        var story = Story([.make(orders), .make(web)])
        story.hears(.up(), for: orders, times: 2)
        story.hears(refused, for: web, times: 3)
        #expect(story.host == .down)
        #expect(story.app("web") == .down)
        #expect(story.app("orders") == .starting)
        guard case .check(let report, _) = story.board.cause(for: .app("orders")) else {
            Issue.record("no check is blamed")
            return
        }
        #expect(report.id == web)
        story.hears(.up(), for: web, times: 2)
        #expect(story.app("orders") == .up)
        // From now on each app's fault is its own.
        story.hears(refused, for: web, times: 3)
        #expect(story.app("web") == .down)
        #expect(story.app("orders") == .up)
    }

    @Test func `does not wait for what only degrades or informs`() {
        var story = Story([.make(orders), .make(web, effect: .degrade), .make(database)])
        story.hears(.up(), for: orders, times: 2)
        #expect(story.host == .up)
    }

    @Test func `waits for an upstream that is required, and so do its apps`() {
        var story = Story([.make(orders), .make(database, effect: .fail)])
        story.hears(.up(), for: orders, times: 2)
        #expect(story.host == .starting)
        #expect(story.app("orders") == .starting)
        story.hears(.up(), for: database, times: 2)
        #expect(story.host == .up)
        #expect(story.app("orders") == .up)
    }

    @Test func `is down, not starting, once an app has failed fall times`() {
        var story = Story([.make(orders)])
        story.hears(refused, for: orders, times: 2)
        #expect(story.host == .starting)
        story.hears(refused, for: orders)
        #expect(story.host == .down)
        story.hears(.up(), for: orders)
        #expect(story.host == .down)
        story.hears(.up(), for: orders)
        #expect(story.host == .up)
    }

    @Test func `probes at once, then quickly until it is up, then at its interval`() {
        var story = Story([.make(orders)])
        #expect(story.board.nextDue(for: orders) == story.start)
        story.hears(.up(), for: orders)
        #expect(story.board.nextDue(for: orders) == story.now.advanced(by: .milliseconds(500)))
        story.hears(.up(), for: orders)
        #expect(story.board.nextDue(for: orders) == story.now.advanced(by: .seconds(1)))
        story.hears(refused, for: orders, times: 3)
        #expect(story.board.nextDue(for: orders) == story.now.advanced(by: .milliseconds(500)))
    }

    /// Random outcomes against a model that only knows the rule.
    @Test(arguments: 0..<100) func `never says yes early`(seed: UInt64) {
        var random = SplitMix(seed)
        let ids = (0..<Int.random(in: 1...4, using: &random)).map { CheckID.app("app\($0)") }
        let checks = ids.map { Check.make($0, rise: .random(in: 1...4, using: &random)) }
        var story = Story(checks)
        var row = [Int](repeating: 0, count: ids.count)
        var best = row
        for _ in 0..<60 {
            let app = Int.random(in: 0..<ids.count, using: &random)
            let passes = Int.random(in: 0..<3, using: &random) > 0
            row[app] = passes ? row[app] + 1 : 0
            best[app] = max(best[app], row[app])
            story.hears(passes ? .up() : refused, for: ids[app], every: .milliseconds(1))
            let proven = checks.indices.allSatisfy { best[$0] >= checks[$0].rise }
            if proven { continue }
            if story.host?.serves != false { Issue.record("an early yes") }
            for id in ids where story.app(id.name)?.serves != false {
                Issue.record("an early yes of \(id)")
            }
        }
    }
}
