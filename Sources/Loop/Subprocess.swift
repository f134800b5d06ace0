import CLibevent
import Glibc

/// A command that is run to its end, in a process group of its own.
package enum Subprocess {
    /// How a process ended.
    package enum Exit: Hashable, Sendable, CustomStringConvertible {
        case code(Int32)
        case signal(Int32)
        case timedOut

        package var description: String {
            switch self {
            case .code(let code): "exit code \(code)"
            case .signal(let number): "killed by signal \(number)"
            case .timedOut: "killed at its deadline"
            }
        }
    }

    package struct Output: Sendable {
        package let exit: Exit
        /// Standard output and error as they came, the last 64 KiB of them.
        package let output: String
    }

    /// Runs `argv` to its end. At the deadline, or when the task is cancelled, the whole group is
    /// killed. `environment` is added to our own.
    ///
    /// What the command leaves running in the background is left alone when it ends by itself. Such
    /// a process must have its output redirected, since nobody reads it any more.
    /// - Throws: when the command cannot be started, or the task is cancelled.
    @EventLoop
    package static func run(
        _ argv: [String],
        environment: [String: String]? = nil,
        directory: String? = nil,
        until deadline: Instant,
        onLine: (@EventLoop (String) -> Void)? = nil
    ) async throws(LoopError) -> Output {
        let pipe = try Pipe()
        let ended = Waiter<Exit>()
        let output = CommandOutput(pipe.reader, onLine: onLine)
        let spawn = Spawn(
            argv: argv,
            environment: environment ?? [:],
            directory: directory,
            output: pipe.writer
        )
        let pid: pid_t
        do throws(LoopError) {
            defer { pipe.closeWriter() }
            pid = try Reaper.start(spawn) { ended.fulfil(.success($0)) }
        } catch {
            output.close()
            throw error
        }
        defer { output.close() }
        let exit: Exit
        do throws(LoopError) {
            exit = try await ended.wait(until: deadline, "run")
        } catch {
            // The group, so that no helper of the command outlives it.
            if Reaper.isRunning(pid) { kill(-pid, SIGKILL) }
            if error.kind == .cancelled { throw error }
            exit = .timedOut
        }
        output.readAvailable()
        return Output(exit: exit, output: output.text)
    }
}
