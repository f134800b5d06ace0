/// Fields whose names are reserved are passed over, whatever they hold.
extension OptionText {
    /// What follows the name.
    mutating func skipValue() throws(ProtoSyntaxError) {
        if take(":"), !isAtMessage { return try skipListOrScalar() }
        try skipMessage()
    }

    private var isAtMessage: Bool { current.isSymbol("{") || current.isSymbol("<") }

    private mutating func skipMessage() throws(ProtoSyntaxError) {
        try enter()
        defer { leave() }
        let end = current.isSymbol("<") ? ">" : "}"
        if !take("<") { try expect("{") }
        while !current.isSymbol("}"), !current.isSymbol(">") {
            if take("[") {
                _ = try readBracketedName()
            } else {
                guard current.kind == .identifier else { throw expected("a field's name") }
                advance()
            }
            try skipValue()
            if !take(";") { _ = take(",") }
        }
        try expect(end)
    }

    private mutating func skipListOrScalar() throws(ProtoSyntaxError) {
        try enter()
        defer { leave() }
        guard take("[") else { return try skipScalar() }
        if take("]") { return }
        repeat {
            if isAtMessage { try skipMessage() } else { try skipListOrScalar() }
        } while take(",")
        try expect("]")
    }

    private mutating func skipScalar() throws(ProtoSyntaxError) {
        if current.kind == .string {
            while current.kind == .string { advance() }
            return
        }
        let isNegative = take("-")
        switch current.kind {
        case .integer, .float: advance()
        case .identifier:
            let isNumber = ["inf", "infinity", "nan"].contains(current.text.lowercasedASCII)
            guard !isNegative || isNumber else { throw expected("a number") }
            advance()
        default: throw expected("a value")
        }
    }
}
