import Glibc

/// A child that runs beside us until someone ends it. Dropping this value does not end it.
@EventLoop
package final class ChildProcess {
    package let pid: Int32
    /// Called once, when the child has ended.
    package var onExit: (@EventLoop (Subprocess.Exit) -> Void)?
    private let end: End

    /// Starts `argv` in a group of its own. `environment` is added to our own; `log` is the file
    /// that its standard output and error are appended to.
    package init(
        _ argv: [String],
        environment: [String: String]? = nil,
        directory: String? = nil,
        log: String? = nil
    ) throws(LoopError) {
        var spawn = Spawn(argv: argv, environment: environment ?? [:], directory: directory)
        if let log {
            let file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
            guard file >= 0 else { throw .system(errno, "open \(log)") }
            spawn.output = file
        }
        defer { if let file = spawn.output { close(file) } }
        let end = End()
        self.end = end
        pid = try Reaper.start(spawn) { end.came($0) }
        end.onExit = { [weak self] in self?.onExit?($0) }
    }

    package var hasExited: Bool { end.exit != nil }

    /// Sends a signal to the process itself, unless it has ended.
    package func signal(_ number: Int32) {
        if !hasExited { kill(pid, number) }
    }

    /// Sends a signal to the process and all it has started, unless it has ended.
    package func signalGroup(_ number: Int32) {
        if !hasExited { kill(-pid, number) }
    }

    /// Waits for its end, which is remembered.
    package func exit(until deadline: Instant) async throws(LoopError) -> Subprocess.Exit {
        if let exit = end.exit { return exit }
        let waiter = Waiter<Subprocess.Exit>()
        end.waiters.append(waiter)
        defer { end.waiters.removeAll { $0 === waiter } }
        return try await waiter.wait(until: deadline, "wait for the end of process \(pid)")
    }
}

/// The end of a child, which may come when no one holds the child any more.
@EventLoop
private final class End {
    var exit: Subprocess.Exit?
    var waiters: [Waiter<Subprocess.Exit>] = []
    var onExit: ((Subprocess.Exit) -> Void)?

    func came(_ exit: Subprocess.Exit) {
        self.exit = exit
        for waiter in waiters { waiter.fulfil(.success(exit)) }
        waiters = []
        onExit?(exit)
    }
}
