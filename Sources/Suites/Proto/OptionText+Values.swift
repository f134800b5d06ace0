extension OptionText {
    mutating func readValue(of field: FieldNode) throws(ProtoSyntaxError) -> OptionValue {
        if field.isMessage {
            guard let type = field.messageType else { throw expected("a known type") }
            return .message(try readMessage(as: type))
        }
        switch field.kind {
        case .string, .bytes:
            guard current.kind == .string else { throw expected("a string") }
            var bytes: [UInt8] = []
            while current.kind == .string {
                bytes += current.bytes
                advance()
            }
            return .bytes(bytes)
        case .double, .float: return field.value(try readFloat())
        case .bool where current.kind == .identifier:
            defer { advance() }
            switch current.text {
            case "true", "True", "t": return .varint(1)
            case "false", "False", "f": return .varint(0)
            default: throw expected("true or false")
            }
        case .enum where current.kind == .identifier:
            defer { advance() }
            guard let value = field.enumType?.valuesByName[current.text] else {
                throw expected("a value of \(field.enumType?.fullName ?? field.name)")
            }
            return .varint(UInt64(bitPattern: Int64(value.number)))
        default: return try readInteger(of: field)
        }
    }

    private mutating func readInteger(
        of field: FieldNode
    ) throws(ProtoSyntaxError) -> OptionValue {
        let place = current.place
        let isNegative = take("-")
        guard current.kind == .integer else { throw expected("an integer") }
        let number = ProtoLiterals.integer(current.text).map { Int128($0) * (isNegative ? -1 : 1) }
        advance()
        guard let number else { throw ProtoSyntaxError("a number out of range", at: place) }
        if field.kind == .bool, number == 0 || number == 1 { return .varint(UInt64(number)) }
        if field.kind == .enum, let type = field.enumType, type.isClosed,
            Int32(exactly: number).flatMap({ type.valuesByNumber[$0] }) == nil
        {
            throw ProtoSyntaxError("\(type.fullName) has no value \(number)", at: place)
        }
        guard let value = field.value(number) else {
            throw ProtoSyntaxError("\(number) is out of range for \(field.name)", at: place)
        }
        return value
    }

    private mutating func readFloat() throws(ProtoSyntaxError) -> Double {
        let isNegative = take("-")
        let number = try readUnsignedFloat()
        return isNegative ? -number : number
    }

    private mutating func readUnsignedFloat() throws(ProtoSyntaxError) -> Double {
        defer { advance() }
        switch (current.kind, current.text.lowercasedASCII) {
        case (.integer, let text):
            let isDecimal = text == "0" || !text.hasPrefix("0")
            guard isDecimal else { throw expected("a decimal number") }
            return ProtoLiterals.integer(text).map { Double($0) } ?? ProtoLiterals.float(text)
        case (.float, let text): return ProtoLiterals.float(text)
        case (.identifier, "inf"), (.identifier, "infinity"): return .infinity
        case (.identifier, "nan"): return .nan
        default: throw expected("a number")
        }
    }
}
