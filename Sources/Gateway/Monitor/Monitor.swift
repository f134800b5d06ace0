package import Health
package import Loop
package import Probes

/// Runs the checks of the configuration and puts their outcomes on the board.
@EventLoop
package final class Monitor {
    private let health: HostHealth
    private let makeProbe: (ProbeTarget) -> any Probe
    private var gate: ProbeGate
    private var runners: [CheckID: CheckRunner] = [:]
    private var order: [CheckID] = []
    private var expiry: Timer?
    private var isStopped = false
    /// Longer than any probe: a check whose probe is under way is not stale yet.
    private var grace: Duration = .seconds(1)
    private let patience: Duration = .milliseconds(250)

    package init(
        _ health: HostHealth,
        probes: Int,
        makeProbe: @escaping (ProbeTarget) -> any Probe
    ) {
        self.health = health
        self.makeProbe = makeProbe
        gate = ProbeGate(most: probes)
        health.onChange { [weak self] change in
            // The board wants these looked at sooner than was planned.
            for check in change.checks where check.to == .stale {
                self?.runners[check.id]?.schedule()
            }
        }
    }

    /// Probes that had to wait because enough were under way.
    var probesDelayed: Int { gate.delayed }

    /// Takes this set of checks; a check that did not change goes on undisturbed. The board must
    /// have them already.
    package func run(_ checks: [CheckConfiguration]) {
        let old = runners
        runners = [:]
        order = checks.map(\.id)
        grace = (checks.map(\.timeout).max() ?? .zero) + .milliseconds(500)
        for check in checks {
            if let runner = old[check.id], runner.configuration == check {
                runners[check.id] = runner
                continue
            }
            let runner = CheckRunner(
                check,
                gate: gate,
                makeProbe: makeProbe,
                nextDue: { [health] in health.board.nextDue(for: $0) },
                record: { [weak self] in self?.record($0, for: $1) }
            )
            runners[check.id] = runner
        }
        for (id, runner) in old where runners[id] !== runner { runner.stop() }
        for id in order where old[id] !== runners[id] { runners[id]?.start() }
        watchExpiry()
    }

    package func stop() {
        expiry = nil
        isStopped = true
        for runner in runners.values { runner.stop() }
        runners = [:]
    }

    private func record(_ outcome: Outcome, for id: CheckID) {
        health.record(outcome, for: id)
        // A board that was waiting for nothing may wait for something now.
        if expiry == nil { watchExpiry() }
    }

    /// Runs these checks, each joining what is under way, and returns when all have an outcome or
    /// the time is over.
    package func refresh(_ ids: [CheckID], until deadline: Instant) async {
        let runners = ids.compactMap { self.runners[$0] }
        guard !runners.isEmpty else { return }
        let waiter = Waiter<Void>()
        var left = runners.count
        for runner in runners {
            runner.runNow { _ in
                left -= 1
                if left == 0 { waiter.fulfil(.success(())) }
            }
        }
        try? await waiter.wait(until: deadline, "probe")
    }

    /// One probe of each of these checks, all at once, whatever time they take.
    package func outcomes(of ids: [CheckID]) async -> [CheckID: Outcome] {
        let runners = ids.compactMap { self.runners[$0] }
        guard !runners.isEmpty else { return [:] }
        let waiter = Waiter<[CheckID: Outcome]>()
        var found: [CheckID: Outcome] = [:]
        for runner in runners {
            runner.runNow { outcome in
                found[runner.configuration.id] = outcome
                if found.count == runners.count { waiter.fulfil(.success(found)) }
            }
        }
        return (try? await waiter.wait(until: nil, "probe")) ?? found
    }

    /// Probes so far, by check, in the order of the configuration.
    package var counts: [(id: CheckID, probes: Int, failures: Int)] {
        order.compactMap { id in runners[id].map { (id, $0.probes, $0.failures) } }
    }

    /// Probes that are on their way through the sidecar's ingress.
    package var underWay: Int {
        runners.values.count { $0.goesThroughIngress && $0.isRunning }
    }

    /// Probes that reached apps through the sidecar's ingress, by check.
    package var reached: [(id: CheckID, count: Int)] {
        order.compactMap { id in
            runners[id].flatMap { $0.goesThroughIngress ? (id, $0.reached) : nil }
        }
    }

    /// Says that checks are stale also when nobody polls.
    private func watchExpiry() {
        guard !isStopped, let until = health.board.validUntil(for: .host) else {
            expiry = nil
            return
        }
        expiry = Timer(after: max(until + grace - .now, .milliseconds(10))) { [weak self] in
            self?.expire()
        }
    }

    private func expire() {
        let now = Instant.now
        guard let until = health.board.validUntil(for: .host), until + grace <= now else {
            return watchExpiry()
        }
        // Perhaps we were stopped, and all is well: one look first, as a poll would take it.
        EventLoop.task { [weak self] in
            guard let self, !isStopped else { return }
            await refresh(health.board.overdue(for: .host, at: now), until: now + patience)
            let later = Instant.now
            if !health.board.overdue(for: .host, at: later).isEmpty { health.expire(at: later) }
            // What is stale now stays so until a probe says more.
            expiry = Timer(after: .milliseconds(500)) { [weak self] in self?.watchExpiry() }
        }
    }
}
