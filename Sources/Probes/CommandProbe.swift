package import Health
package import Loop

/// Runs a command and takes its exit code for its word, as those of Nagios mean it: 0 up, 1 degraded,
/// 2 down, 3 does not know.
@EventLoop
package final class CommandProbe: Probe {
    private let command: [String]

    package init(_ command: [String]) { self.command = command }

    package func run(until deadline: Instant) async -> Outcome {
        var phases = Phases()
        let first = FirstLine()
        let exit: Subprocess.Exit
        do throws(LoopError) {
            exit = try await Subprocess.run(command, until: deadline, onLine: first.take).exit
        } catch {
            return phases.failed(Outcome.Failure(.internal, error.message))
        }
        phases.ended(.query)
        return phases.finished(CommandProbe.judge(exit, first.text), first.text)
    }

    /// - Parameter line: the first that the command printed; empty if none.
    package static func judge(_ exit: Subprocess.Exit, _ line: String) -> Outcome.Result {
        let words = line.isEmpty ? exit.description : "\(exit): \(line)"
        return switch exit {
        case .code(0): .up
        case .code(1): .degraded(words)
        case .code(3): .failed(Outcome.Failure(.internal, words))
        case .code, .signal: .failed(Outcome.Failure(.status, words))
        case .timedOut: .failed(Outcome.Failure(.timeout, words))
        }
    }
}

/// The first line that says something: all of a command's output that is kept.
@EventLoop
private final class FirstLine {
    private(set) var text = ""

    func take(_ line: String) {
        guard text.isEmpty, line.contains(where: { !$0.isWhitespace }) else { return }
        text = legible(line)
    }
}
