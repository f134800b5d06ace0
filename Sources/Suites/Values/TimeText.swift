import YAML

/// Seconds and nanoseconds of `google.protobuf.Timestamp` and `Duration`, and their texts.
struct TimeText: Hashable {
    let seconds: Int64
    let nanos: Int32

    /// From the year 1 to the year 9999.
    static let timestamps: ClosedRange<Int64> = -62_135_596_800...253_402_300_799
    /// 10,000 years either way.
    static let durations: ClosedRange<Int64> = -315_576_000_000...315_576_000_000

    /// RFC 3339: `2024-02-29T12:00:00.5Z`, `2024-02-29T14:00:00+02:00`.
    static func timestamp(_ text: String) -> TimeText? {
        var scanner = DigitScanner(text)
        guard let year = scanner.number(4, in: 1...9999), scanner.take("-"),
            let month = scanner.number(2, in: 1...12), scanner.take("-"),
            let day = scanner.number(2, in: 1...daysIn(month, of: year)), scanner.take("Tt"),
            let hour = scanner.number(2, in: 0...23), scanner.take(":"),
            let minute = scanner.number(2, in: 0...59), scanner.take(":"),
            let second = scanner.number(2, in: 0...59), let nanos = scanner.nanos()
        else { return nil }
        var east: Int64 = 0
        if !scanner.take("Zz") {
            let sign: Int64 = scanner.take("-") ? -1 : 1
            guard sign < 0 || scanner.take("+"), let hours = scanner.number(2, in: 0...23),
                scanner.take(":"), let minutes = scanner.number(2, in: 0...59)
            else { return nil }
            east = sign * (hours * 3600 + minutes * 60)
        }
        let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - east
        guard scanner.isAtEnd, timestamps.contains(seconds) else { return nil }
        return TimeText(seconds: seconds, nanos: nanos)
    }

    /// `1.5s`, `-0.25s`; and as elsewhere in our files, `800ms`, `1m30s`.
    static func duration(_ text: String) -> TimeText? {
        var scanner = DigitScanner(text)
        let isNegative = scanner.take("-")
        if let seconds = scanner.number(1...12), let nanos = scanner.nanos(), scanner.take("s"),
            scanner.isAtEnd
        {
            guard durations.contains(seconds) else { return nil }
            return isNegative
                ? TimeText(seconds: -seconds, nanos: -nanos)
                : TimeText(seconds: seconds, nanos: nanos)
        }
        guard let duration = try? Quantity.duration(text) else { return nil }
        let (seconds, attoseconds) = duration.components
        return TimeText(seconds: seconds, nanos: Int32(clamping: attoseconds / 1_000_000_000))
    }

    /// nil when out of range: then there is no such text.
    var asTimestamp: String? {
        guard Self.timestamps.contains(seconds), (0..<1_000_000_000).contains(nanos) else {
            return nil
        }
        let day = (seconds - (seconds % 86_400 + 86_400) % 86_400) / 86_400
        let time = seconds - day * 86_400
        let (year, month, date) = Self.civil(day)
        let clock = [time / 3600, time / 60 % 60, time % 60].map { Self.padded($0, 2) }
        return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(date, 2))T"
            + clock.joined(separator: ":") + Self.fraction(nanos) + "Z"
    }

    /// nil when out of range, or of two signs.
    var asDuration: String? {
        guard Self.durations.contains(seconds), (-999_999_999...999_999_999).contains(nanos),
            seconds == 0 || nanos == 0 || (seconds < 0) == (nanos < 0)
        else { return nil }
        let sign = seconds < 0 || nanos < 0 ? "-" : ""
        return "\(sign)\(seconds.magnitude)\(Self.fraction(Int32(nanos.magnitude)))s"
    }

    /// No digits, or three, six or nine.
    private static func fraction(_ nanos: Int32) -> String {
        if nanos == 0 { return "" }
        let digits = padded(Int64(nanos), 9)
        if nanos % 1_000_000 == 0 { return "." + digits.prefix(3) }
        return "." + (nanos % 1000 == 0 ? digits.prefix(6) : digits[...])
    }

    private static func padded(_ number: Int64, _ count: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }

    private static func daysIn(_ month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970-01-01 in the Gregorian calendar, whose years begin with March here: leap
    /// days then come last, and 400 years have 146,097 days.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let years = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return 365 * years + years / 4 - years / 100 + years / 400 + dayOfYear - 719_468
    }

    private static func civil(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let index = (5 * dayOfYear + 2) / 153
        let month = index < 10 ? index + 3 : index - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * index + 2) / 5 + 1)
    }
}

/// Takes numbers off the front of a text.
private struct DigitScanner {
    private var rest: Substring

    init(_ text: String) { rest = text[...] }

    var isAtEnd: Bool { rest.isEmpty }

    /// One of some characters.
    mutating func take(_ characters: String) -> Bool {
        guard let first = rest.first, characters.contains(first) else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func number(_ count: Int, in range: ClosedRange<Int64>) -> Int64? {
        number(count...count).flatMap { range.contains($0) ? $0 : nil }
    }

    mutating func number(_ count: ClosedRange<Int>) -> Int64? {
        digits(count).flatMap { Int64($0) }
    }

    /// A fraction of a second, or none.
    mutating func nanos() -> Int32? {
        guard take(".") else { return 0 }
        return digits(1...9).flatMap { Int32($0 + String(repeating: "0", count: 9 - $0.count)) }
    }

    private mutating func digits(_ count: ClosedRange<Int>) -> Substring? {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }.prefix(count.upperBound)
        guard count.contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        return digits
    }
}
