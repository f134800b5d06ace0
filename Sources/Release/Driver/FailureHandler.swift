package import Loop

/// Brings a host whose step failed to a known state, and checks that it is in it.
@EventLoop
package struct FailureHandler {
    let session: ReleaseSession

    package init(_ session: ReleaseSession) {
        self.session = session
    }

    package func respond(
        to step: StepName,
        of host: HostPassage
    ) async throws -> HostOutcome {
        let response = FailureResponse.to(
            failed: step,
            drainProved: host.drainProved,
            isHeld: host.isHeld,
            oldRuns: host.oldRuns,
            early: session.plan.onEarlyFailure,
            late: session.plan.onFailure
        )
        do {
            switch response {
            case .nothing: return .untouched
            case .restore: return try await restore(host, step)
            case .stop: return try await stop(host, step)
            case .drainAndStop: return try await drainAndStop(host, step)
            case .hold: return .held
            }
        } catch let failure as StepFailure {
            session.tell(.warning("\(host.name): \(failure)"))
            return .unclear("\(failure)")
        }
    }

    /// The old version is untouched: our hold is taken back, and every Front must be seen to use
    /// the host again. Nothing is stopped, whatever comes of it.
    package func restore(_ host: HostPassage, _ step: StepName) async throws -> HostOutcome {
        try await session.journal(.undrain, host)
        host.heldBy = try await session.takeHoldBack(from: host)
        guard host.heldBy.isEmpty else { return .held }
        let back = ReturnWatch(host: host, session: session, step: step)
        _ = try await back.untilServing(judgesRequests: false)
        return .restored
    }

    /// Stops the containers; then none may run, and no Front may send there.
    package func stop(_ host: HostPassage, _ step: StepName) async throws -> HostOutcome {
        try await session.stopContainers(of: host, step)
        try await untilExcluded(host, step)
        return .stopped
    }

    /// The new version may have users' requests: none of them may be cut.
    private func drainAndStop(_ host: HostPassage, _ step: StepName) async throws -> HostOutcome {
        try await session.confirmLease()
        try await session.journal(.drain, host)
        host.isHeld = true
        let gateway = try session.world.gateway(of: host.name)
        do throws(GatewayError) {
            let deadline = session.clock.now + .seconds(10)
            _ = try await gateway.drain(session.hold, until: deadline)
        } catch {
            if case .superseded(let holder, _) = error { throw LeaseLost(holder) }
            throw StepFailure("it cannot be drained again, and nothing was stopped: \(error)")
        }
        let watch = SilenceWatch(host: host, session: session, step: step, minds: false)
        do {
            _ = try await watch.untilSilent()
        } catch let failure as StepFailure {
            throw StepFailure("its silence cannot be proved, and nothing was stopped: \(failure)")
        }
        return try await stop(host, step)
    }

    /// The gateway may have been stopped as well, so that the Fronts count to their thresholds.
    private func untilExcluded(_ host: HostPassage, _ step: StepName) async throws {
        let clock = session.clock
        let limit =
            (session.settings(of: host.name).map(\.exclusionLimit).max() ?? .seconds(60))
            + .seconds(30)
        let began = clock.now
        while true {
            let fleet = await session.world.look()
            let places = fleet.views.flatMap { view in
                view.places(of: host.address).filter { $0.value.serves }
                    .map { "\(view.name) still sends to \(host.name) in \($0.key)" }
            }
            let open = places + fleet.unknown
            if open.isEmpty { return }
            let elapsed = clock.now - began
            guard elapsed < limit else {
                throw StepFailure("stopped, but \(open.joined(separator: "; "))")
            }
            let reason = "every Front to leave it out"
            session.tell(
                .waiting(host: host.name, step, reason: reason, elapsed: elapsed, limit: limit)
            )
            try await clock.pause(session.period)
        }
    }
}
