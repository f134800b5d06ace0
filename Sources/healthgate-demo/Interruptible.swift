import ArgumentParser
import Glibc
import Loop
import World

/// Runs `body` on the loop. A signal to end cancels it, and it ends what it started first; what went
/// wrong is said in one line.
func interruptible<Answer: Sendable>(
    _ body: @escaping @EventLoop @Sendable () async throws -> Answer
) async throws -> Answer {
    let task = EventLoop.task(body)
    let handlers = try await EventLoop.task {
        [SIGINT, SIGTERM, SIGHUP].map { number in EndSignal(number) { task.cancel() } }
    }.value
    defer { withExtendedLifetime(handlers) {} }
    do {
        return try await task.value
    } catch let error as WorldError {
        print("\(error)")
        throw ExitCode(1)
    } catch let error as LoopError where error.kind != .cancelled {
        print("\(error)")
        throw ExitCode(1)
    } catch is LoopError {
        return try interrupted()
    } catch is CancellationError {
        return try interrupted()
    }
}

private func interrupted<Answer>() throws -> Answer {
    print("interrupted; everything was stopped")
    throw ExitCode(130)
}

/// A signal handler that can be kept in an array.
@EventLoop
private final class EndSignal {
    private let handler: SignalHandler

    init(_ signal: Int32, _ body: @escaping @EventLoop () -> Void) {
        handler = SignalHandler(signal, body)
    }

    isolated deinit {}
}
