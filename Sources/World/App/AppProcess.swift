import Glibc
package import Loop

/// A sample app as a process: start-up that takes time, faults of the process itself, and an orderly
/// end on SIGTERM.
@EventLoop
package struct AppProcess {
    private let options: SampleApp.Options
    private let startDelay: Duration

    /// Longer than the longest call of the load.
    private static let grace = Duration.seconds(14)

    package init(_ options: SampleApp.Options, startDelay: Duration) {
        self.options = options
        self.startDelay = startDelay
    }

    /// Runs to the end of the process and returns its exit code.
    package func run() async throws -> Int32 {
        if options.faults.contains(.crash) {
            print("\(options.name) \(options.version): crash as told")
            return 1
        }
        let end = EndOfProcess()
        let term = SignalHandler(SIGTERM) { end.signal() }
        let interrupt = SignalHandler(SIGINT) { end.signal() }
        defer { _ = (consume term, consume interrupt) }

        let ready = ContinuousClock.now + startDelay
        let isEndless = options.faults.contains(.neverHealthy)
        while !end.isAsked, isEndless || ContinuousClock.now < ready {
            try await EventLoop.sleep(for: .milliseconds(20))
        }
        if end.isAsked { return 0 }
        let app = SampleApp(options)
        try app.start()
        let listening = ContinuousClock.now
        while !end.isAsked {
            for case .exitAfter(let time) in options.faults
            where ContinuousClock.now - listening >= time {
                return 1
            }
            try await EventLoop.sleep(for: .milliseconds(20))
        }
        await app.stop(within: Self.grace)
        return 0
    }
}

@EventLoop
private final class EndOfProcess {
    private(set) var isAsked = false
    func signal() { isAsked = true }
}
