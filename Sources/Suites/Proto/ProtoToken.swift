/// A word, number, string or mark of a `.proto` file.
struct ProtoToken {
    enum Kind { case identifier, integer, float, string, symbol, end }

    var kind: Kind
    /// As written.
    var text: String
    /// What a string says, with its escapes resolved.
    var bytes: [UInt8] = []
    var place: ProtoPlace

    func isSymbol(_ symbol: String) -> Bool { kind == .symbol && text == symbol }

    /// For a message about a token that was not expected.
    var described: String {
        switch kind {
        case .end: "the end of the file"
        case .string: "a string"
        default: "\"\(text)\""
        }
    }
}

extension UInt8 {
    var isProtoLetter: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    /// Of a hexadecimal digit.
    var digitValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension String {
    var isProtoIdentifier: Bool {
        guard let first = utf8.first, first.isProtoLetter else { return false }
        return utf8.allSatisfy { $0.isProtoLetter || $0.isDigit }
    }
}
