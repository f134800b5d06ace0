import Health
import Testing

/// Rules 5 and 6, as far as they are values.
@Suite struct `A drain` {
    private let release = Hold(owner: "release-7", reason: "v2", since: 100, epoch: 3)
    private let onCall = Hold(owner: "ann", reason: "disk", since: 50)

    @Test func `is on while any hold exists`() {
        var drain = Drain([release])
        drain.add(onCall)
        #expect(drain.isOn)
        #expect(drain.remove(owner: "release-7") == release)
        #expect(drain.isOn)
        #expect(drain.remove(owner: "ann") == onCall)
        #expect(!drain.isOn)
    }

    @Test func `lets an owner remove only its own hold`() {
        var drain = Drain([onCall])
        #expect(drain.remove(owner: "release-7") == nil)
        #expect(drain.holds == [onCall])
    }

    @Test func `gives an owner that asks again the same answer`() {
        var drain = Drain()
        #expect(drain.add(release) == release)
        let again = drain.add(Hold(owner: "release-7", reason: "other", since: 900, epoch: 3))
        #expect(again == release)
        #expect(drain.holds == [release])
    }

    @Test func `remembers the highest epoch of an owner`() {
        var drain = Drain([release])
        #expect(drain.add(Hold(owner: "release-7", reason: "", since: 1, epoch: 5)).epoch == 5)
        #expect(drain.add(Hold(owner: "release-7", reason: "", since: 1, epoch: 4)).epoch == 5)
        #expect(drain.hold(of: "release-7")?.since == 100)
    }

    @Test func `lists the oldest hold first`() {
        #expect(Drain([release, onCall]).holds == [onCall, release])
    }

    @Test func `stands above every verdict, and lets the one behind it be seen`() {
        var story = Story([.make(orders)])
        story.hears(.up(), for: orders, times: 2)
        let change = story.drains(release)
        #expect(story.host == .draining)
        #expect(story.app("orders") == .draining)
        #expect(change?.verdicts.map(\.to) == [.draining, .draining])
        #expect(change?.drain?.added == [release])
        let fall = story.hears(refused, for: orders, times: 3)
        #expect(story.host == .draining)
        #expect(fall?.verdicts == [])
        #expect(fall?.standing == VerdictChange(scope: .host, from: .up, to: .down))
        story.hears(.up(), for: orders, times: 2)
        let report = story.board.report(at: story.now).host
        #expect(report.standing == .up)
        #expect(report.standingSince == story.now)
        let back = story.drains()
        #expect(story.host == .up)
        #expect(back?.drain?.removed == [release])
    }

    @Test func `from the start stands above starting`() {
        var story = Story([.make(orders)], drain: Drain([release]), plannedStart: true)
        #expect(story.host == .draining)
        #expect(story.app("orders") == .draining)
        story.drains()
        #expect(story.host == .starting)
    }

    @Test func `changes nothing when the same holds are set again`() {
        var story = Story([.make(orders)])
        story.drains(release)
        #expect(story.drains(release) == nil)
    }

    @Test func `by a stop holds without a hold and says so once`() {
        var story = Story([.make(orders)])
        story.hears(.up(), for: orders, times: 2)
        let change = story.board.stop(at: story.now)
        #expect(change?.drain?.isStopping == true)
        #expect(story.host == .draining)
        #expect(story.board.cause(for: .host) == .stopping)
        #expect(story.board.stop(at: story.now) == nil)
        #expect(story.drains(release)?.verdicts == [])
        #expect(story.drains()?.verdicts == [])
        #expect(story.host == .draining)
    }
}

@Suite struct `The immediate header` {
    @Test func `goes out with the very first draining answer`() {
        var story = Story([.make(orders)])
        story.hears(.up(), for: orders, times: 2)
        #expect(story.board.answer(for: .host)?.excludes == false)
        story.drains(Hold(owner: "ann", reason: "", since: 1))
        #expect(story.board.answer(for: .host)?.excludes == true)
        #expect(story.board.answer(for: .app("orders"))?.excludes == true)
    }

    @Test func `goes out while starting only after a planned stop`() {
        #expect(
            Story([.make(orders)], plannedStart: true).board.answer(for: .host)?.excludes == true
        )
        #expect(Story([.make(orders)]).board.answer(for: .host)?.excludes == false)
    }

    @Test func `never goes out with down, which the edge must be free to doubt`() {
        var story = Story([.make(orders)], plannedStart: true)
        story.hears(refused, for: orders, times: 3)
        #expect(story.host == .down)
        #expect(story.board.answer(for: .host)?.excludes == false)
    }

    @Test func `follows the configuration`() {
        var story = Story([.make(orders)], plannedStart: true, excludeOn: [.down])
        #expect(story.board.answer(for: .host)?.excludes == false)
        story.hears(refused, for: orders, times: 3)
        #expect(story.board.answer(for: .host)?.excludes == true)
        story.hears(.up(), for: orders, times: 2)
        #expect(story.board.answer(for: .host)?.excludes == false)
    }

    @Test func `does not go out for an app added long after a planned start`() {
        var story = Story([.make(orders)], plannedStart: true)
        story.hears(.up(), for: orders, times: 2)
        story.reloads([.make(orders), .make(web)])
        #expect(story.app("web") == .starting)
        #expect(story.board.answer(for: .app("web"))?.excludes == false)
    }
}
