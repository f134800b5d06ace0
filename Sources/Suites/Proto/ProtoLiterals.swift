import Glibc

/// How numbers, strings and names are read and written in descriptors.
enum ProtoLiterals {
    /// Of an integer token: decimal, hexadecimal or octal. Nil: it is more than 64 bits.
    static func integer(_ text: String) -> UInt64? {
        if text.hasPrefix("0x") || text.hasPrefix("0X") {
            return UInt64(text.dropFirst(2), radix: 16)
        }
        return UInt64(text, radix: text.hasPrefix("0") ? 8 : 10)
    }

    /// Of a float token, or of decimal digits; an overflow is infinite.
    static func float(_ text: String) -> Double { strtod(text, nil) }

    /// The shorter of two precisions that reads back as the same number.
    static func text(_ number: Double) -> String {
        if let special = special(number) { return special }
        let short = formatted(number, "%.15g")
        return strtod(short, nil) == number ? short : formatted(number, "%.17g")
    }

    static func text(_ number: Float) -> String {
        if let special = special(Double(number)) { return special }
        let short = formatted(Double(number), "%.6g")
        // Subnormal numbers protoc always writes with more digits.
        return strtof(short, nil) == number && !number.isSubnormal
            ? short : formatted(Double(number), "%.9g")
    }

    private static func special(_ number: Double) -> String? {
        if number.isNaN { return "nan" }
        return number.isInfinite ? (number < 0 ? "-inf" : "inf") : nil
    }

    private static func formatted(_ number: Double, _ format: String) -> String {
        var buffer = [CChar](repeating: 0, count: 40)
        let count = withVaList([number]) { vsnprintf(&buffer, buffer.count, format, $0) }
        let digits = buffer.prefix(Int(max(0, count))).map { UInt8(bitPattern: $0) }
        return String(decoding: digits, as: UTF8.self)
    }

    /// As the default of a bytes field is written.
    static func escaped(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            switch byte {
            case 10: text += Array("\\n".utf8)
            case 13: text += Array("\\r".utf8)
            case 9: text += Array("\\t".utf8)
            case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"):
                text += [UInt8(ascii: "\\"), byte]
            case 0x20..<0x7F: text.append(byte)
            default:
                let octal = [byte >> 6, byte >> 3 & 7, byte & 7].map { $0 + UInt8(ascii: "0") }
                text += [UInt8(ascii: "\\")] + octal
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// `foo_bar` is `fooBar`.
    static func jsonName(_ name: String) -> String { camelCase(name, upperFirst: false) }

    /// `foo_bar` is `FooBarEntry`.
    static func mapEntryName(_ name: String) -> String {
        camelCase(name, upperFirst: true) + "Entry"
    }

    private static func camelCase(_ name: String, upperFirst: Bool) -> String {
        var (result, upper): ([UInt8], Bool) = ([], upperFirst)
        for byte in name.utf8 {
            if byte == UInt8(ascii: "_") {
                upper = true
            } else {
                result.append(upper ? byte.upperASCII : byte)
                upper = false
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension UInt8 {
    var upperASCII: UInt8 {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) ? self - 32 : self
    }

    var lowerASCII: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self + 32 : self
    }
}
