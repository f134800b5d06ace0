/// One value that arrives later, awaited by at most one task, with a deadline and cancellation.
@EventLoop
package final class Waiter<Value: Sendable> {
    private var continuation: CheckedContinuation<Result<Value, LoopError>, Never>?
    private var result: Result<Value, LoopError>?
    private var timer: Timer?

    package init() {}

    package var isWaiting: Bool { continuation != nil }

    /// Hands the value over; only the first result counts.
    package func fulfil(_ result: Result<Value, LoopError>) {
        guard self.result == nil else { return }
        self.result = result
        timer = nil
        continuation?.resume(returning: result)
        continuation = nil
    }

    /// Waits for the value; `attempt` says in the error what did not happen in time.
    package func wait(until deadline: Instant?, _ attempt: String) async throws(LoopError) -> Value
    {
        if let result { return try result.get() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                begin(continuation, until: deadline, attempt)
            }
        } onCancel: {
            EventLoop.task { self.fulfil(.failure(.cancelled)) }
        }
        return try result.get()
    }

    private func begin(
        _ continuation: CheckedContinuation<Result<Value, LoopError>, Never>,
        until deadline: Instant?,
        _ attempt: String
    ) {
        if let result { return continuation.resume(returning: result) }
        if Task.isCancelled {
            result = .failure(.cancelled)
            return continuation.resume(returning: .failure(.cancelled))
        }
        self.continuation = continuation
        guard let deadline else { return }
        timer = Timer(after: max(.zero, deadline - .now)) { [weak self] in
            self?.fulfil(.failure(.timedOut(attempt)))
        }
    }
}
