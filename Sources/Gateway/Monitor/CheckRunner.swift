import Health
import Loop
import Probes

/// Looks at one target again and again, for all checks that want the same of it. At most one probe is
/// under way at a time, however many ask.
@EventLoop
final class CheckRunner {
    /// Not empty; all with the same target and timeout.
    let checks: [CheckConfiguration]
    private let configuration: CheckConfiguration
    /// Probes made, those of `/connectivity` and of polls too.
    private(set) var probes = 0
    private(set) var failures = 0
    /// Probes that reached the app through the sidecar, and so grew the counters of its cluster.
    private(set) var reached = 0

    private let probe: any Probe
    private let gate: ProbeGate
    /// Puts the outcome on the board.
    private let record: (Outcome, CheckID) -> Void
    /// When the board wants the next probe.
    private let nextDue: (CheckID) -> Instant?
    private var timer: Timer?
    /// When the next look was to begin, by the timer.
    private var planned: Instant?
    private let delays: ProbeDelays
    /// Whether the host's verdict rests on it.
    private let counts: Bool
    private(set) var isRunning = false
    private var isStopped = false
    private var waiting: [(Outcome) -> Void] = []

    /// Nil without checks.
    init?(
        _ checks: [CheckConfiguration],
        gate: ProbeGate,
        delays: ProbeDelays,
        witness: @escaping () -> SidecarWitness?,
        makeProbe: (ProbeTarget) -> any Probe,
        nextDue: @escaping (CheckID) -> Instant?,
        record: @escaping (Outcome, CheckID) -> Void
    ) {
        guard let configuration = checks.first else { return nil }
        self.checks = checks
        self.configuration = configuration
        self.gate = gate
        self.delays = delays
        counts = checks.contains { $0.check.effect != .inform }
        self.nextDue = nextDue
        self.record = record
        probe = BlamedProbe(configuration.target, witness: witness, makeProbe: makeProbe)
    }

    /// Begins to look, at once when the check is due.
    func start() { schedule() }

    /// Looks no more; a probe under way ends without a record.
    func stop() {
        isStopped = true
        timer = nil
        if !isRunning { probe.close() }
    }

    /// Looks now, or joins the look that is under way. `done` is called once.
    func runNow(_ done: @escaping (Outcome) -> Void) {
        waiting.append(done)
        if !isRunning { planned = nil }
        run()
    }

    /// Plans the next look anew.
    func schedule() {
        guard !isStopped, !isRunning else { return }
        let due = checks.compactMap { nextDue($0.id) }.min() ?? .now
        let pause = max(due - .now, .zero)
        // Jitter keeps many hosts from asking one upstream at the same moment.
        let stretch = 1 + configuration.jitter * Double.random(in: -1...1)
        planned = .now + pause * stretch
        timer = Timer(after: pause * stretch) { [weak self] in self?.run() }
    }

    private func run() {
        guard !isRunning, !isStopped else { return }
        isRunning = true
        timer = nil
        // Held strongly, also when a reload has dropped this runner meanwhile: who entered must leave.
        gate.enter(counts: counts) { [self] in
            if let planned { delays.add(planned.duration(to: .now)) }
            planned = nil
            EventLoop.task { [self] in await look() }
        }
    }

    private func look() async {
        let outcome = await attempt()
        gate.leave(counts: counts)
        isRunning = false
        probes += 1
        if !outcome.passed { failures += 1 }
        if isStopped { probe.close() } else { for check in checks { record(outcome, check.id) } }
        let waiting = waiting
        self.waiting = []
        for done in waiting { done(outcome) }
        schedule()
    }

    private func attempt() async -> Outcome {
        let outcome = await probe.run(until: .now + configuration.timeout)
        if goesThroughIngress, Self.wasRouted(outcome) { reached += 1 }
        return outcome
    }

    var goesThroughIngress: Bool { configuration.target.goesThroughIngress }

    /// Whether the sidecar passed the probe on: where it could not connect it counts no request.
    private static func wasRouted(_ outcome: Outcome) -> Bool {
        switch outcome.failure?.reason {
        case nil, .status, .body, .notServing, .protocol, .timeout: true
        default: false
        }
    }
}
