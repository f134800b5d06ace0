import Glibc

/// A thread for one call that may block for ever, such as one on a file system that answers no more.
/// The thread for file work would then do nothing else.
package enum Aside {
    /// Runs `work` on a thread of its own. At the deadline it is left to itself, not ended.
    @EventLoop
    package static func run<Success: Sendable>(
        until deadline: Instant,
        _ attempt: String,
        _ work: @escaping @Sendable () -> Success,
        onEnd: @escaping @EventLoop @Sendable () -> Void = {}
    ) async throws(LoopError) -> Success {
        let answer = Waiter<Success>()
        let errand = Errand {
            let result = work()
            EventLoop.task {
                onEnd()
                answer.fulfil(.success(result))
            }
        }
        // The thread owns it, unless there is none.
        let context = Unmanaged.passRetained(errand)
        var thread = pthread_t()
        let error = pthread_create(&thread, nil, runErrand, context.toOpaque())
        guard error == 0 else {
            context.release()
            onEnd()
            throw LoopError(.limit, "\(attempt): no thread: \(String(cString: strerror(error)))")
        }
        pthread_detach(thread)
        return try await answer.wait(until: deadline, attempt)
    }
}

private final class Errand: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

// MARK: - Callbacks

private func runErrand(context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<Errand>.fromOpaque(context).takeRetainedValue().body()
    return nil
}
