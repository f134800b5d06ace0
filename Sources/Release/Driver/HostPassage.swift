package import Loop

/// One host on its way through the steps, and what they found out about it.
@EventLoop
package final class HostPassage {
    package let host: PlanConfiguration.Host
    /// It was drained by us when we came: a resumed release.
    package var wasOut = false
    /// The world shows the new version running behind the drain: a resumed release.
    package var runsAlready = false
    /// The old version is whole: a failure before it is stopped may give it back to users.
    package var oldRuns = true
    package var drainProved = false
    /// Our hold is on it, or may be.
    package var isHeld = false
    /// Its containers are stopped, the gateway maybe with them.
    package var isDown = false
    /// Whether the gateway could tell what is in flight at the sidecar.
    package var sidecarMeasured = false
    package var heldBy: [String] = []
    /// Streams that the drain's limit cut, if that was asked for.
    package var cut = 0

    /// The hosts that served when this one was taken.
    private var others: [Guard.Host] = []
    private var missingSince: [String: Instant] = [:]
    /// Another host's loss must last so long to count: a Front that just started marks all.
    private static let lossLasts: Duration = .seconds(2)

    package init(_ host: PlanConfiguration.Host) {
        self.host = host
    }

    package var name: String { host.name }
    /// As Envoy writes it.
    package var address: String { host.address.description }

    /// From now on these must go on serving.
    package func watch(_ others: [Guard.Host]) {
        self.others = others
        missingSince = [:]
    }

    /// The watched hosts that do not serve any more, and for long enough.
    package func lost(in fleet: FleetView, at now: Instant) -> [String] {
        others.filter { other in
            guard fleet.serves(other.address) == false else {
                missingSince[other.name] = nil
                return false
            }
            let since = missingSince[other.name] ?? now
            missingSince[other.name] = since
            return now - since >= HostPassage.lossLasts
        }.map(\.name)
    }

    /// Whether some watched host is missing, maybe not for long enough yet.
    package var misses: Bool { !missingSince.isEmpty }
}

extension ReleaseSession {
    /// A drained host must stay out until we take the hold away: one that comes back before has an
    /// untested version, or a gateway that says yes too early.
    package func requireOut(_ host: HostPassage) async throws {
        let fleet = await world.look()
        let places = fleet.views.flatMap { view in
            view.places(of: host.address).filter { $0.value.serves }
                .map { "\($0.key) at \(view.name)" }
        }
        if places.isEmpty { return }
        throw StepFailure(
            "\(host.name) is back in rotation though it is drained (\(places.sorted()[0]))",
            evidence: places.sorted()
        )
    }
}

extension HostPassage {
    /// Looks at the others once more before an action that there is no way back from.
    package func requireOthers(in session: ReleaseSession) async throws {
        while true {
            let fleet = await session.world.look()
            try failIfLost(in: fleet, at: session.clock.now)
            if !misses { return }
            try await session.clock.pause(session.period)
        }
    }

    package func failIfLost(in fleet: FleetView, at now: Instant) throws {
        let lost = lost(in: fleet, at: now)
        if lost.isEmpty { return }
        let addresses = Dictionary(
            others.map { ($0.name, $0.address) },
            uniquingKeysWith: { first, _ in first }
        )
        let evidence = lost.flatMap { name in
            fleet.faults(of: addresses[name] ?? "").map { "\(name): \($0)" }
        }
        let names = lost.joined(separator: ", ")
        throw StepFailure("\(names) was lost while \(name) is out", evidence: evidence, lost: lost)
    }
}
