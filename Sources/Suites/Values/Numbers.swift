import YAML

/// A whole number as it is written, exact to 64 bits and a sign: decimal, `0x…`, `0o…`, and also
/// `1e3` and `2.0`, as JSON may have them.
struct WholeNumber {
    private let isNegative: Bool
    /// nil: too large for any type.
    private let magnitude: UInt64?

    init?(_ text: String) {
        isNegative = text.hasPrefix("-")
        let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        let isSigned = digits.count != text.count
        // The integer parsers take a sign of their own.
        guard let first = digits.first, first.isASCII, first.isNumber else { return nil }
        let exact =
            if digits.hasPrefix("0x"), !isSigned {
                UInt64(digits.dropFirst(2), radix: 16)
            } else if digits.hasPrefix("0o"), !isSigned {
                UInt64(digits.dropFirst(2), radix: 8)
            } else {
                UInt64(digits)
            }
        if exact != nil || digits.allSatisfy({ $0.isASCII && $0.isNumber }) {
            magnitude = exact
        } else if case .float(let number) = YAMLScalar(String(digits)).resolved(tag: nil),
            number <= 0x1p53, let whole = UInt64(exactly: number)
        {
            magnitude = whole
        } else {
            return nil
        }
    }

    var unsigned: UInt64? {
        guard let magnitude, !isNegative || magnitude == 0 else { return nil }
        return magnitude
    }

    var signed: Int64? {
        guard let magnitude else { return nil }
        if isNegative, magnitude == 1 << 63 { return .min }
        return Int64(exactly: magnitude).map { isNegative ? -$0 : $0 }
    }
}

enum FloatText {
    /// By YAML's rules or by JSON's (`NaN`, `Infinity`); nil also of what is too large.
    static func double(_ text: String) -> Double? {
        switch text {
        case "NaN": return .nan
        case "Infinity": return .infinity
        case "-Infinity": return -.infinity
        default: break
        }
        switch YAMLScalar(text).resolved(tag: nil) {
        case .int(let number): return number.map(Double.init) ?? finite(text)
        case .float(let number):
            let isWritten = text.hasSuffix("f") || text.hasSuffix("F")
            return number.isInfinite && !isWritten ? nil : number
        default: return nil
        }
    }

    private static func finite(_ text: String) -> Double? {
        Double(text).flatMap { $0.isFinite ? $0 : nil }
    }

    /// As YAML has it, and exact when read again.
    static func words(_ number: some BinaryFloatingPoint & LosslessStringConvertible) -> String {
        if number.isNaN { return ".nan" }
        return number.isInfinite ? (number < 0 ? "-.inf" : ".inf") : String(number)
    }
}
