extension EventLoop {
    /// Waits; for the period of something polled, never for something that has an event.
    @EventLoop
    package static func sleep(for duration: Duration) async throws(CancellationError) {
        do throws(LoopError) {
            try await Waiter<Void>().wait(until: .now + duration, "sleep")
        } catch {
            if error.kind == .cancelled { throw CancellationError() }
        }
    }
}
