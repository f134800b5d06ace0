import Glibc
package import Loop

/// Runs one program and starts it again whenever it ends, as a container engine's restart policy
/// does. SIGTERM ends both.
@EventLoop
package final class Supervisor {
    private let argv: [String]
    private let log: String
    private let pidFile: String
    private var child: ChildProcess?
    private var isStopping = false

    package init(_ argv: [String], log: String, pidFile: String) {
        self.argv = argv
        self.log = log
        self.pidFile = Self.childFile(pidFile)
    }

    /// Where the supervised process' own id is, beside the supervisor's.
    package nonisolated static func childFile(_ pidFile: String) -> String {
        pidFile.hasSuffix(".pid") ? "\(pidFile.dropLast(4)).child.pid" : "\(pidFile).child"
    }

    /// Returns when it was told to stop and the program has ended.
    package func run() async throws {
        let stop = SignalHandler(SIGTERM) { [weak self] in
            self?.isStopping = true
            self?.child?.signal(SIGTERM)
        }
        defer { extendLifetime(stop) }
        while !isStopping {
            let child = try ChildProcess(argv, log: log)
            self.child = child
            try ProcessID(child.pid)?.write(to: pidFile)
            _ = try await child.exit(until: .now + .seconds(86_400 * 365))
            // A crash loop must not eat the machine.
            if !isStopping { try await EventLoop.sleep(for: .milliseconds(200)) }
        }
        SmallFiles.remove(pidFile)
    }
}
