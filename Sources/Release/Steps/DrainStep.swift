package import Loop

/// Fails the host's health check, and goes on only when every Front is seen to leave it alone.
@EventLoop
package struct DrainStep: Step {
    package let name = StepName.drain

    package init() {}

    package func run(
        _ host: HostPassage,
        in session: ReleaseSession
    ) async throws -> StepResult {
        try await session.confirmLease(excused: host)
        try await session.journal(.drain, host)
        host.isHeld = true
        let asksGateway = try await hold(host, session)
        let watch = SilenceWatch(
            host: host,
            session: session,
            step: name,
            asksGateway: asksGateway
        )
        let ending = try await watch.untilSilent()
        host.drainProved = true
        host.cut = ending.cut
        if ending.cut > 0 {
            session.tell(.warning("\(count(ending.cut, "stream")) on \(host.name) will be cut"))
            return .done("\(count(ending.cut, "stream")) left at the limit, to be cut")
        }
        let how = host.sidecarMeasured ? "" : "; the Fronts decide, its sidecar is not measured"
        return .done("silent after \(ending.took.words)\(how)")
    }

    /// - Returns: whether the gateway answered.
    private func hold(_ host: HostPassage, _ session: ReleaseSession) async throws -> Bool {
        let gateway = try session.world.gateway(of: host.name)
        do throws(GatewayError) {
            _ = try await gateway.drain(session.hold, until: session.clock.now + .seconds(10))
            return true
        } catch {
            if case .superseded(let holder, _) = error { throw LeaseLost(holder) }
            // A release that is resumed after its containers were stopped: the gateway may be
            // among them, and the Fronts say whether the host is out.
            if case .unreachable = error, host.wasOut { return false }
            throw StepFailure("\(host.name) cannot be drained: \(error)")
        }
    }
}

extension ReleaseSession {
    /// Our hold on a host.
    var hold: HoldRequest {
        HoldRequest(owner: release, reason: "release of \(version)", epoch: epoch)
    }
}
