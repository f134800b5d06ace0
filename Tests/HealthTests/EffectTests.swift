import Health
import Testing

/// Rules 4 and 7.
@Suite struct `An effect` {
    @Test func `is to inform for upstreams and to fail for apps unless it is said`() {
        #expect(Check(orders, target: "a").effect == .fail)
        #expect(Check(database, target: "a").effect == .inform)
        #expect(Check(database, target: "a", effect: .degrade).effect == .degrade)
    }

    @Test func `keeps a lost shared database from taking the host out`() {
        var story = Story([.make(orders), .make(database)])
        story.hears(.up(), for: orders, times: 2)
        story.hears(.up(), for: database, times: 2)
        let change = story.hears(refused, for: database, times: 3)
        #expect(change?.checks.map(\.to) == [.down])
        #expect(change?.verdicts == [])
        #expect(story.host == .up)
        #expect(story.app("orders") == .up)
    }

    @Test func `to degrade makes the host and its apps degraded, and they go on serving`() {
        var story = Story([.make(orders), .make(database, effect: .degrade)])
        story.hears(.up(), for: orders, times: 2)
        story.hears(refused, for: database, times: 3)
        #expect(story.host == .degraded)
        #expect(story.app("orders") == .degraded)
        #expect(story.host?.serves == true)
    }

    @Test func `to fail of an upstream takes every app with it and gives it back`() {
        var story = Story([.make(orders), .make(web), .make(database, effect: .fail)])
        for id in [orders, web, database] { story.hears(.up(), for: id, times: 2) }
        let down = story.hears(refused, for: database, times: 3)
        #expect(down?.verdicts.map(\.to) == [.down, .down, .down])
        let up = story.hears(.up(), for: database, times: 2)
        #expect(up?.verdicts.map(\.scope) == [.host, .app("orders"), .app("web")])
        #expect(story.host == .up)
    }

    @Test func `of one app leaves the other app's verdict alone`() {
        var story = Story([.make(orders), .make(web)])
        for id in [orders, web] { story.hears(.up(), for: id, times: 2) }
        story.hears(refused, for: orders, times: 3)
        #expect(story.host == .down)
        #expect(story.app("orders") == .down)
        #expect(story.app("web") == .up)
    }

    @Test func `to degrade leaves the app itself down for its own route`() {
        var story = Story([.make(orders), .make(web, effect: .degrade)])
        for id in [orders, web] { story.hears(.up(), for: id, times: 2) }
        story.hears(refused, for: web, times: 3)
        #expect(story.host == .degraded)
        #expect(story.app("web") == .down)
    }

    @Test func `of a degraded outcome is a degraded host`() {
        var story = Story([.make(orders)])
        story.hears(.degraded("slow"), for: orders, times: 2)
        #expect(story.host == .degraded)
        #expect(story.app("orders") == .degraded)
    }

    @Test func `shows no lost probe: one 503 would drop the host at the edge`() {
        var story = Story([.make(orders)])
        story.hears(.up(), for: orders, times: 2)
        for _ in 0..<20 {
            #expect(story.hears(refused, for: orders, times: 2) == nil)
            #expect(story.host == .up)
            story.hears(.up(), for: orders)
        }
    }
}
