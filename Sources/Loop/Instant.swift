import Glibc

/// A moment of `CLOCK_BOOTTIME`, which goes on while the machine sleeps and never jumps.
package typealias Instant = ContinuousClock.Instant

/// A moment of the same clock in one machine word, for what is done at each poll: an `Instant`'s
/// arithmetic is 128 bits wide.
package struct BootTime: Hashable, Comparable, Sendable {
    /// Since the machine's start.
    package let nanoseconds: Int64

    package static var now: BootTime {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return BootTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Later than any moment.
    package static let never = BootTime(nanoseconds: .max)

    private init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Rounded down to a nanosecond.
    package init(_ instant: Instant) {
        nanoseconds = ContinuousClock().systemEpoch.duration(to: instant).nanoseconds
    }

    package var instant: Instant { ContinuousClock().systemEpoch + .nanoseconds(nanoseconds) }

    package static func < (left: BootTime, right: BootTime) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

extension Duration {
    /// Whole nanoseconds, saturating.
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, carry) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
        return carry ? (seconds < 0 ? .min : .max) : sum
    }

    /// Seconds as a number for people and metrics.
    package var seconds: Double { Double(nanoseconds) / 1e9 }
}

extension timeval {
    /// The time for libevent, never negative.
    init(_ duration: Duration) {
        let nanoseconds = max(0, duration.nanoseconds)
        self.init(
            tv_sec: Int(nanoseconds / 1_000_000_000),
            tv_usec: Int(nanoseconds % 1_000_000_000 / 1000)
        )
    }
}
