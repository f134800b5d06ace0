package import Loop

/// Proves that nothing reaches a drained host any more, by counters that stand still and never by
/// a flag alone.
///
/// A Front's flag shows at once, while its workers may go on choosing the host for the update
/// merge window: so its `rq_total` must not move, with nothing open, for longer than that. A Front
/// that does not answer shows nothing; one that restarted counts from zero, and both restart the
/// proof.
package struct SilenceProof: Sendable {
    /// What the sidecar of the drained host counts in its app clusters.
    package enum Sidecar: Hashable, Sendable {
        /// The gateway has no sidecar to ask: the Fronts decide alone.
        case unmeasured
        case unknown(why: String)
        /// Open requests, and all that ever came; both less the gateway's own probes.
        case seen(open: Int, arrived: Int?)
    }

    package enum Progress: Hashable, Sendable {
        /// A Front does not show the host out, or shows nothing.
        case notOut(String)
        /// Out everywhere; not yet silent.
        case notSilent(String, open: Int)
        case proved
    }

    private let host: String
    private let address: String
    /// The clusters of each Front that hold the host.
    private let places: [String: Set<String>]
    private let stillFor: Duration

    private var since: Instant?
    private var counts: [String: Count] = [:]
    private var arrived: Int?

    fileprivate struct Count: Hashable {
        var uptime: Int?
        var requests: [String: Int]
    }

    /// - Parameter mergeWindow: the longest of any of the clusters.
    package init(
        host: String,
        address: String,
        places: [String: Set<String>],
        mergeWindow: Duration,
        quietFor: Duration
    ) {
        self.host = host
        self.address = address
        self.places = places
        // Longer than the window, not as long: the last choice may fall on its very end.
        stillFor = max(quietFor, mergeWindow + .milliseconds(250))
    }

    /// Takes a look at everything, made at some moment between `began` and `ended`: stillness counts
    /// from the end of one look to the begin of another.
    package mutating func record(
        _ fleet: FleetView,
        _ sidecar: Sidecar,
        from began: Instant,
        to ended: Instant
    ) -> Progress {
        var open = 0
        var moved = false
        var notOut: String?
        for reading in fleet.fronts {
            guard let clusters = places[reading.name], !clusters.isEmpty else { continue }
            switch look(at: reading, clusters) {
            case .unseen(let why): notOut = notOut ?? why
            case .seen(let count, let active):
                open += active
                if counts[reading.name]?.isContinued(by: count) != true { moved = true }
                counts[reading.name] = count
            }
        }
        if let notOut {
            since = nil
            return .notOut(notOut)
        }
        return judge(open: open, moved: moved, sidecar, from: began, to: ended)
    }

    private mutating func judge(
        open: Int,
        moved: Bool,
        _ sidecar: Sidecar,
        from began: Instant,
        to ended: Instant
    ) -> Progress {
        var open = open
        var moved = moved
        switch sidecar {
        case .unmeasured: break
        case .unknown(let why):
            since = nil
            return .notSilent("\(host)'s gateway, which does not answer: \(why)", open: open)
        case .seen(let active, let total):
            open = max(open, active)
            if let total {
                // Growth alone: a probe that the sidecar answered itself was sent, and never came.
                if let arrived, total > arrived { moved = true }
                arrived = total
            }
        }
        if open > 0 {
            since = nil
            return .notSilent("\(open) \(open == 1 ? "stream" : "streams") on \(host)", open: open)
        }
        guard let since, !moved else {
            self.since = ended
            return .notSilent("silence on \(host)", open: 0)
        }
        return began - since >= stillFor ? .proved : .notSilent("silence on \(host)", open: 0)
    }

    private enum Look {
        case unseen(String)
        case seen(Count, active: Int)
    }

    private func look(at reading: FrontReading, _ clusters: Set<String>) -> Look {
        guard let view = reading.view else {
            if case .unknown(let front, let why) = reading {
                return .unseen("\(front), which does not answer: \(why)")
            }
            return .unseen(reading.name)
        }
        let found = view.places(of: address)
        var count = Count(uptime: view.uptime, requests: [:])
        var active = 0
        for name in clusters.union(found.keys).sorted() {
            guard let place = found[name] else {
                return .unseen("\(view.name), whose cluster \(name) no longer holds \(host)")
            }
            guard place.isOut else {
                return .unseen("\(view.name) to leave \(host) out of \(name)")
            }
            count.requests[name] = place.counters.requests
            active += place.counters.active
        }
        return .seen(count, active: active)
    }
}

extension SilenceProof.Count {
    /// Whether the same process counted nothing in between.
    fileprivate func isContinued(by next: Self) -> Bool {
        if let uptime, let later = next.uptime, later < uptime { return false }
        return requests == next.requests
    }
}
