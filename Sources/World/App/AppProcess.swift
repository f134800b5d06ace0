import Glibc
package import Loop

/// A sample app as a process: start-up that takes time, faults of the process itself, and an orderly
/// end on SIGTERM. On SIGHUP it takes the faults that its file names, so that a fault can come over an
/// app that was fine, and leave it again.
@EventLoop
package struct AppProcess {
    private let options: SampleApp.Options
    private let startDelay: Duration
    private let faultFile: String?

    /// Longer than the longest call of the load.
    private static let grace = Duration.seconds(14)

    package init(_ options: SampleApp.Options, startDelay: Duration, faultFile: String? = nil) {
        self.options = options
        self.startDelay = startDelay
        self.faultFile = faultFile
    }

    /// Runs to the end of the process and returns its exit code.
    package func run() async throws -> Int32 {
        if options.faults.contains(.crash) { return 1 }
        let end = ProcessEnd()
        let term = SignalHandler(SIGTERM) { end.come(code: 0) }
        let interrupt = SignalHandler(SIGINT) { end.come(code: 0) }
        defer { extendLifetime(term) }
        defer { extendLifetime(interrupt) }

        let app = SampleApp(options)
        let hangUp = SignalHandler(SIGHUP) { app.take(faults) }
        defer { extendLifetime(hangUp) }
        if options.faults.contains(.neverHealthy) { return await end.code() }
        if let early = await end.code(within: startDelay) { return early }
        try app.start()
        let code = await end.code(within: options.exitAfter) ?? 1
        if code == 0 { await app.stop(within: Self.grace) }
        return code
    }

    /// Those of the start, or those of the file if there is one.
    private var faults: Set<Fault> {
        guard let faultFile, let text = SmallFiles.read(faultFile) else { return options.faults }
        return Set(text.split(whereSeparator: \.isWhitespace).compactMap { Fault(String($0)) })
    }
}

extension SampleApp.Options {
    fileprivate var exitAfter: Duration {
        for case .exitAfter(let time) in faults { return time }
        return .seconds(86_400 * 365)
    }
}

/// The end of a process, awaited by its main task and brought by a signal.
@EventLoop
private final class ProcessEnd {
    private var known: Int32?
    private var waiting: CheckedContinuation<Int32?, Never>?

    func come(code: Int32) {
        if known == nil { known = code }
        waiting?.resume(returning: known)
        waiting = nil
    }

    func code() async -> Int32 {
        await code(within: .seconds(86_400 * 365)) ?? 0
    }

    /// Nil when the time was over first.
    func code(within limit: Duration) async -> Int32? {
        if let known { return known }
        let timer = Timer(after: limit) { [self] in
            waiting?.resume(returning: nil)
            waiting = nil
        }
        defer { extendLifetime(timer) }
        return await withCheckedContinuation { waiting = $0 }
    }
}
