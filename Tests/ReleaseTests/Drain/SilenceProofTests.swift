import Loop
import Release
import Testing

@Suite
struct `The proof of silence` {
    /// Looks at one host, half a second apart.
    private struct Story {
        var proof: SilenceProof
        var now = Instant.now

        init(mergeWindow: Duration = .seconds(1), quietFor: Duration = .zero) {
            proof = SilenceProof(
                host: "east-1",
                address: "h1",
                places: ["edge": ["app1"]],
                mergeWindow: mergeWindow,
                quietFor: quietFor
            )
        }

        mutating func look(
            _ flags: HealthFlags = .failedActive,
            requests: Int = 100,
            active: Int = 0,
            uptime: Int? = nil,
            sidecar: SilenceProof.Sidecar = .unmeasured,
            host: String = "h1"
        ) -> SilenceProof.Progress {
            var counters = HostCounters()
            counters.requests = requests
            counters.active = active
            let view = HostView(address: host, flags: flags, counters: counters)
            let cluster = ClusterView(name: "app1", hosts: [view])
            return look(
                .seen(FrontView(name: "edge", clusters: [cluster], uptime: uptime)),
                sidecar
            )
        }

        mutating func look(
            _ reading: FrontReading,
            _ sidecar: SilenceProof.Sidecar = .unmeasured
        ) -> SilenceProof.Progress {
            now += .milliseconds(500)
            return proof.record(FleetView([reading]), sidecar, from: now, to: now)
        }

        /// How many looks it takes from here.
        mutating func looksToProve(requests: Int = 100) -> Int {
            for count in 1...20 where look(requests: requests) == .proved { return count }
            return 0
        }
    }

    @Test func `takes longer than the merge window with counters that stand still`() {
        var story = Story()
        // The first look begins it; 1.5 s later is the first moment past 1 s and a quarter.
        #expect(story.looksToProve() == 4)
        var slow = Story(mergeWindow: .seconds(5))
        #expect(slow.looksToProve() == 12)
        var careful = Story(mergeWindow: .zero, quietFor: .seconds(2))
        #expect(careful.looksToProve() == 5)
    }

    @Test func `begins again with each request, though the flag is there`() {
        var story = Story()
        _ = story.look(requests: 100)
        _ = story.look(requests: 100)
        _ = story.look(requests: 100)
        #expect(story.look(requests: 101) == .notSilent("silence on east-1", open: 0))
        #expect(story.looksToProve(requests: 101) == 3)
    }

    @Test func `begins again when a counter falls, or the Front is younger than before`() {
        var fallen = Story()
        for _ in 0..<3 { _ = fallen.look(requests: 100) }
        #expect(fallen.look(requests: 0) != .proved)
        #expect(fallen.looksToProve(requests: 0) == 3)

        var young = Story()
        for uptime in 7...9 { _ = young.look(requests: 0, uptime: uptime) }
        #expect(young.look(requests: 0, uptime: 1) != .proved)
    }

    @Test func `does not count a Front that does not answer as in or out`() {
        var story = Story()
        for _ in 0..<3 { _ = story.look() }
        let silent = story.look(.unknown(front: "edge", why: "refused"))
        #expect(silent == .notOut("edge, which does not answer: refused"))
        #expect(story.looksToProve() == 4)
    }

    @Test func `waits for every cluster to leave the host out`() {
        var story = Story()
        #expect(story.look([]) == .notOut("edge to leave east-1 out of app1"))
        // An outlier comes back by itself: it is not out.
        #expect(story.look(.failedOutlier) == .notOut("edge to leave east-1 out of app1"))
        #expect(
            story.look(host: "another")
                == .notOut("edge, whose cluster app1 no longer holds east-1")
        )
    }

    @Test func `counts what is open, and says so`() {
        var story = Story()
        #expect(story.look(active: 3) == .notSilent("3 streams on east-1", open: 3))
        #expect(story.look(active: 1) == .notSilent("1 stream on east-1", open: 1))
        #expect(story.looksToProve() == 4)
    }

    @Test func `hears the sidecar, whose users need not come through a Front`() {
        var story = Story()
        let open = story.look(sidecar: .seen(open: 2, arrived: 10))
        #expect(open == .notSilent("2 streams on east-1", open: 2))
        for _ in 0..<3 { _ = story.look(sidecar: .seen(open: 0, arrived: 10)) }
        #expect(story.look(sidecar: .seen(open: 0, arrived: 11)) != .proved)
        // A probe that the sidecar answered by itself makes the difference fall: no request.
        for _ in 0..<2 { _ = story.look(sidecar: .seen(open: 0, arrived: 9)) }
        #expect(story.look(sidecar: .seen(open: 0, arrived: 8)) == .proved)
    }

    @Test func `waits for a sidecar that was measured and is silent`() {
        var story = Story()
        for _ in 0..<3 { _ = story.look() }
        #expect(story.look(sidecar: .unknown(why: "gone")) != .proved)
        #expect(story.looksToProve() == 4)
    }

    @Test func `counts stillness from the end of one look to the begin of another`() {
        var story = Story()
        let fleet = FleetView([
            .seen(
                FrontView(
                    name: "edge",
                    clusters: [
                        ClusterView(
                            name: "app1",
                            hosts: [HostView(address: "h1", flags: .failedActive)]
                        )
                    ]
                )
            )
        ])
        let began = story.now
        // A look that took long may have been made at its very end.
        _ = story.proof.record(fleet, .unmeasured, from: began, to: began + .seconds(2))
        let next = began + .seconds(3)
        #expect(story.proof.record(fleet, .unmeasured, from: next, to: next) != .proved)
        let last = began + .milliseconds(3250)
        #expect(story.proof.record(fleet, .unmeasured, from: last, to: last) == .proved)
    }
}
