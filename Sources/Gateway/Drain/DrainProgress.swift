import Health
import Loop

/// How far a drain is: who was told, and what is still under way.
@EventLoop
struct DrainProgress {
    let isDrained: Bool
    /// Live edge checkers, and those of them whose last answer did not say so.
    let edges: [EdgeTable.Row]
    let untold: [EdgeTable.Row]
    /// nil: no sidecar to ask, or it does not answer.
    let inFlight: Sidecar.InFlight?
    let hasSidecar: Bool
    /// Too young to know who polls: nobody has yet, and an edge may be about to.
    let isYoung: Bool

    static func now(of gateway: RunningGateway) async -> DrainProgress {
        let inFlight = await gateway.sidecar?.inFlight()
        let now = Instant.now
        let drain = gateway.health.drainNumber
        let edges = gateway.port.edges
        return DrainProgress(
            isDrained: drain != 0,
            edges: edges.checkers.filter { !$0.isGone(at: now) },
            untold: edges.untold(of: drain, at: now),
            inFlight: inFlight,
            hasSidecar: gateway.sidecar != nil,
            isYoung: edges.checkers.isEmpty && now - gateway.started < .seconds(3)
        )
    }

    var isTold: Bool { isDrained && untold.isEmpty }

    /// Whether what serves here may be stopped. Without a sidecar nobody knows what is in flight:
    /// the word then rests on the edges alone.
    var isSafe: Bool { isTold && !isYoung && (inFlight?.requests == 0 || !hasSidecar) }

    /// Whether a stop need not wait any longer: a sidecar that does not answer carries nothing.
    var isOver: Bool { isTold && (inFlight?.requests ?? 0) == 0 }

    /// What is missing, in words; empty: nothing.
    var left: [String] {
        var left = untold.map { row in
            "edge \(row.identity.name ?? "unnamed") \(row.identity.authority) was not told yet"
        }
        if !isDrained { left.append("the host is not drained") }
        if isYoung { left.append("just started: who polls is not known yet") }
        if let inFlight {
            if inFlight.requests > 0 { left.append("\(inFlight.requests) in flight") }
        } else if hasSidecar {
            left.append("the sidecar does not say what is in flight")
        }
        return left
    }

    /// Looks until it is so, twice in a row, or the time is over.
    static func wait(
        for gateway: RunningGateway,
        until deadline: Instant,
        _ isSo: (DrainProgress) -> Bool = { $0.isSafe }
    ) async -> DrainProgress {
        var calm = 0
        while true {
            let progress = await now(of: gateway)
            calm = isSo(progress) ? calm + 1 : 0
            if calm == 2 || Instant.now >= deadline { return progress }
            let pause = min(Duration.milliseconds(100), max(deadline - .now, .zero))
            guard (try? await EventLoop.sleep(for: pause)) != nil else { return progress }
        }
    }
}
