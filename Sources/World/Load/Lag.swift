import Loop

/// How far behind its clock a load was sent. An open loop that lags is no open loop: slow answers
/// would thin out just the calls that suffer.
package struct Lag: Hashable, Sendable {
    /// A send later than this is late: long against the load's period, short against any fault it
    /// is there to catch.
    package static let limit = Duration.milliseconds(50)

    private var milliseconds: [Int: Int] = [:]
    package private(set) var sends = 0
    package private(set) var late = 0
    package private(set) var worst = Duration.zero

    package init() {}

    package mutating func record(_ lag: Duration) {
        sends += 1
        if lag > Self.limit { late += 1 }
        worst = max(worst, lag)
        milliseconds[Int(lag.nanoseconds / 1_000_000), default: 0] += 1
    }

    package var lateShare: Double { sends == 0 ? 0 : Double(late) / Double(sends) }

    /// The lag that 99 of 100 sends did not exceed, rounded up to a millisecond.
    package var p99: Duration {
        var left = sends - sends / 100
        for (bucket, count) in milliseconds.sorted(by: { $0.key < $1.key }) {
            left -= count
            if left <= 0 { return .milliseconds(bucket + 1) }
        }
        return .zero
    }
}
