extension UnsafeBufferPointer<UInt8> {
    /// The bytes of a literal, which live as long as the program.
    package init(_ text: StaticString) {
        self.init(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    /// Whether these are exactly the bytes of `text`.
    package func equals(_ text: StaticString) -> Bool {
        let other = UnsafeBufferPointer(text)
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }

    /// Whether these are the letters of `text`, which is in lower case, in any case.
    package func equalsLowercase(_ text: StaticString) -> Bool {
        equalsLowercase(UnsafeBufferPointer(text))
    }

    func equalsLowercase(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index].asciiLowercased != other[index] { return false }
        return true
    }

    /// Without spaces and tabs at either end (RFC 9110 section 5.6.3).
    var trimmed: UnsafeBufferPointer<UInt8> {
        var rest = self[...]
        while let first = rest.first, first.isBlank { rest.removeFirst() }
        while let last = rest.last, last.isBlank { rest.removeLast() }
        return UnsafeBufferPointer(rebasing: rest)
    }

    /// Whether a comma-separated list holds this word, given in lower case.
    func listContains(_ word: StaticString) -> Bool {
        split(separator: UInt8(ascii: ",")).contains {
            UnsafeBufferPointer(rebasing: $0).trimmed.equalsLowercase(word)
        }
    }
}

extension UInt8 {
    var asciiLowercased: UInt8 {
        self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self
    }

    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
    var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }

    var isHexDigit: Bool { hexValue != nil }

    /// The value of a hexadecimal digit.
    var hexValue: UInt8? {
        if isDigit { return self - UInt8(ascii: "0") }
        let letter = asciiLowercased &- UInt8(ascii: "a")
        return letter < 6 ? letter + 10 : nil
    }

    /// A character of a token, so of a method and of a field name (RFC 9110 section 5.6.2).
    var isToken: Bool { tokens.contains(self) }
    /// A character of a registered name in an authority (RFC 3986 section 3.2.2).
    var isRegisteredName: Bool { registeredNames.contains(self) }
    /// Visible ASCII but `#`, which starts a fragment, and that never travels.
    var isTarget: Bool { self > 0x20 && self < 0x7F && self != UInt8(ascii: "#") }
    /// What may stand in a field value: visible, blank or above ASCII (RFC 9110 section 5.5).
    var isFieldValue: Bool { self >= 0x20 && self != 0x7F || self == UInt8(ascii: "\t") }
}

/// A set of ASCII characters in two words, so that a look-up is a shift and no memory access.
private struct CharacterBits {
    let low: UInt64
    let high: UInt64

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        let word = byte < 64 ? low : high
        return byte < 128 && (word >> UInt64(byte & 63)) & 1 == 1
    }
}

private let tokens = CharacterBits(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE)
private let registeredNames = CharacterBits(
    low: 0x2BFF_7FF2_0000_0000,
    high: 0x47FF_FFFE_87FF_FFFE
)
