import Release
import Testing

@Suite
struct `The first requests of a host that is back` {
    private func fleet(
        own: Int,
        good: Int,
        bad: Int,
        others: Int,
        othersBad: Int = 0
    ) -> FleetView {
        var mine = HostCounters()
        mine.requests = own
        mine.successes = good
        mine.errors = bad
        var theirs = HostCounters()
        theirs.requests = others
        theirs.errors = othersBad
        let hosts = [
            HostView(address: "h1", counters: mine), HostView(address: "h2", counters: theirs),
        ]
        return FleetView([
            .seen(FrontView(name: "edge", clusters: [ClusterView(name: "app1", hosts: hosts)]))
        ])
    }

    private func verdict(
        own: Int,
        good: Int,
        bad: Int,
        others: Int,
        othersBad: Int = 0
    ) -> FirstRequests.Verdict {
        var requests = FirstRequests(address: "h1")
        _ = requests.record(fleet(own: 50, good: 50, bad: 0, others: 50))
        return requests.record(
            fleet(
                own: 50 + own,
                good: 50 + good,
                bad: bad,
                others: 50 + others,
                othersBad: othersBad
            )
        )
    }

    @Test func `are fine once one was answered without error`() {
        #expect(verdict(own: 3, good: 1, bad: 2, others: 3) == .fine("first requests fine"))
    }

    @Test func `are waited for where others get some`() {
        #expect(
            verdict(own: 0, good: 0, bad: 0, others: 10)
                == .waiting("the first request of app1 at edge")
        )
        #expect(
            verdict(own: 1, good: 0, bad: 1, others: 10)
                == .waiting("a request of app1 at edge without error")
        )
    }

    @Test func `are not waited for where there is no traffic`() {
        #expect(verdict(own: 0, good: 0, bad: 0, others: 2) == .fine("no traffic"))
    }

    @Test func `are told apart from a cluster that has none`() {
        func fleet(good: Int) -> FleetView {
            var busy = HostCounters()
            busy.requests = good
            busy.successes = good
            let clusters = [("app1", busy), ("app2", HostCounters())].map { name, counters in
                ClusterView(
                    name: name,
                    hosts: ["h1", "h2"].map { HostView(address: $0, counters: counters) }
                )
            }
            return FleetView([.seen(FrontView(name: "edge", clusters: clusters))])
        }
        var requests = FirstRequests(address: "h1")
        _ = requests.record(fleet(good: 50))
        #expect(
            requests.record(fleet(good: 60))
                == .fine("first requests fine, no traffic in app2 at edge")
        )
    }

    @Test func `fail the host when every one of them does`() {
        #expect(
            verdict(own: 10, good: 0, bad: 10, others: 10)
                == .failing("each of the first 10 requests of app1 at edge failed")
        )
    }

    @Test func `fail the host when far more of them do than at the others`() {
        #expect(
            verdict(own: 50, good: 42, bad: 8, others: 100)
                == .failing(
                    "8 of the first 50 requests of app1 at edge failed, at the others 0 of 100"
                )
        )
        // The same share everywhere is what the apps answer, and not this host's fault.
        #expect(
            verdict(own: 50, good: 42, bad: 8, others: 100, othersBad: 15)
                == .fine("first requests fine")
        )
    }

    @Test func `are counted anew after the Front restarted`() {
        var requests = FirstRequests(address: "h1")
        _ = requests.record(fleet(own: 50, good: 50, bad: 0, others: 50))
        #expect(
            requests.record(fleet(own: 0, good: 0, bad: 0, others: 0)) == .fine("no traffic")
        )
        #expect(
            requests.record(fleet(own: 1, good: 1, bad: 0, others: 1))
                == .fine("first requests fine")
        )
    }
}
