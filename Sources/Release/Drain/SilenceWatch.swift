package import Loop

/// Looks at the Fronts and the sidecar again and again until a drained host is proved silent.
@EventLoop
package struct SilenceWatch {
    let host: HostPassage
    let session: ReleaseSession
    let step: StepName
    /// Whether another host's loss ends the watch: not while a failure is being cleared up.
    var minds = true
    /// Whether the gateway is asked; it may be down with its containers.
    var asksGateway = true

    package struct Ending: Hashable, Sendable {
        package var took: Duration
        /// Streams still open at the limit, which the stop will cut because the plan says so.
        package var cut = 0
    }

    package func untilSilent() async throws -> Ending {
        let settings = session.settings(of: host.name)
        var proof = SilenceProof(
            host: host.name,
            address: host.address,
            places: session.places[host.name] ?? [:],
            mergeWindow: settings.map(\.mergeWindow).max() ?? .seconds(1),
            quietFor: session.plan.drain.quietFor
        )
        let clock = session.clock
        let began = clock.now
        var out: Instant?
        while true {
            let before = clock.now
            let fleet = await session.world.look()
            let sidecar = await sidecar()
            let now = clock.now
            if minds { try host.failIfLost(in: fleet, at: now) }
            switch proof.record(fleet, sidecar, from: before, to: now) {
            case .proved: return Ending(took: now - began)
            case .notOut(let reason):
                out = nil
                try await wait(reason, since: began, limit: exclusionLimit(settings), fleet)
            case .notSilent(let reason, let open):
                let since = out ?? now
                out = since
                let limit = session.plan.drain.streamsWithin
                if open > 0, now - since >= limit, session.plan.drain.onTimeout == .cut {
                    return Ending(took: now - began, cut: open)
                }
                // Silence itself needs its time after the last stream has ended.
                let grace = open > 0 ? Duration.zero : .seconds(10) + session.plan.drain.quietFor
                try await wait(reason, since: since, limit: limit + grace, fleet)
            }
        }
    }

    private func wait(
        _ reason: String,
        since: Instant,
        limit: Duration,
        _ fleet: FleetView
    ) async throws {
        let elapsed = session.clock.now - since
        guard elapsed < limit else {
            throw StepFailure(
                "after \(limit.words) still waiting for \(reason)",
                evidence: fleet.faults(of: host.address)
            )
        }
        session.tell(
            .waiting(host: host.name, step, reason: reason, elapsed: elapsed, limit: limit)
        )
        try await session.clock.pause(session.period)
    }

    private func exclusionLimit(_ settings: [ClusterSettings]) -> Duration {
        session.plan.drain.excludeWithin
            ?? (settings.map(\.exclusionLimit).max() ?? .seconds(60)) + .seconds(5)
    }

    private func sidecar() async -> SilenceProof.Sidecar {
        guard asksGateway, let gateway = try? session.world.gateway(of: host.name) else {
            return .unmeasured
        }
        do throws(GatewayError) {
            let status = try await gateway.status(until: session.clock.now + .seconds(2))
            guard status.inflight.known else {
                return host.sidecarMeasured ? .unknown(why: "its sidecar is silent") : .unmeasured
            }
            host.sidecarMeasured = true
            return .seen(open: status.inflight.requests ?? 0, arrived: status.inflight.total)
        } catch {
            return .unknown(why: "\(error)")
        }
    }
}
