/// Judges the first requests that a host gets after it came back, from the Fronts' counters.
package struct FirstRequests: Sendable {
    package enum Verdict: Hashable, Sendable {
        /// At least one was answered without error in each cluster that has traffic.
        case fine(String)
        case waiting(String)
        case failing(String)
    }

    private struct Place: Hashable {
        var front: String
        var cluster: String
    }

    private struct Counts {
        var own: HostCounters
        var others: Int
        var othersErrors: Int
    }

    private let address: String
    private var begin: [Place: Counts] = [:]

    package init(address: String) {
        self.address = address
    }

    /// Takes a look; the first is what the others are compared with.
    package mutating func record(_ fleet: FleetView) -> Verdict {
        var verdict = Verdict.fine("no traffic")
        var idle: [String] = []
        for view in fleet.views {
            for cluster in view.clusters {
                guard let own = cluster.host(at: address) else { continue }
                let others = cluster.hosts.filter { $0.address != address }
                let now = Counts(
                    own: own.counters,
                    others: others.reduce(0) { $0 + $1.counters.requests },
                    othersErrors: others.reduce(0) { $0 + $1.counters.errors }
                )
                let place = Place(front: view.name, cluster: cluster.name)
                guard let then = begin[place], now.own.requests >= then.own.requests,
                    now.others >= then.others
                else {
                    // The first look, or a Front that restarted.
                    begin[place] = now
                    continue
                }
                let name = "\(cluster.name) at \(view.name)"
                let word = judge(now, then, name, among: cluster.hosts.count)
                if word == .fine("no traffic") { idle.append(name) }
                verdict.merge(word)
            }
        }
        // A cluster that nobody calls proves nothing, whatever the others do.
        if case .fine(let note) = verdict, note != "no traffic", !idle.isEmpty {
            return .fine("\(note), no traffic in \(idle.joined(separator: ", "))")
        }
        return verdict
    }

    private func judge(_ now: Counts, _ then: Counts, _ name: String, among hosts: Int) -> Verdict {
        let good = now.own.successes - then.own.successes
        let bad = now.own.errors - then.own.errors
        let others = now.others - then.others
        let othersBad = max(0, now.othersErrors - then.othersErrors)
        // Far worse than the others, who answer the same users: ten in a hundred at least, and
        // twice their share. What apps refuse everywhere is no fault of this host.
        if good > 0, bad >= 5, bad * 10 >= good + bad, bad * others > 2 * othersBad * (good + bad) {
            return .failing(
                "\(bad) of the first \(good + bad) requests of \(name) failed, "
                    + "at the others \(othersBad) of \(others)"
            )
        }
        if good > 0 { return .fine("first requests fine") }
        if bad >= 10 { return .failing("each of the first \(bad) requests of \(name) failed") }
        if bad > 0 { return .waiting("a request of \(name) without error") }
        // With so much traffic at the others it would have got some by now.
        let much = others >= 5 * hosts
        return much ? .waiting("the first request of \(name)") : .fine("no traffic")
    }
}

extension FirstRequests.Verdict {
    /// The worse of two; of two fine ones the one that saw requests.
    fileprivate mutating func merge(_ other: Self) {
        switch (self, other) {
        case (.failing, _): return
        case (_, .failing): self = other
        case (.waiting, _): return
        case (_, .waiting): self = other
        case (.fine(let mine), .fine): if mine == "no traffic" { self = other }
        }
    }
}
