package import Loop

/// Tells a release line by line, for a build log: a line a change, and one every ten seconds while
/// something is waited for.
@EventLoop
package final class ProgressLines: ReleaseObserver {
    package static let beat: Duration = .seconds(10)

    private let clock: any ReleaseClock
    private let print: @EventLoop (String) -> Void
    private let began: Instant
    /// Waiting is told for the first time once it has lasted.
    private var lastWait: Instant

    package init(clock: any ReleaseClock, print: @escaping @EventLoop (String) -> Void) {
        self.clock = clock
        self.print = print
        began = clock.now
        lastWait = began
    }

    package func observe(_ event: ReleaseEvent) {
        switch event {
        case .began(let release, let version, let hosts):
            say("release \(release): \(version) to \(hosts.joined(separator: ", "))")
        case .note(let text): say(text)
        case .warning(let text): say("warning: \(text)")
        case .stepBegan:
            lastWait = clock.now
        case .waiting(let host, let step, let reason, let elapsed, let limit):
            tellWaiting(host, step, reason, elapsed, limit)
        case .stepEnded(let host, let step, let result, let took):
            say("\(host) \(step.rawValue): \(result.words) (\(took.words))")
        case .stepFailed(let host, let step, let why, let took):
            say("\(host) \(step.rawValue): FAILED after \(took.words): \(why)")
        case .hostEnded(let host, let outcome): say("\(host): \(outcome.word)")
        case .output(let host, let line): say("\(host) | \(line)")
        }
    }

    package func ended(_ end: ReleaseEnd, impact: ImpactTable) {
        for line in EndText.lines(end, impact) { print(line) }
    }

    private func tellWaiting(
        _ host: String,
        _ step: StepName?,
        _ reason: String,
        _ elapsed: Duration,
        _ limit: Duration
    ) {
        let now = clock.now
        if now - lastWait < ProgressLines.beat { return }
        lastWait = now
        let step = step.map { "\($0.rawValue): " } ?? ""
        say(
            "\(host) \(step)still waiting for \(reason) "
                + "(\(elapsed.words) of \(limit.words))"
        )
    }

    private func say(_ text: String) {
        let seconds = (clock.now - began).components.seconds
        let (minutes, rest) = (seconds / 60, seconds % 60)
        print("[\(minutes < 10 ? "0" : "")\(minutes):\(rest < 10 ? "0" : "")\(rest)] \(text)")
    }
}
