/// The `grpc-timeout` header: up to eight digits and a unit.
package enum GRPCTimeout {
    package static func parse(_ text: String) -> Duration? {
        let digits = text.utf8.dropLast()
        guard (1...8).contains(digits.count), let unit = text.utf8.last,
            digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let count = Int(String(text.dropLast()))
        else { return nil }
        switch unit {
        case UInt8(ascii: "H"): return .seconds(count * 3600)
        case UInt8(ascii: "M"): return .seconds(count * 60)
        case UInt8(ascii: "S"): return .seconds(count)
        case UInt8(ascii: "m"): return .milliseconds(count)
        case UInt8(ascii: "u"): return .microseconds(count)
        case UInt8(ascii: "n"): return .nanoseconds(count)
        default: return nil
        }
    }

    /// In the finest unit that has room, rounded up so that a short time does not become none.
    package static func format(_ duration: Duration) -> String {
        let (seconds, attoseconds) = max(duration, .zero).components
        guard seconds < 10_000 else {
            return seconds < 100_000_000 ? "\(seconds)S" : "99999999S"
        }
        let microseconds = seconds * 1_000_000 + (attoseconds + 999_999_999_999) / 1_000_000_000_000
        if microseconds < 100_000_000 { return "\(microseconds)u" }
        return "\((microseconds + 999) / 1000)m"
    }
}
