import FoundationEssentials
package import Loop

/// The time a release goes by; tests bring their own, which never waits.
@EventLoop
package protocol ReleaseClock: AnyObject, Sendable {
    var now: Instant { get }
    /// The time of day for people: RFC 3339, UTC.
    var timeOfDay: String { get }
    /// The period of something polled. Throws when the release is interrupted.
    func pause(_ duration: Duration) async throws(CancellationError)
}

/// The machine's clocks.
@EventLoop
package final class SystemClock: ReleaseClock {
    package init() {}

    package var now: Instant { .now }
    package var timeOfDay: String { Date().ISO8601Format() }

    package func pause(_ duration: Duration) async throws(CancellationError) {
        try await EventLoop.sleep(for: duration)
    }
}
