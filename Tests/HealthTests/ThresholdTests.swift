import Health
import Testing

@Suite struct `A threshold` {
    @Test(arguments: 1...4) func `settles up only after rise passes in a row`(rise: Int) {
        var threshold = Threshold(rise: rise, fall: 9)
        for _ in 1..<rise { threshold.count(.up) }
        if rise > 1 { #expect(threshold.settled == nil) }
        threshold.count(.down)
        for _ in 1..<rise {
            threshold.count(.up)
            #expect(threshold.settled == nil)
        }
        threshold.count(.up)
        #expect(threshold.settled == .up)
    }

    @Test(arguments: 1...4) func `settles down only after fall failures in a row`(fall: Int) {
        var threshold = Threshold(rise: 1, fall: fall)
        threshold.count(.up)
        for _ in 1..<fall { threshold.count(.down) }
        #expect(threshold.settled == .up || fall == 1)
        threshold.count(.up)
        for _ in 1..<fall {
            threshold.count(.down)
            #expect(threshold.settled == .up)
        }
        threshold.count(.down)
        #expect(threshold.settled == .down)
    }

    @Test func `takes a degraded pass for a pass`() {
        var threshold = Threshold(rise: 2, fall: 3)
        threshold.count(.degraded)
        threshold.count(.up)
        #expect(threshold.settled == .degraded)
        threshold.count(.up)
        #expect(threshold.settled == .up)
    }

    @Test func `damps the way to degraded as it damps the way down`() {
        var threshold = Threshold(rise: 1, fall: 3)
        threshold.count(.up)
        threshold.count(.degraded)
        threshold.count(.degraded)
        #expect(threshold.settled == .up)
        #expect(threshold.progress == Progress(count: 2, needed: 3, towards: .degraded))
        threshold.count(.degraded)
        #expect(threshold.settled == .degraded)
    }

    @Test func `says how far it is`() {
        var threshold = Threshold(rise: 3, fall: 3)
        threshold.count(.up)
        #expect(threshold.progress?.description == "1 of 3 towards up")
        threshold.count(.up)
        threshold.count(.up)
        #expect(threshold.progress == nil)
        threshold.count(.down)
        #expect(threshold.progress?.description == "1 of 3 towards down")
        threshold.count(.down)
        threshold.count(.down)
        #expect(threshold.progress == nil)
        threshold.count(.up)
        threshold.count(.up)
        #expect(threshold.progress?.description == "2 of 3 towards up")
    }

    @Test func `takes at least one outcome to settle`() {
        var threshold = Threshold(rise: 0, fall: -1)
        #expect(threshold.settled == nil)
        threshold.count(.down)
        #expect(threshold.settled == .down)
    }
}
