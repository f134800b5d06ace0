import Health
import Testing

/// Rule 4.
@Suite struct `A flapping check` {
    private let policy = HoldDown(
        halfLife: .seconds(60),
        suppress: 2,
        reuse: 0.75,
        maximum: .seconds(150)
    )

    private func story() -> Story {
        var story = Story([
            .make(orders, rise: 1, fall: 1, maxAge: .seconds(3600), holdDown: policy)
        ])
        story.hears(.up(), for: orders)
        return story
    }

    private func flap(_ story: inout Story, times: Int, every step: Duration) {
        for _ in 0..<times {
            story.hears(refused, for: orders, every: step / 2)
            story.hears(.up(), for: orders, every: step / 2)
        }
    }

    @Test func `is held down at its third fall`() {
        var story = story()
        flap(&story, times: 2, every: .seconds(2))
        #expect(story.host == .up)
        flap(&story, times: 1, every: .seconds(2))
        #expect(story.host == .down)
        #expect(story.check(orders)?.falls == 3)
        #expect(story.check(orders)?.heldDownUntil != nil)
    }

    @Test func `comes back with the first pass after the hold, not by time alone`() throws {
        var story = story()
        flap(&story, times: 3, every: .seconds(2))
        let end = try #require(story.check(orders)?.heldDownUntil)
        story.hears(.up(), for: orders, every: story.now.duration(to: end) - .milliseconds(1))
        #expect(story.host == .down)
        story.wait(.seconds(1))
        #expect(story.host == .down)
        story.hears(.up(), for: orders)
        #expect(story.host == .up)
        #expect(story.check(orders)?.heldDownUntil == nil)
    }

    @Test func `does not come back with a failure after the hold`() throws {
        var story = Story([
            .make(orders, rise: 1, fall: 2, maxAge: .seconds(3600), holdDown: policy)
        ])
        story.hears(.up(), for: orders)
        for _ in 0..<3 {
            story.hears(refused, for: orders, times: 2)
            story.hears(.up(), for: orders)
        }
        let end = try #require(story.check(orders)?.heldDownUntil)
        story.hears(refused, for: orders, every: story.now.duration(to: end))
        #expect(story.host == .down)
    }

    @Test func `is held longer by each further fall, but never over the maximum`() throws {
        var story = story()
        flap(&story, times: 3, every: .seconds(2))
        let suppressed = story.now.advanced(by: .seconds(-1))
        let first = try #require(story.check(orders)?.heldDownUntil)
        flap(&story, times: 1, every: .seconds(2))
        let second = try #require(story.check(orders)?.heldDownUntil)
        #expect(second > first)
        flap(&story, times: 20, every: .seconds(2))
        let last = try #require(story.check(orders)?.heldDownUntil)
        #expect(last == suppressed.advanced(by: .seconds(150)))
    }

    @Test func `is not held when it falls once in a half-life, for however long`() {
        var story = story()
        flap(&story, times: 200, every: .seconds(60))
        #expect(story.host == .up)
        #expect(story.check(orders)?.heldDownUntil == nil)
    }

    @Test func `is not held without a policy`() {
        var story = Story([.make(orders, rise: 1, fall: 1, holdDown: nil)])
        story.hears(.up(), for: orders)
        flap(&story, times: 50, every: .milliseconds(2))
        #expect(story.host == .up)
    }

    @Test func `is held until its penalty has halved down to the limit of reuse`() throws {
        var story = Story([
            .make(
                orders,
                rise: 1,
                fall: 1,
                maxAge: .seconds(3600),
                holdDown: HoldDown(
                    halfLife: .seconds(60),
                    suppress: 1.5,
                    reuse: 0.5,
                    maximum: .seconds(3600)
                )
            )
        ])
        story.hears(.up(), for: orders)
        story.hears(refused, for: orders)
        story.hears(.up(), for: orders, every: .zero)
        story.hears(refused, for: orders, every: .zero)
        // A penalty of two is at a half after two half-lives.
        let end = try #require(story.check(orders)?.heldDownUntil)
        #expect(story.now.duration(to: end) == .seconds(120))
    }
}
