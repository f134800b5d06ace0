import Glibc
import Loop

/// Milliseconds since 1970 UTC: for what is shown or kept over a restart, never for measuring.
package struct WallTime: Hashable, Comparable, Sendable, Codable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    package static var now: WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    package static func < (a: WallTime, b: WallTime) -> Bool { a.milliseconds < b.milliseconds }

    package static func - (a: WallTime, b: WallTime) -> Duration {
        // Times come from files and peers too: no pair of them may trap.
        let (gap, overflow) = a.milliseconds.subtractingReportingOverflow(b.milliseconds)
        return .milliseconds(overflow ? (a.milliseconds < 0 ? Int64.min : Int64.max) : gap)
    }
}

extension WallTime: CustomStringConvertible {
    /// RFC 3339 in UTC with milliseconds.
    package var description: String {
        var seconds = time_t(milliseconds / 1000)
        var rest = milliseconds % 1000
        if rest < 0 {
            seconds -= 1
            rest += 1000
        }
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
            + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
            + ".\(rest < 10 ? "00" : rest < 100 ? "0" : "")\(rest)Z"
    }

    private func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
}

/// An instant of the boot clock told as wall time: exact for as long as nobody sets the clock.
struct Clocks {
    let instant: Instant
    let wall: WallTime

    static var now: Clocks { Clocks(instant: .now, wall: .now) }

    func wall(of other: Instant) -> WallTime {
        let (seconds, attoseconds) = (other - instant).components
        let offset = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        return WallTime(milliseconds: wall.milliseconds + offset)
    }
}

extension Duration {
    /// Short, for people: `350ms`, `12s`, `3m20s`, `2h05m`, `4d1h`.
    var words: String {
        let milliseconds = nanoseconds / 1_000_000
        let seconds = milliseconds / 1000
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        switch seconds {
        case ..<1: return "\(milliseconds)ms"
        case ..<60: return "\(seconds)s"
        case ..<3600: return "\(seconds / 60)m\(two(seconds % 60))s"
        case ..<86400: return "\(seconds / 3600)h\(two(seconds / 60 % 60))m"
        default: return "\(seconds / 86400)d\(seconds / 3600 % 24)h"
        }
    }
}
