extension ProtoParser {
    mutating func readEnum(
        in container: MessageNode?,
        _ visibility: Int32?
    ) throws(ProtoSyntaxError) -> EnumNode {
        advance()
        let place = current.place
        let node = EnumNode(try identifier("the enum's name"), at: place, in: file, container)
        node.visibility = visibility
        try block { (parser) throws(ProtoSyntaxError) in
            if parser.at("option") {
                node.options.written.append(try parser.readOptionStatement())
            } else if parser.at("reserved") {
                try parser.readReserved(
                    maximum: Int64(Int32.max),
                    signed: true,
                    &node.reservedNames,
                    &node.reservedRanges
                )
            } else {
                node.values.append(try parser.readEnumValue(of: node))
            }
        }
        try checkAliases(of: node)
        return node
    }

    private mutating func readEnumValue(
        of type: EnumNode
    ) throws(ProtoSyntaxError) -> EnumValueNode {
        let place = current.place
        let name = try identifier("the name of an enum value")
        try expect("=")
        let numberPlace = current.place
        let number = try int32(signed: true, "a number")
        let value = EnumValueNode(name, at: place, number, at: numberPlace, of: type)
        try bracketed { (parser) throws(ProtoSyntaxError) in
            value.options.written.append(try parser.readOption())
        }
        try expect(";")
        return value
    }

    /// An `allow_alias` that does nothing is an error.
    private func checkAliases(of node: EnumNode) throws(ProtoSyntaxError) {
        guard let option = node.options.written.first(where: { $0.isPlain("allow_alias") }) else {
            return
        }
        guard option.isPlain("allow_alias", saying: "true") else {
            throw ProtoSyntaxError(
                "allow_alias = false has no effect; remove it from \(node.name)",
                at: option.place
            )
        }
        if Set(node.values.map(\.number)).count == node.values.count {
            throw ProtoSyntaxError(
                "\(node.name) has no two values of one number; remove its allow_alias",
                at: option.place
            )
        }
    }

    /// `reserved 1, 5 to max;`, or names: in quotes, since editions without.
    mutating func readReserved(
        maximum: Int64,
        signed: Bool,
        _ names: inout [ReservedName],
        _ ranges: inout [NumberRange]
    ) throws(ProtoSyntaxError) {
        advance()
        let isQuoted = current.kind == .string
        guard isQuoted || current.kind == .identifier else {
            ranges += try readRanges(maximum: maximum, signed: signed)
            return try expect(";")
        }
        guard isQuoted == file.edition.isLegacy else {
            throw ProtoSyntaxError(
                isQuoted
                    ? "reserved names stand without quotes in editions"
                    : "reserved names stand in quotes in \(file.edition.described)",
                at: current.place
            )
        }
        repeat {
            let place = current.place
            let name = isQuoted ? try text("a name in quotes") : try identifier("a name")
            names.append(ReservedName(name: name, place: place))
        } while take(",")
        try expect(";")
    }

    /// `1, 4 to 6, 9 to max`.
    mutating func readRanges(
        maximum: Int64,
        signed: Bool
    ) throws(ProtoSyntaxError) -> [NumberRange] {
        var ranges: [NumberRange] = []
        repeat {
            let place = current.place
            let start = try readRangeEnd(signed: signed)
            var end = start
            if take("to") { end = take("max") ? maximum : try readRangeEnd(signed: signed) }
            ranges.append(NumberRange(start: start, end: end, place: place))
        } while take(",")
        return ranges
    }

    private mutating func readRangeEnd(signed: Bool) throws(ProtoSyntaxError) -> Int64 {
        let place = current.place
        let number = try int32(signed: signed, "a number, or names")
        // Of messages the wire form of a range holds the number behind it.
        guard signed || number < Int32.max else {
            throw ProtoSyntaxError("\(number) is out of range", at: place)
        }
        return Int64(number)
    }
}
