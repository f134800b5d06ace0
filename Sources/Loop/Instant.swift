import Glibc

/// A moment of `CLOCK_BOOTTIME`, which goes on while the machine sleeps and never jumps.
package typealias Instant = ContinuousClock.Instant

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
