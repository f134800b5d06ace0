package import Loop

/// Takes our hold away, and waits until every Front sends the host requests again, and they are
/// answered.
@EventLoop
package struct UndrainStep: Step {
    package let name = StepName.undrain

    package init() {}

    package func run(
        _ host: HostPassage,
        in session: ReleaseSession
    ) async throws -> StepResult {
        try await session.confirmLease()
        try await session.journal(.undrain, host)
        host.heldBy = try await session.takeHoldBack(from: host)
        if !host.heldBy.isEmpty {
            return .done("still held by \(host.heldBy.joined(separator: ", "))")
        }
        let back = ReturnWatch(host: host, session: session, step: name)
        return .done(try await back.untilServing(judgesRequests: true))
    }
}

extension ReleaseSession {
    /// - Returns: the owners of the holds that are left.
    func takeHoldBack(from host: HostPassage) async throws -> [String] {
        let gateway = try world.gateway(of: host.name)
        let deadline = clock.now + .seconds(10)
        while true {
            do throws(GatewayError) {
                let state = try await gateway.undrain(
                    owner: release,
                    epoch: epoch,
                    until: clock.now + .seconds(5)
                )
                host.isHeld = false
                return state.holds.map(\.owner).filter { $0 != release }
            } catch {
                if case .superseded(let holder, _) = error { throw LeaseLost(holder) }
                guard case .unreachable = error, clock.now < deadline else {
                    throw StepFailure("the hold on \(host.name) cannot be taken back: \(error)")
                }
            }
            try await clock.pause(period)
        }
    }
}

/// Waits until a host serves at every Front, in every cluster that holds it, and goes on to.
@EventLoop
struct ReturnWatch {
    let host: HostPassage
    let session: ReleaseSession
    let step: StepName

    /// - Returns: what was seen of the first requests.
    func untilServing(judgesRequests: Bool) async throws -> String {
        let clock = session.clock
        let settings = session.settings(of: host.name)
        let returns = (settings.map(\.returnLimit).max() ?? .seconds(120)) + .seconds(5)
        // An idle cluster of a Front with long intervals takes its time, and is no failure.
        let limit = max(session.plan.health.deadline, returns)
        // Without a hold too the first requests are looked at: it takes a moment to see any.
        let hold = judgesRequests ? max(session.plan.health.hold, .seconds(1)) : .zero
        let began = clock.now
        var since: Instant?
        var requests = FirstRequests(address: host.address)
        var first = FirstRequests.Verdict.fine("")
        while true {
            let fleet = await session.world.look()
            let now = clock.now
            var reason = missing(in: fleet)
            if reason == nil {
                let start = since ?? now
                since = start
                first = requests.record(fleet)
                if case .failing(let why) = first, judgesRequests { throw StepFailure(why) }
                if now - start >= hold {
                    if !judgesRequests { return "back after \((now - began).words)" }
                    if case .fine(let note) = first {
                        return "back after \((start - began).words), \(note)"
                    }
                    if case .waiting(let why) = first { reason = why }
                } else {
                    reason = "\(host.name) to stay in rotation for \(hold.words)"
                }
            } else {
                since = nil
            }
            guard now - began < limit else {
                throw StepFailure(
                    "after \(limit.words) still waiting for \(reason ?? "")",
                    evidence: fleet.faults(of: host.address) + fleet.unknown
                )
            }
            session.tell(
                .waiting(
                    host: host.name,
                    step,
                    reason: reason ?? "",
                    elapsed: now - began,
                    limit: limit
                )
            )
            try await clock.pause(session.period)
        }
    }

    private func missing(in fleet: FleetView) -> String? {
        if let unknown = fleet.unknown.first { return unknown }
        for view in fleet.views {
            let found = view.places(of: host.address)
            let expected = session.places[host.name]?[view.name] ?? []
            for cluster in expected.union(found.keys).sorted()
            where found[cluster]?.serves != true {
                return "\(view.name) to take \(host.name) back into \(cluster)"
            }
        }
        return nil
    }
}
