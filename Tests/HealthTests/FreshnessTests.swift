import Health
import Testing

/// Rules 2 and 3.
@Suite struct `Freshness` {
    private func upStory(_ check: Check = .make(orders)) -> Story {
        var story = Story([check])
        story.hears(.up(), for: orders, times: check.rise)
        return story
    }

    @Test func `limits each answer to the age of its oldest check that counts`() {
        var story = Story([.make(orders), .make(web, maxAge: .seconds(60)), .make(database)])
        story.hears(.up(), for: orders, times: 2)
        let first = story.now
        story.hears(.up(), for: web, times: 2)
        #expect(story.board.answer(for: .host)?.validUntil == first.advanced(by: .seconds(5)))
        #expect(
            story.board.answer(for: .app("web"))?.validUntil
                == story.now.advanced(by: .seconds(60))
        )
        story.hears(.up(), for: orders)
        #expect(story.board.validUntil(for: .host) == story.now.advanced(by: .seconds(5)))
    }

    @Test func `counts the age from when the probe began`() {
        var story = Story([.make(orders, rise: 1)])
        story.wait(.seconds(3))
        story.hears(.up(took: .seconds(2)), for: orders, every: .zero)
        #expect(story.board.validUntil(for: .host) == story.now.advanced(by: .seconds(3)))
    }

    @Test func `names the checks that a late poll must run again`() {
        var story = Story([.make(orders), .make(web, maxAge: .seconds(60)), .make(database)])
        story.hears(.up(), for: orders, times: 2)
        story.hears(.up(), for: web, times: 2)
        #expect(story.board.overdue(for: .host, at: story.now).isEmpty)
        story.wait(.seconds(10))
        #expect(story.board.overdue(for: .host, at: story.now) == [orders])
        #expect(story.board.overdue(for: .app("web"), at: story.now).isEmpty)
    }

    @Test func `makes a check stale exactly when its outcome reaches max_age`() {
        var story = upStory()
        story.wait(.milliseconds(4999))
        #expect(story.expires() == nil)
        #expect(story.host == .up)
        story.wait(.milliseconds(1))
        let change = story.expires()
        #expect(change?.checks.first?.to == .stale)
        #expect(story.host == .down)
        #expect(story.app("orders") == .down)
        #expect(story.expires() == nil)
    }

    @Test func `lost is decided by one look, declared stale or not`() {
        var story = upStory(.make(orders, fall: 3))
        story.wait(.seconds(10))
        story.hears(.failed(.refused), for: orders)
        #expect(story.host == .down)
        var good = upStory(.make(orders, fall: 3))
        good.wait(.seconds(10))
        good.hears(.up(), for: orders)
        #expect(good.host == .up)
    }

    @Test(arguments: [(Effect.fail, Verdict.down), (.degrade, .degraded), (.inform, .up)])
    func `lost counts by the effect of the check`(effect: Effect, verdict: Verdict) {
        var story = Story([.make(orders), .make(web, effect: effect, maxAge: .seconds(1))])
        story.hears(.up(), for: web, times: 2)
        story.hears(.up(), for: orders, times: 2)
        story.wait(.seconds(2))
        story.expires()
        #expect(story.check(web)?.state == .stale)
        #expect(story.host == verdict)
        #expect(story.app("web") == .down)
    }

    @Test func `comes back with one fresh pass`() {
        var story = upStory()
        story.wait(.seconds(10))
        story.expires()
        story.hears(.up(), for: orders)
        #expect(story.host == .up)
    }

    @Test func `does not come back with a fresh failure, however high fall is`() {
        var story = upStory(.make(orders, fall: 9))
        story.wait(.seconds(10))
        story.expires()
        story.hears(refused, for: orders)
        #expect(story.host == .down)
        story.hears(.up(), for: orders)
        #expect(story.host == .down)
        story.hears(.up(), for: orders)
        #expect(story.host == .up)
    }

    @Test func `is not restored by an answer that waited while we were stopped`() {
        var story = upStory()
        story.wait(.seconds(10))
        let before = story.board.validUntil(for: .host)
        story.hears(.up(took: .seconds(10)), for: orders, every: .zero)
        #expect(story.board.validUntil(for: .host) == before)
        #expect(story.board.overdue(for: .host, at: story.now) == [orders])
        story.expires()
        #expect(story.host == .down)
        story.hears(.up(took: .seconds(8)), for: orders)
        #expect(story.host == .down)
    }

    @Test func `does not blame the app for the time that we were stopped`() {
        var story = upStory(.make(orders, fall: 1))
        story.wait(.seconds(10))
        story.hears(.failed(.timeout, took: .seconds(10)), for: orders, every: .zero)
        #expect(story.check(orders)?.state == .up)
        #expect(story.board.overdue(for: .host, at: story.now) == [orders])
    }

    @Test func `leaves a check that is down its reason`() {
        var story = upStory()
        story.hears(refused, for: orders, times: 3)
        #expect(story.board.validUntil(for: .host) == nil)
        story.wait(.seconds(60))
        #expect(story.expires() == nil)
        #expect(story.check(orders)?.state == .down)
    }

    @Test func `never ends while draining`() {
        var story = upStory()
        story.drains(Hold(owner: "release", reason: "v2", since: 1))
        #expect(story.board.validUntil(for: .host) == nil)
        story.wait(.seconds(60))
        #expect(story.board.overdue(for: .host, at: story.now).isEmpty)
        story.expires()
        #expect(story.host == .draining)
        #expect(story.board.report(at: story.now).host.standing == .down)
    }
}

@Suite struct `A check that runs on each poll` {
    private let check = Check.make(orders, rise: 1, interval: .onPoll, maxAge: .seconds(1))

    @Test func `is overdue from the start`() {
        let story = Story([check])
        #expect(story.board.overdue(for: .host, at: story.now) == [orders])
        #expect(story.board.overdue(for: .app("orders"), at: story.now) == [orders])
    }

    @Test func `is run once per max_age however many poll`() {
        var story = Story([check])
        story.hears(.up(), for: orders)
        story.wait(.milliseconds(999))
        #expect(story.board.overdue(for: .host, at: story.now).isEmpty)
        story.wait(.milliseconds(1))
        #expect(story.board.overdue(for: .host, at: story.now) == [orders])
    }

    @Test
    func `falls at the first failure, whatever fall says, and is looked at again by the next`() {
        var story = Story([check])
        story.hears(.up(), for: orders)
        story.hears(refused, for: orders)
        #expect(story.host == .down)
        story.wait(.seconds(1))
        #expect(story.board.overdue(for: .host, at: story.now) == [orders])
    }

    @Test func `stays overdue after it was declared stale`() {
        var story = Story([check])
        story.hears(.up(), for: orders)
        story.wait(.seconds(2))
        story.expires()
        #expect(story.host == .down)
        #expect(story.board.overdue(for: .host, at: story.now) == [orders])
        #expect(story.expires() == nil)
    }

    @Test func `still runs once per max_age while nobody polls`() {
        var story = Story([check])
        story.hears(.up(), for: orders)
        #expect(story.board.nextDue(for: orders) == story.now.advanced(by: .seconds(1)))
        story.hears(refused, for: orders)
        #expect(story.board.nextDue(for: orders) == story.now.advanced(by: .seconds(1)))
    }
}
