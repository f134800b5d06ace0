package import Health
package import Loop
package import Probes

/// Runs the checks of the configuration and puts their outcomes on the board.
@EventLoop
package final class Monitor {
    private let health: HostHealth
    private let makeProbe: (ProbeTarget) -> any Probe
    private let gate: ProbeGate
    let delays = ProbeDelays()
    /// What the sidecar says of a failure beyond it; nil: it is not asked.
    package var witness: SidecarWitness?
    /// In the order of the configuration; several checks may share one.
    private var all: [CheckRunner] = []
    private var runners: [CheckID: CheckRunner] = [:]
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
        let old = all
        let known = Dictionary(old.map { ($0.checks, $0) }) { first, _ in first }
        grace = (checks.map(\.timeout).max() ?? .zero) + .milliseconds(500)
        all = Monitor.sharing(checks).compactMap { known[$0] ?? runner($0) }
        runners = [:]
        for runner in all {
            for check in runner.checks { runners[check.id] = runner }
        }
        let kept = Set(all.map(ObjectIdentifier.init))
        let before = Set(old.map(ObjectIdentifier.init))
        for runner in old where !kept.contains(ObjectIdentifier(runner)) { runner.stop() }
        for runner in all where !before.contains(ObjectIdentifier(runner)) { runner.start() }
        watchExpiry()
    }

    private func runner(_ checks: [CheckConfiguration]) -> CheckRunner? {
        CheckRunner(
            checks,
            gate: gate,
            delays: delays,
            witness: { [weak self] in self?.witness },
            makeProbe: makeProbe,
            nextDue: { [health] in health.board.nextDue(for: $0) },
            record: { [weak self] in self?.record($0, for: $1) }
        )
    }

    /// The checks in groups that one probe serves, each in its place in the configuration. A poll's own
    /// probe is nobody else's: it is not made without a poll.
    private static func sharing(_ checks: [CheckConfiguration]) -> [[CheckConfiguration]] {
        var groups: [[CheckConfiguration]] = []
        var places: [SharedTarget: Int] = [:]
        for check in checks {
            let shared = SharedTarget(check)
            if check.check.interval != .onPoll, let place = places[shared] {
                groups[place].append(check)
            } else {
                if check.check.interval != .onPoll { places[shared] = groups.count }
                groups.append([check])
            }
        }
        return groups
    }

    private struct SharedTarget: Hashable {
        let target: ProbeTarget
        let timeout: Duration

        init(_ check: CheckConfiguration) { (target, timeout) = (check.target, check.timeout) }
    }

    package func stop() {
        expiry = nil
        isStopped = true
        for runner in all { runner.stop() }
        all = []
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
        let runners = runners(of: ids)
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
        let runners = runners(of: ids)
        guard !runners.isEmpty else { return [:] }
        let waiter = Waiter<Void>()
        var found: [CheckID: Outcome] = [:]
        var left = runners.count
        for runner in runners {
            runner.runNow { outcome in
                for check in runner.checks { found[check.id] = outcome }
                left -= 1
                if left == 0 { waiter.fulfil(.success(())) }
            }
        }
        try? await waiter.wait(until: nil, "probe")
        return found
    }

    /// Each once, also when it looks for several of these checks.
    private func runners(of ids: [CheckID]) -> [CheckRunner] {
        var seen: Set<ObjectIdentifier> = []
        return ids.compactMap { id in
            runners[id].flatMap { seen.insert(ObjectIdentifier($0)).inserted ? $0 : nil }
        }
    }

    /// Probes so far, by check, in the order of the configuration.
    package var counts: [(id: CheckID, probes: Int, failures: Int)] {
        all.flatMap { runner in
            runner.checks.map { ($0.id, runner.probes, runner.failures) }
        }
    }

    /// Probes that are on their way through the sidecar's ingress.
    package var underWay: Int {
        all.count { $0.goesThroughIngress && $0.isRunning }
    }

    /// Probes that reached apps through the sidecar's ingress, by check.
    package var reached: [(id: CheckID, count: Int)] {
        all.compactMap { runner in
            guard runner.goesThroughIngress, let first = runner.checks.first else { return nil }
            return (first.id, runner.reached)
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
