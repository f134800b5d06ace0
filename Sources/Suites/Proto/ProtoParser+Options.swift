extension ProtoParser {
    mutating func readOptionStatement() throws(ProtoSyntaxError) -> OptionNode {
        try expect("option")
        let option = try readOption()
        try expect(";")
        return option
    }

    /// `name = value`.
    mutating func readOption() throws(ProtoSyntaxError) -> OptionNode {
        var parts = [try readPart()]
        while take(".") {
            guard parts.count < Self.maximumParts else {
                throw ProtoSyntaxError("a name of too many parts", at: current.place)
            }
            parts.append(try readPart())
        }
        try expect("=")
        let place = current.place
        return OptionNode(parts: parts, value: try readValue(), valuePlace: place)
    }

    private mutating func readPart() throws(ProtoSyntaxError) -> OptionNode.Part {
        let place = current.place
        guard take("(") else {
            return OptionNode.Part(
                name: try identifier("the option's name"),
                isExtension: false,
                place: place
            )
        }
        var name = current.kind == .identifier ? try identifier("a name") : ""
        while take(".") { name += "." + (try identifier("a name")) }
        try expect(")")
        return OptionNode.Part(name: name, isExtension: true, place: place)
    }

    private mutating func readValue() throws(ProtoSyntaxError) -> OptionNode.Value {
        let isNegative = take("-")
        switch current.kind {
        case .identifier where isNegative:
            guard at("inf") || at("nan") else { throw expected("a number, inf or nan") }
            // Here a NaN loses its sign; in text format it keeps it.
            let number = try readUnsignedNumber()
            return .float(number.isNaN ? number : -number)
        case .identifier: return .identifier(try identifier("a value"))
        case .integer:
            if let number = ProtoLiterals.integer(current.text) {
                if !isNegative {
                    advance()
                    return .integer(number)
                }
                if let negative = Int64(exactly: -Int128(number)) {
                    advance()
                    return .negative(negative)
                }
            }
            fallthrough
        case .float:
            let number = try readUnsignedNumber()
            return .float(isNegative ? -number : number)
        case .string where !isNegative: return .string(try string("a value"))
        case .symbol where at("{") && !isNegative: return .aggregate(try bracedTokens())
        default: throw expected("the option's value")
        }
    }

    /// A float, an integer of any size in decimal, inf or nan.
    mutating func readUnsignedNumber() throws(ProtoSyntaxError) -> Double {
        defer { advance() }
        switch current.kind {
        case .float: return ProtoLiterals.float(current.text)
        case .integer:
            if let number = ProtoLiterals.integer(current.text) { return Double(number) }
            guard !current.text.hasPrefix("0") else {
                throw ProtoSyntaxError("\(current.text) is out of range", at: current.place)
            }
            return ProtoLiterals.float(current.text)
        case .identifier where at("inf"): return .infinity
        case .identifier where at("nan"): return .nan
        default: throw expected("a number")
        }
    }
}
