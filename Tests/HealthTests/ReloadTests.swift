import Health
import Testing

/// Rule 9.
@Suite struct `A reload` {
    private func upStory(_ checks: [Check]) -> Story {
        var story = Story(checks)
        for check in checks { story.hears(.up(), for: check.id, times: check.rise) }
        return story
    }

    @Test func `of the same checks changes nothing`() {
        let checks = [Check.make(orders), .make(web), .make(database)]
        var story = upStory(checks)
        story.hears(refused, for: web, times: 3)
        #expect(story.reloads(checks) == nil)
        #expect(story.reloads(checks.reversed()) == nil)
        #expect(story.check(web)?.state == .down)
    }

    @Test func `keeps what was counted when only limits change`() {
        var story = upStory([.make(orders, fall: 3)])
        story.hears(refused, for: orders, times: 2)
        #expect(story.reloads([.make(orders, fall: 2)]) == nil)
        #expect(story.host == .up)
        story.hears(refused, for: orders)
        #expect(story.host == .down)
    }

    @Test func `holds a changed check at its old verdict until it has settled`() {
        var story = upStory([.make(orders)])
        let change = story.reloads([.make(orders, definition: "other")])
        #expect(change?.verdicts == [])
        #expect(change?.checks.map(\.to) == [.pending])
        #expect(story.check(orders)?.heldAt == .up)
        #expect(story.host == .up)
        #expect(story.app("orders") == .up)
        story.hears(refused, for: orders, times: 2)
        #expect(story.host == .up)
        story.hears(refused, for: orders)
        #expect(story.host == .down)
    }

    @Test func `holds a changed check that was down at down`() {
        var story = upStory([.make(orders)])
        story.hears(refused, for: orders, times: 3)
        story.reloads([.make(orders, definition: "other")])
        #expect(story.host == .down)
        story.hears(.up(), for: orders)
        #expect(story.host == .down)
        story.hears(.up(), for: orders)
        #expect(story.host == .up)
    }

    @Test func `does not hold a verdict past its age`() {
        var story = upStory([.make(orders)])
        story.reloads([.make(orders, definition: "other")])
        story.wait(.seconds(5))
        #expect(story.board.overdue(for: .host, at: story.now) == [orders])
        story.expires()
        #expect(story.host == .down)
        #expect(story.check(orders)?.state == .stale)
    }

    @Test func `counts a new check only once it has settled`() {
        var story = upStory([.make(orders)])
        let change = story.reloads([.make(orders), .make(web)])
        #expect(change?.verdicts.isEmpty ?? true)
        #expect(story.host == .up)
        #expect(story.app("web") == .starting)
        story.hears(refused, for: web, times: 2)
        #expect(story.host == .up)
        story.hears(refused, for: web)
        #expect(story.host == .down)
    }

    @Test func `before the host was ever up counts new and changed checks as starting`() {
        var story = Story([.make(orders), .make(web)])
        story.hears(.up(), for: orders, times: 2)
        story.reloads([.make(orders, definition: "other"), .make(web)])
        #expect(story.app("orders") == .starting)
        story.hears(.up(), for: web, times: 2)
        #expect(story.host == .starting)
        story.reloads([.make(orders, definition: "other"), .make(web), .make(.app("batch"))])
        story.hears(.up(), for: orders, times: 2)
        #expect(story.host == .starting)
        story.hears(.up(), for: .app("batch"), times: 2)
        #expect(story.host == .up)
    }

    @Test func `lets another effect count from the next outcome`() {
        var story = upStory([.make(orders), .make(database)])
        story.hears(refused, for: database, times: 3)
        #expect(story.reloads([.make(orders), .make(database, effect: .fail)]) == nil)
        #expect(story.host == .up)
        story.hears(refused, for: database)
        #expect(story.host == .down)
    }

    @Test func `does not make the host wait for a check that never settled and now is required`() {
        var story = upStory([.make(orders)])
        story.reloads([.make(orders), .make(database)])
        story.reloads([.make(orders), .make(database, effect: .fail)])
        story.hears(.up(), for: database)
        #expect(story.host == .up)
    }

    @Test func `drops a removed check, its app and its weight`() {
        var story = upStory([.make(orders), .make(web, effect: .degrade)])
        story.hears(refused, for: web, times: 3)
        #expect(story.host == .degraded)
        story.reloads([.make(orders)])
        #expect(story.app("web") == nil)
        #expect(story.board.answer(for: .app("web")) == nil)
        #expect(story.board.record(.up(), for: web, at: story.now) == nil)
        story.hears(.up(), for: orders)
        #expect(story.host == .up)
    }

    @Test func `that renames a failing app does not raise the verdict without a probe`() {
        var story = upStory([.make(orders)])
        story.hears(refused, for: orders, times: 3)
        let change = story.reloads([.make(web)])
        #expect(change?.verdicts.contains { $0.scope == .host } != true)
        #expect(story.host == .down)
        story.hears(.up(), for: web)
        #expect(story.host == .down)
        story.hears(.up(), for: web)
        #expect(story.host == .up)
    }

    @Test func `that removes a failing upstream waits for newer outcomes of the apps`() {
        var story = upStory([.make(orders), .make(database, effect: .fail)])
        story.hears(refused, for: database, times: 3)
        story.reloads([.make(orders)])
        #expect(story.host == .down)
        #expect(story.app("orders") == .down)
        let cause = story.board.cause(for: .host)?.sentence(story.text)
        #expect(cause?.contains("upstream orders-db: refused") == true)
        story.hears(.up(), for: orders)
        #expect(story.host == .up)
        #expect(story.app("orders") == .up)
    }

    @Test func `ignores an outcome of a probe that began before it`() {
        var story = upStory([.make(orders)])
        story.wait(.seconds(1))
        story.reloads([.make(orders, definition: "other", rise: 1, fall: 1)])
        let late = Outcome.failed(.refused, took: .milliseconds(300))
        story.hears(late, for: orders, every: .milliseconds(100))
        #expect(story.host == .up)
        #expect(story.check(orders)?.last?.outcome != late)
        story.hears(late, for: orders, every: .milliseconds(300))
        #expect(story.host == .down)
    }

    @Test func `probes a changed check at once`() {
        var story = upStory([.make(orders)])
        story.wait(.milliseconds(10))
        story.reloads([.make(orders, definition: "other")])
        #expect(story.board.nextDue(for: orders) == story.now)
    }

    @Test func `keeps the drain`() {
        var story = upStory([.make(orders)])
        story.drains(Hold(owner: "ann", reason: "", since: 1))
        story.reloads([.make(web)])
        #expect(story.host == .draining)
        #expect(story.app("web") == .draining)
    }

    /// Any reload, at any moment, of any set of checks.
    @Test(arguments: 0..<300) func `never changes a verdict by itself`(seed: UInt64) {
        var random = SplitMix(seed)
        var story = Story(someChecks(&random))
        for _ in 0..<80 {
            if Int.random(in: 0..<8, using: &random) == 0 {
                let checks = someChecks(&random)
                // With nothing left to ask, there is nothing to wait for.
                let isEmpty = !checks.contains { $0.effect == .fail }
                let hasStarted = story.board.report(at: story.now).hasStarted
                let apps = checks.filter {
                    hasStarted && story.board.verdict(for: .app($0.id.name)) != nil
                }
                let before = [story.host] + apps.map { story.app($0.id.name) }
                story.reloads(checks)
                let after = [story.host] + apps.map { story.app($0.id.name) }
                if before != after, !isEmpty { Issue.record("\(before) became \(after)") }
            } else {
                let id = names[Int.random(in: 0..<names.count, using: &random)]
                story.hears(someOutcome(&random), for: id)
                if Int.random(in: 0..<20, using: &random) == 0 {
                    story.wait(.seconds(4))
                    story.expires()
                }
            }
        }
    }
}

private let names = [orders, web, database, CheckID.upstream("cache")]

private func someChecks(_ random: inout SplitMix) -> [Check] {
    names.filter { _ in Bool.random(using: &random) }.map { id in
        .make(
            id,
            definition: "\(Int.random(in: 0..<3, using: &random))",
            effect: Effect.allCases.randomElement(using: &random),
            rise: .random(in: 1...3, using: &random),
            fall: .random(in: 1...3, using: &random),
            holdDown: Bool.random(using: &random) ? .standard : nil
        )
    }
}

private func someOutcome(_ random: inout SplitMix) -> Outcome {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: refused
    case 1: .degraded("slow")
    default: .up()
    }
}
