extension ProtoLexer {
    /// Reads a quoted string and says what it means, which need not be UTF-8.
    mutating func readString() throws(ProtoSyntaxError) -> [UInt8] {
        let (start, quote) = (place, peek())
        var bytes: [UInt8] = []
        advance()
        while peek() != quote {
            switch peek() {
            case 0: throw ProtoSyntaxError("this string does not end", at: start)
            case UInt8(ascii: "\n"):
                throw ProtoSyntaxError("this string does not end in its line", at: start)
            case UInt8(ascii: "\\"):
                let place = place
                advance()
                guard readEscape(into: &bytes) else {
                    throw ProtoSyntaxError("an unknown escape in a string", at: place)
                }
            case let byte:
                bytes.append(byte)
                advance()
            }
        }
        advance()
        return bytes
    }

    private mutating func readEscape(into bytes: inout [UInt8]) -> Bool {
        let letter = peek()
        if let plain = Self.escapes[letter] {
            bytes.append(plain)
            advance()
            return true
        }
        switch letter {
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            bytes.append(UInt8(truncatingIfNeeded: readDigits(upTo: 3, radix: 8).value))
            return true
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            advance()
            let digits = readDigits(upTo: 2, radix: 16)
            bytes.append(UInt8(truncatingIfNeeded: digits.value))
            return digits.count > 0
        case UInt8(ascii: "u"):
            advance()
            let digits = readDigits(upTo: 4, radix: 16)
            append(pairedWithNext(digits.value), to: &bytes)
            return digits.count == 4
        case UInt8(ascii: "U"):
            advance()
            let digits = readDigits(upTo: 8, radix: 16)
            append(pairedWithNext(digits.value), to: &bytes)
            return digits.count == 8 && digits.value <= 0x10_FFFF
        default: return false
        }
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10,
        UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11,
        UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "?"): UInt8(ascii: "?"),
        UInt8(ascii: "'"): UInt8(ascii: "'"), UInt8(ascii: "\""): UInt8(ascii: "\""),
    ]

    private mutating func readDigits(
        upTo limit: Int,
        radix: UInt8
    ) -> (value: UInt32, count: Int) {
        var (value, count): (UInt32, Int) = (0, 0)
        while count < limit, let digit = peek().digitValue, digit < radix {
            value = value << (radix == 8 ? 3 : 4) | UInt32(digit)
            count += 1
            advance()
        }
        return (value, count)
    }

    /// The first half of a UTF-16 pair takes the second from the `\u` behind it.
    private mutating func pairedWithNext(_ head: UInt32) -> UInt32 {
        guard (0xD800..<0xDC00).contains(head), peek() == UInt8(ascii: "\\"),
            peek(1) == UInt8(ascii: "u")
        else { return head }
        var ahead = self
        ahead.advance(2)
        let digits = ahead.readDigits(upTo: 4, radix: 16)
        guard digits.count == 4, (0xDC00..<0xE000).contains(digits.value) else { return head }
        self = ahead
        return 0x10000 + ((head - 0xD800) << 10 | (digits.value - 0xDC00))
    }

    /// As UTF-8; half a pair too, which is no Unicode and which protoc writes all the same.
    private func append(_ code: UInt32, to bytes: inout [UInt8]) {
        func byte(_ mark: UInt32, _ shift: UInt32, _ mask: UInt32 = 0x3F) {
            bytes.append(UInt8(truncatingIfNeeded: mark | code >> shift & mask))
        }
        switch code {
        case ..<0x80: byte(0, 0, 0x7F)
        case ..<0x800:
            byte(0xC0, 6, 0x1F)
            byte(0x80, 0)
        case ..<0x10000:
            byte(0xE0, 12, 0x0F)
            byte(0x80, 6)
            byte(0x80, 0)
        default:
            byte(0xF0, 18, 0x07)
            byte(0x80, 12)
            byte(0x80, 6)
            byte(0x80, 0)
        }
    }
}
