/// Numbers with units, exact: no floating point between the text and the value.
package enum Quantity {
    /// The longest duration that is read: beyond it, sums of durations could overflow.
    package static let longest: Duration = .seconds(366 * 86_400)

    private static let durations: [String: Int] = [
        "ns": 1, "us": 1_000, "µs": 1_000, "ms": 1_000_000, "s": 1_000_000_000,
        "m": 60_000_000_000, "h": 3_600_000_000_000, "d": 86_400_000_000_000,
    ]

    private static let sizes: [String: Int] = [
        "B": 1, "kB": 1_000, "KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000,
        "TB": 1_000_000_000_000, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
    ]

    /// `800ms`, `1.5s`, `1m30s`.
    package static func duration(_ text: String) throws(YAMLMismatch) -> Duration {
        var rest = text[...]
        var nanoseconds = 0
        var last = Int.max
        repeat {
            let (part, unit) = try amount(&rest, of: text, in: durations, like: "5s or 800ms")
            // Largest unit first, each once: anything else is a slip.
            guard unit < last else {
                throw YAMLMismatch("\(quoted(text)) has its units out of order")
            }
            last = unit
            let (sum, overflow) = nanoseconds.addingReportingOverflow(part)
            guard !overflow, .nanoseconds(sum) <= longest else {
                throw YAMLMismatch("\(quoted(text)) is longer than a year")
            }
            nanoseconds = sum
        } while !rest.isEmpty
        return .nanoseconds(nanoseconds)
    }

    /// `2GiB`, `1.5MB`.
    package static func byteSize(_ text: String) throws(YAMLMismatch) -> Int {
        var rest = text[...]
        let (bytes, _) = try amount(&rest, of: text, in: sizes, like: "512KiB or 2GiB")
        guard rest.isEmpty else { throw YAMLMismatch("\(quoted(text)) is not one size") }
        return bytes
    }

    /// `10%`, `2.5%`, as a share of 1.
    package static func percent(_ text: String) throws(YAMLMismatch) -> Double {
        var rest = text[...]
        let (millionths, _) = try amount(&rest, of: text, in: ["%": 1_000_000], like: "10%")
        guard rest.isEmpty else { throw YAMLMismatch("\(quoted(text)) is not one percentage") }
        return Double(millionths) / 100_000_000
    }

    /// A duration in the largest unit that needs no fraction.
    package static func words(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        if attoseconds != 0 {
            let milliseconds = Double(seconds) * 1e3 + Double(attoseconds) / 1e15
            let whole = milliseconds.rounded()
            return whole == milliseconds ? "\(Int(whole))ms" : "\(milliseconds)ms"
        }
        for (unit, length) in [("d", Int64(86_400)), ("h", 3_600), ("m", 60)]
        where seconds != 0 && seconds.isMultiple(of: length) {
            return "\(seconds / length)\(unit)"
        }
        return "\(seconds)s"
    }

    /// Takes a decimal number and its unit off the front of `rest`.
    private static func amount(
        _ rest: inout Substring,
        of text: String,
        in units: [String: Int],
        like example: String
    ) throws(YAMLMismatch) -> (value: Int, unit: Int) {
        let whole = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(whole.count)
        var fraction: Substring = ""
        if rest.first == "." {
            fraction = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(fraction.count + 1)
            guard !fraction.isEmpty else {
                throw YAMLMismatch("\(quoted(text)) is no number with a unit, such as \(example)")
            }
        }
        guard !whole.isEmpty else {
            throw YAMLMismatch("\(quoted(text)) is no number with a unit, such as \(example)")
        }
        let name = String(rest.prefix { $0.isLetter || $0 == "%" })
        rest = rest.dropFirst(name.count)
        guard !name.isEmpty else {
            throw YAMLMismatch("\(quoted(text)) has no unit: write for example \(example)")
        }
        guard let unit = units[name] else {
            let known = suggestion(for: name, among: Array(units.keys))
            throw YAMLMismatch("\(quoted(text)) has the unknown unit \(quoted(name))\(known)")
        }
        guard let value = exact(whole: whole, fraction: fraction, unit: unit) else {
            throw YAMLMismatch("\(quoted(text)) is too large, or too fine for its unit")
        }
        return (value, unit)
    }

    /// The product, or nil if it overflows or is no whole number.
    private static func exact(whole: Substring, fraction: Substring, unit: Int) -> Int? {
        guard let high = Int(whole) else { return nil }
        let (product, overflow) = high.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        guard !fraction.isEmpty else { return product }
        guard fraction.count <= 9, let low = Int(fraction) else { return nil }
        let scale = (0..<fraction.count).reduce(1) { scale, _ in scale * 10 }
        let parts = low.multipliedFullWidth(by: unit)
        let (quotient, remainder) = scale.dividingFullWidth(parts)
        guard remainder == 0 else { return nil }
        let (sum, tooLarge) = product.addingReportingOverflow(quotient)
        return tooLarge ? nil : sum
    }
}
