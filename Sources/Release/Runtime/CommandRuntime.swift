package import Loop

/// A host's runtime as commands of the plan, run on the driver's machine without any shell.
@EventLoop
package final class CommandRuntime: HostRuntime {
    private let commands: PlanConfiguration.Commands
    private let limits: PlanConfiguration.CommandLimits
    /// Is told each line a command prints.
    private let onLine: (@EventLoop (String) -> Void)?

    package init(
        _ commands: PlanConfiguration.Commands,
        limits: PlanConfiguration.CommandLimits,
        onLine: (@EventLoop (String) -> Void)? = nil
    ) {
        self.commands = commands
        self.limits = limits
        self.onLine = onLine
    }

    package func pull(_ version: String) async throws {
        try await run("pull", commands.pull, version, quiet: limits.quietPull)
    }

    package func stop(_ version: String) async throws {
        try await run("stop", commands.stop, version)
    }

    package func startProxy(_ version: String) async throws {
        try await run("start_proxy", commands.startProxy, version)
    }

    package func startApps(_ version: String) async throws {
        try await run("start_apps", commands.startApps, version)
    }

    /// The last line that the command prints is the version; none is "nothing runs".
    package func running() async throws -> RunningVersion {
        guard !commands.version.isEmpty else { return .untold }
        let lines = try await run("version", commands.version, "", tells: false)
        return lines.last.map(RunningVersion.version) ?? .none
    }

    @discardableResult
    private func run(
        _ action: String,
        _ argv: [String],
        _ version: String,
        quiet: Duration? = nil,
        tells: Bool = true
    ) async throws -> [String] {
        guard !argv.isEmpty else { return [] }
        let words = PlanConfiguration.Commands.fill(argv, version: version)
        let output: Subprocess.Output
        do {
            let command = Command(
                words,
                within: limits.within,
                quiet: quiet,
                onLine: tells ? onLine : nil
            )
            output = try await command.output()
        } catch let error as LoopError {
            if Task.isCancelled { throw CancellationError() }
            throw RuntimeError(action: action, why: "\(words[0]): \(error)")
        }
        let lines = lastLines(of: output.output)
        guard output.exit == .code(0) else {
            let why = output.exit == .timedOut ? "not done in \(limits.within.words)" : nil
            throw RuntimeError(action: action, why: why ?? "\(output.exit)", output: lines)
        }
        return lines
    }

    private func lastLines(of text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).map(trimmed).filter { !$0.isEmpty }.suffix(40)
    }

    private func trimmed(_ line: Substring) -> String {
        var line = line
        while line.last?.isWhitespace == true { line.removeLast() }
        while line.first?.isWhitespace == true { line.removeFirst() }
        return String(line)
    }
}

/// One command with a limit on its time and, for a pull, on its silence.
@EventLoop
private final class Command {
    private let argv: [String]
    private let within: Duration
    private let quiet: Duration?
    private let onLine: (@EventLoop (String) -> Void)?
    private var silence: Loop.Timer?
    private var task: Task<Subprocess.Output, any Error>?
    private var wasSilent = false

    init(
        _ argv: [String],
        within: Duration,
        quiet: Duration?,
        onLine: (@EventLoop (String) -> Void)?
    ) {
        self.argv = argv
        self.within = within
        self.quiet = quiet
        self.onLine = onLine
    }

    func output() async throws -> Subprocess.Output {
        let (argv, deadline) = (argv, Instant.now + within)
        let task = EventLoop.task { [weak self] in
            try await Subprocess.run(argv, until: deadline) { self?.heard($0) }
        }
        self.task = task
        listen()
        defer { silence = nil }
        do {
            return try await withTaskCancellationHandler {
                try await task.value
            } onCancel: {
                task.cancel()
            }
        } catch {
            guard wasSilent, let quiet else { throw error }
            throw LoopError(.timedOut, "it said nothing for \(quiet.words)")
        }
    }

    private func heard(_ line: String) {
        listen()
        onLine?(line)
    }

    private func listen() {
        guard let quiet else { return }
        silence = Timer(after: quiet) { [weak self] in
            self?.wasSilent = true
            self?.task?.cancel()
        }
    }
}
