import Release
import Testing

@Suite
struct `The lease on all gateways` {
    private func survey(_ answers: LeaseSurvey.Answer...) -> LeaseSurvey {
        LeaseSurvey(
            Dictionary(uniqueKeysWithValues: answers.enumerated().map { ("h\($0)", $1) })
        )
    }

    private let dead = Lease.make(epoch: 4, live: false)
    private let live = Lease.make(epoch: 4, live: true)

    @Test func `is free when every gateway says so`() {
        #expect(survey(.free, .free).start == .free(highest: 0))
        #expect(survey(.free, .unreachable("x")).start == .unreachable(["h1: x"]))
    }

    @Test func `is held by whoever is live, and by whoever has not ended`() {
        #expect(survey(.free, .free, .free, .held(live)).start == .held(live))
        #expect(survey(.held(dead), .held(dead), .held(dead), .free).start == .held(dead))
    }

    @Test func `is free where only a host that was down at the end still has one`() {
        #expect(survey(.free, .free, .free, .held(dead)).start == .free(highest: 4))
    }

    @Test func `is taken over by a majority, of two by one`() {
        #expect(survey(.held(dead), .unreachable("x")).takeover == .of(dead))
        let three = survey(.held(dead), .unreachable("x"), .unreachable("y"))
        #expect(three.takeover == .tooFew(["h1: x", "h2: y"]))
        #expect(survey(.held(dead), .held(dead), .unreachable("y")).takeover == .of(dead))
        #expect(survey(.free, .free, .unreachable("y")).takeover == .nothing)
        let newer = Lease.make(epoch: 9, live: false)
        #expect(survey(.held(dead), .held(newer), .held(dead)).takeover == .of(newer))
    }

    @Test func `stands while half of the gateways confirm it and none objects`() {
        let mine = Lease.make(epoch: 4)
        #expect(
            survey(.held(live), .held(live), .unreachable("x"), .unreachable("y")).confirms(mine)
                == .ours
        )
        let few = survey(.held(live), .unreachable("a"), .unreachable("b"), .unreachable("c"))
        #expect(few.confirms(mine) == .unsure(["h1: a", "h2: b", "h3: c"]))
        let next = Lease.make(epoch: 5, live: true)
        #expect(
            survey(.held(live), .held(live), .held(live), .held(next)).confirms(mine)
                == .lost(next)
        )
        let other = Lease.make(release: "shop-v3-9", epoch: 4, live: true)
        #expect(survey(.held(live), .held(other)).confirms(mine) == .lost(other))
        #expect(survey(.held(live), .free, .free, .free).confirms(mine) == .lost(nil))
    }

    @Test func `stands while the host that we took down is silent`() {
        let mine = Lease.make(epoch: 4)
        let alone = survey(.unreachable("refused"))
        #expect(alone.confirms(mine) == .unsure(["h0: refused"]))
        #expect(alone.confirms(mine, excused: "h0") == .ours)
    }

    @Test func `is not hurt by an older one of a gateway that was away`() {
        let mine = Lease.make(epoch: 9)
        let now = Lease.make(epoch: 9, live: true)
        #expect(survey(.held(now), .held(now), .held(dead)).confirms(mine) == .ours)
    }
}
