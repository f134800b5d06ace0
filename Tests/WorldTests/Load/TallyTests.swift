import Testing
import World

@Suite struct `A tally` {
    @Test func `counts each call once, by what became of it`() {
        var tally = Tally()
        for _ in 0..<4 { tally.callSent() }
        tally.callEnded(.served(host: "east-1", version: "v1"))
        tally.callEnded(.failed("UNAVAILABLE"))
        tally.callEnded(.failed("UNAVAILABLE"))
        #expect(tally.sent == 4)
        #expect(tally.answered == 1)
        #expect(tally.failed == 2)
        #expect(tally.open == 1)
    }

    @Test func `counts a stream that ends early as cut, not as failed`() {
        var tally = Tally()
        tally.streamOpened()
        tally.streamEnded(.failed("ended with messages missing"))
        #expect(tally.cut == 1)
        #expect(tally.failed == 0)
        #expect(tally.requests == 1)
        #expect(tally.open == 0)
    }

    @Test func `knows who served nothing at a version`() {
        var tally = Tally()
        tally.callEnded(.served(host: "east-1", version: "v2"))
        #expect(tally.hosts(["east-1", "west-1"], without: "v2") == ["west-1"])
        #expect(tally.hosts(["east-1", "west-1"], without: "v1") == ["east-1", "west-1"])
    }
}

@Suite struct `The lag of a load` {
    @Test func `counts a send as late beyond the limit, and finds the worst and the 99th`() {
        var lag = Lag()
        for _ in 0..<98 { lag.record(.milliseconds(1)) }
        lag.record(.milliseconds(40))
        lag.record(.milliseconds(200))
        #expect(lag.late == 1)
        #expect(lag.lateShare == 0.01)
        #expect(lag.p99 == .milliseconds(41))
        #expect(lag.worst == .milliseconds(200))
    }
}
