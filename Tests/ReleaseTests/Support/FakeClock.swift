import Loop
import Release

/// A clock that a pause moves, and nothing else: tests wait for nothing.
@EventLoop
final class FakeClock: ReleaseClock {
    private(set) var now = Instant.now
    /// Called after each pause: things happen to the world while a release waits.
    var onPause: (@EventLoop () -> Void)?

    var timeOfDay: String { "2026-01-01T00:00:00Z" }

    func pause(_ duration: Duration) async throws(CancellationError) {
        if Task.isCancelled { throw CancellationError() }
        now += duration
        onPause?()
    }
}
