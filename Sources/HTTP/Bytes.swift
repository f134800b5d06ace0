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
    @inline(__always)
    package func equalsLowercase(_ text: StaticString) -> Bool {
        equalsLowercase(UnsafeBufferPointer(text))
    }

    @inline(__always)
    func equalsLowercase(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == other.count, let mine = baseAddress, let others = other.baseAddress else {
            return count == other.count
        }
        switch count {
        case ..<4:
            for index in indices where mine[index].asciiLowercased != others[index] { return false }
            return true
        case ..<8:
            let end = count - 4
            return ByteWord(mine, mine + end).lowercased == ByteWord(others, others + end).word
        default:
            // Whole words, and a last one that may overlap the one before.
            var at = 0
            while at + 8 < count {
                guard ByteWord(mine + at).lowercased == ByteWord(others + at).word else {
                    return false
                }
                at += 8
            }
            let end = count - 8
            return ByteWord(mine + end).lowercased == ByteWord(others + end).word
        }
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

    /// A character of a token, so of a method and of a field name.
    var isToken: Bool { CharacterClass.token.contains(self) }
    /// A character of a request target.
    var isTarget: Bool { CharacterClass.target.contains(self) }
    /// What may stand in a field value: visible, blank or above ASCII (RFC 9110 section 5.5).
    var isFieldValue: Bool { self >= 0x20 && self != 0x7F || self == UInt8(ascii: "\t") }
}
