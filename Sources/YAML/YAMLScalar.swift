/// The text of a scalar and how it was written.
package struct YAMLScalar: Hashable, Sendable {
    package enum Style: Hashable, Sendable {
        case plain, singleQuoted, doubleQuoted, literal, folded
    }

    package let text: String
    package let style: Style

    package init(_ text: String, style: Style = .plain) {
        self.text = text
        self.style = style
    }

    /// A scalar by the core schema of YAML 1.2: `yes`, `off` and `0777` mean no boolean and no octal.
    package enum Resolved: Hashable, Sendable {
        case null
        case bool(Bool)
        /// nil: a whole number too large for `Int`.
        case int(Int?)
        case float(Double)
        case text(String)
    }

    /// Quoted and block scalars are text; plain ones are looked at, unless the tag says what they are.
    package func resolved(tag: String?) -> Resolved {
        switch tag {
        case nil: style == .plain ? plain : .text(text)
        case YAMLTag.int, YAMLTag.bool, YAMLTag.null: plain
        case YAMLTag.float:
            if case .int(let number?) = plain { .float(Double(number)) } else { plain }
        default: .text(text)
        }
    }

    private var plain: Resolved {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        if text.hasPrefix("0x"), let digits = digits(after: 2, radix: 16) {
            return .int(Int(digits, radix: 16))
        }
        if text.hasPrefix("0o"), let digits = digits(after: 2, radix: 8) {
            return .int(Int(digits, radix: 8))
        }
        let sign = text.hasPrefix("-") || text.hasPrefix("+") ? 1 : 0
        if digits(after: sign, radix: 10) != nil { return .int(Int(text)) }
        if let float { return .float(float) }
        return .text(text)
    }

    /// What follows `count` bytes, if that is digits of `radix` and nothing else.
    private func digits(after count: Int, radix: Int) -> Substring? {
        let rest = text.dropFirst(count)
        let isNumber =
            !rest.isEmpty && rest.allSatisfy { $0.isASCII && ($0.hexDigitValue ?? 16) < radix }
        return isNumber ? rest : nil
    }

    private var float: Double? {
        let unsigned = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        switch unsigned {
        case ".inf", ".Inf", ".INF": return text.hasPrefix("-") ? -.infinity : .infinity
        case ".nan", ".NaN", ".NAN": return unsigned.count == text.count ? .nan : nil
        default: break
        }
        // `Double(_:)` also reads "inf", "nan" and hexadecimal floats, which the core schema does not.
        guard let first = unsigned.first, first == "." || first.isNumber else { return nil }
        let allowed = unsigned.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || "+-.eE".utf8.contains(byte)
        }
        return allowed ? Double(text) : nil
    }
}

/// The tags of the core schema, written out.
package enum YAMLTag {
    package static let string = "tag:yaml.org,2002:str"
    package static let int = "tag:yaml.org,2002:int"
    package static let float = "tag:yaml.org,2002:float"
    package static let bool = "tag:yaml.org,2002:bool"
    package static let null = "tag:yaml.org,2002:null"
    package static let sequence = "tag:yaml.org,2002:seq"
    package static let mapping = "tag:yaml.org,2002:map"
    /// `!` alone: text, whatever it looks like.
    package static let nonSpecific = "!"

    static let core: Set = [string, int, float, bool, null, sequence, mapping, nonSpecific]
}
