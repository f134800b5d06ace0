package import Loop

/// Judges whether the rest can do without this host.
@EventLoop
package struct GuardStep: Step {
    package let name = StepName.guard

    package init() {}

    package func run(
        _ host: HostPassage,
        in session: ReleaseSession
    ) async throws -> StepResult {
        await session.learnConfigs()
        let fleet = try await settledFleet(host, session)
        session.learnPlaces(from: fleet)
        let all = session.world.guardHosts
        guard let own = all.first(where: { $0.name == host.name }) else {
            throw StepFailure("\(host.name) is not in the plan")
        }
        let verdict = Guard(
            hosts: all,
            minAvailable: session.plan.minAvailable,
            configs: session.configs
        ).judge(draining: own, in: fleet)
        host.watch(all.filter { verdict.left.contains($0.name) })
        for warning in verdict.warnings { session.tell(.warning(warning)) }
        if host.wasOut, fleet.serves(host.address) != true {
            return .skipped("it is out already")
        }
        guard verdict.allows else {
            throw StepFailure(
                verdict.refusals[0],
                evidence: Array(verdict.refusals.dropFirst())
            )
        }
        return .done("\(verdict.left.count) others serve")
    }

    /// A Front that does not answer is waited for; it is neither for nor against.
    private func settledFleet(
        _ host: HostPassage,
        _ session: ReleaseSession
    ) async throws -> FleetView {
        let began = session.clock.now
        let limit = Duration.seconds(15)
        while true {
            let fleet = await session.world.look()
            let elapsed = session.clock.now - began
            if fleet.unknown.isEmpty || elapsed >= limit { return fleet }
            session.tell(
                .waiting(
                    host: host.name,
                    name,
                    reason: fleet.unknown.joined(separator: "; "),
                    elapsed: elapsed,
                    limit: limit
                )
            )
            try await session.clock.pause(session.period)
        }
    }
}
