package import Loop

/// Holds the lease on every gateway of the plan, renews it, and asks whether it still stands.
@EventLoop
package final class LeaseKeeper {
    package static let ttl: Duration = .seconds(15)
    static let period: Duration = .seconds(5)

    package private(set) var lease: Lease
    /// Set once a gateway refused us for somebody else; nothing may be done any more.
    package private(set) var lost: LeaseLost?
    /// Called once when the lease is lost while it is renewed.
    package var onLoss: (@EventLoop () -> Void)?

    private let gateways: [(host: String, gateway: any HostGateway)]
    private let clock: any ReleaseClock
    private var beat: Task<Void, any Error>?

    package init(
        _ lease: Lease,
        gateways: [(host: String, gateway: any HostGateway)],
        clock: any ReleaseClock
    ) {
        self.lease = lease
        self.gateways = gateways
        self.clock = clock
    }

    isolated deinit { beat?.cancel() }

    /// Asks every gateway at once.
    package static func survey(
        _ gateways: [(host: String, gateway: any HostGateway)],
        until deadline: Instant
    ) async -> LeaseSurvey {
        let asked = gateways.map { host, gateway in
            (host, EventLoop.task { await answer(of: gateway, until: deadline) })
        }
        var answers: [String: LeaseSurvey.Answer] = [:]
        for (host, answer) in asked {
            answers[host] = (try? await answer.value) ?? .unreachable("interrupted")
        }
        return LeaseSurvey(answers)
    }

    private static func answer(
        of gateway: any HostGateway,
        until deadline: Instant
    ) async -> LeaseSurvey.Answer {
        do throws(GatewayError) {
            return try await gateway.lease(until: deadline).map { .held($0) } ?? .free
        } catch {
            return .unreachable("\(error)")
        }
    }

    /// Takes the lock on every gateway, in the plan's order so that of two releases one wins all;
    /// gives back what it took when one refuses.
    package func take() async throws {
        for (index, (host, gateway)) in gateways.enumerated() {
            do throws(GatewayError) {
                try await gateway.put(stamped(), until: clock.now + .seconds(5))
            } catch {
                for (_, earlier) in gateways[..<index] { await drop(earlier) }
                if case .superseded(let holder, _) = error { throw LeaseLost(holder) }
                throw StepFailure("the lease could not be taken on \(host): \(error)")
            }
        }
    }

    /// Takes the lock where a gateway answers, for a `resume`: the others get it with a renewal.
    package func takeWhereReachable() async throws {
        for (_, gateway) in gateways {
            do throws(GatewayError) {
                try await gateway.put(stamped(), until: clock.now + .seconds(5))
            } catch {
                if case .superseded(let holder, _) = error { throw LeaseLost(holder) }
            }
        }
    }

    /// Renews the lease every few seconds until it is dropped.
    package func startRenewing() {
        beat = EventLoop.task { [weak self] in
            while true {
                try await EventLoop.sleep(for: LeaseKeeper.period)
                guard let self else { return }
                await self.renew()
            }
        }
    }

    package func renew() async {
        let lease = stamped()
        let deadline = clock.now + .seconds(3)
        // At once: a gateway that hangs must not let the others' leases run out.
        let puts = gateways.map { _, gateway in
            EventLoop.task { [self] in await renew(lease, on: gateway, until: deadline) }
        }
        for put in puts { try? await put.value }
    }

    private func renew(_ lease: Lease, on gateway: any HostGateway, until deadline: Instant) async {
        do throws(GatewayError) {
            try await gateway.put(lease, until: deadline)
        } catch {
            guard case .superseded(let holder, _) = error, lost == nil else { return }
            lost = LeaseLost(holder)
            onLoss?()
        }
    }

    /// Asks whether the lease still stands; to be asked before anything is destroyed.
    /// - Parameter excused: the host whose gateway we took down ourselves.
    package func confirm(excused: String? = nil) async throws {
        let deadline = clock.now + .seconds(10)
        while true {
            if let lost { throw lost }
            let survey = await LeaseKeeper.survey(gateways, until: clock.now + .seconds(3))
            switch survey.confirms(lease, excused: excused) {
            case .ours: return
            case .lost(let holder):
                lost = LeaseLost(holder)
                throw LeaseLost(holder)
            case .unsure(let missing):
                guard clock.now < deadline else {
                    throw StepFailure(
                        "too few gateways confirm the lease",
                        evidence: missing
                    )
                }
                try await clock.pause(.milliseconds(500))
            }
        }
    }

    /// Ends the renewal; the lease stays, and is not live for long.
    package func stopRenewing() {
        beat?.cancel()
        beat = nil
    }

    /// Ends the lease on every gateway that answers.
    package func drop() async {
        stopRenewing()
        for (_, gateway) in gateways { await drop(gateway) }
    }

    private func drop(_ gateway: any HostGateway) async {
        // One that does not answer keeps a lease that is not live: it stands in nobody's way.
        try? await gateway.dropLease(
            release: lease.release,
            epoch: lease.epoch,
            until: clock.now + .seconds(2)
        )
    }

    private func stamped() -> Lease {
        lease.heartbeat = clock.timeOfDay
        return lease
    }
}
