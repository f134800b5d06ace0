package import Loop

/// Where a release stands, from the gateways, the Fronts, the hosts and the journal. Only looks.
@EventLoop
package struct StatusText {
    let world: ReleaseWorld

    package init(_ world: ReleaseWorld) {
        self.world = world
    }

    package func lines() async -> [String] {
        let clock = world.clock
        let survey = await LeaseKeeper.survey(world.gateways, until: clock.now + .seconds(5))
        var lines: [String]
        if let lease = survey.leading {
            let state = lease.live == true ? "is running" : "is not running, and has not ended"
            lines = ["\(lease.words), \(state)"]
            if lease.plan != world.plan.fingerprint {
                lines.append("  it began with another plan than this one")
            }
            if lease.live != true { lines.append("  next: healthgate release resume or abort") }
        } else {
            lines = ["no release is under way"]
        }
        lines += survey.unreachable.map { "  \($0)" }
        let fleet = await world.look()
        let history = try? await world.journal.history().last
        for host in world.plan.hosts {
            lines += await self.lines(of: host, fleet, history?.hosts[host.name])
        }
        lines += fleet.unknown.map { "Front \($0)" }
        if let history {
            let end = history.end ?? "not ended"
            lines.append(
                "journal: \(history.id) (\(history.version)), begun \(history.begun): \(end)"
            )
        }
        return lines
    }

    private func lines(
        of host: PlanConfiguration.Host,
        _ fleet: FleetView,
        _ noted: JournalHistory.Host?
    ) async -> [String] {
        let address = host.address.description
        let traffic: String
        switch fleet.serves(address) {
        case true?: traffic = "serves"
        case false?: traffic = "out: \(fleet.faults(of: address).joined(separator: ", "))"
        case nil: traffic = "in no cluster of any Front that answers"
        }
        var lines = ["\(host.name): \(traffic)"]
        do {
            let status = try await world.gateway(of: host.name)
                .status(until: world.clock.now + .seconds(5))
            lines.append("  verdict \(status.verdict), behind the holds \(status.behind)")
            lines += status.holds.map { "  held by \($0.owner) since \($0.since ?? "?")" }
        } catch {
            lines.append("  \(error)")
        }
        do {
            lines.append("  runs \(try await world.runtime(of: host.name).running())")
        } catch {
            lines.append("  \(error)")
        }
        if let noted {
            let last = noted.outcome ?? noted.lastAction.map { "\($0.rawValue) begun" } ?? "noted"
            lines.append("  journal: \(last)")
        }
        return lines
    }
}
