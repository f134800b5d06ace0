extension ProtoParser {
    /// As deep as protoc lets messages stand in messages.
    static let maximumDepth = 31

    mutating func readMessage(
        in container: MessageNode?,
        _ visibility: Int32?
    ) throws(ProtoSyntaxError) -> MessageNode {
        advance()
        let place = current.place
        let node = MessageNode(try identifier("the message's name"), at: place, in: file, container)
        node.visibility = visibility
        try readBody(of: node)
        return node
    }

    private mutating func readBody(of node: MessageNode) throws(ProtoSyntaxError) {
        guard node.depth <= Self.maximumDepth else {
            throw ProtoSyntaxError(
                "messages nest deeper than \(Self.maximumDepth) levels",
                at: node.place
            )
        }
        try block { (parser) throws(ProtoSyntaxError) in try parser.readStatement(in: node) }
        addSyntheticOneofs(to: node)
        node.endRangesAtMaximum()
        if let option = node.options.written.first(where: { $0.isPlain("map_entry") }) {
            throw ProtoSyntaxError(
                "map_entry is not for writing; use map<key, value>",
                at: option.place
            )
        }
    }

    private mutating func readStatement(in node: MessageNode) throws(ProtoSyntaxError) {
        let visibility = try readVisibility()
        switch current.kind == .identifier ? current.text : "" {
        case "message": node.messages.append(try readMessage(in: node, visibility))
        case "enum": node.enums.append(try readEnum(in: node, visibility))
        case "extensions": try readExtensions(of: node)
        case "reserved":
            try readReserved(
                maximum: NumberRange.upToMax,
                signed: false,
                &node.reservedNames,
                &node.reservedRanges
            )
        case "extend":
            try readExtend(in: node) { (_, field) in node.extensions.append(field) }
        case "option": node.options.written.append(try readOptionStatement())
        case "oneof": try readOneof(of: node)
        default:
            let label = try readLabel()
            node.fields.append(try readField(in: node, label))
        }
    }

    private mutating func readExtensions(of node: MessageNode) throws(ProtoSyntaxError) {
        advance()
        let ranges = try readRanges(maximum: NumberRange.upToMax, signed: false)
        var options: [OptionNode] = []
        try bracketed { (parser) throws(ProtoSyntaxError) in
            options.append(try parser.readOption())
        }
        try expect(";")
        // Each range has options of its own to interpret.
        guard ranges.count.multipliedReportingOverflow(by: options.count).partialValue <= 100_000
        else { throw ProtoSyntaxError("too many ranges with options", at: current.place) }
        for range in ranges {
            let extensionRange = ExtensionRangeNode(range, in: node)
            extensionRange.options.written = options
            node.extensionRanges.append(extensionRange)
        }
    }

    mutating func readExtend(
        in container: MessageNode?,
        add: (inout ProtoParser, FieldNode) -> Void
    ) throws(ProtoSyntaxError) {
        advance()
        let place = current.place
        let extendee = try typeName()
        if at("{"), tokenAfter.isSymbol("}") { throw expected("a field in extend") }
        try block(allowingEmptyStatements: false) { (parser) throws(ProtoSyntaxError) in
            let label = try parser.readLabel()
            let field = try parser.readField(in: container, label, extending: extendee, at: place)
            add(&parser, field)
        }
    }

    private mutating func readOneof(of node: MessageNode) throws(ProtoSyntaxError) {
        advance()
        let place = current.place
        let oneof = OneofNode(try identifier("the oneof's name"), at: place, in: node)
        let index = node.oneofs.count
        node.oneofs.append(oneof)
        try block(allowingEmptyStatements: false) { (parser) throws(ProtoSyntaxError) in
            if parser.at("option") {
                oneof.options.written.append(try parser.readOptionStatement())
            } else if parser.at("optional") || parser.at("required") || parser.at("repeated") {
                throw ProtoSyntaxError(
                    "a field in a oneof has no label",
                    at: parser.current.place
                )
            } else {
                node.fields.append(try parser.readField(in: node, .optional, oneof: index))
            }
        }
    }

    /// A proto3 `optional` is a oneof of one field.
    private func addSyntheticOneofs(to node: MessageNode) {
        let optionals = node.fields.filter(\.isProto3Optional)
        guard !optionals.isEmpty else { return }
        var names = Set(node.fields.map(\.name) + node.oneofs.map(\.name))
        for field in optionals {
            var name = field.name.hasPrefix("_") ? field.name : "_" + field.name
            while names.contains(name) { name = "X" + name }
            names.insert(name)
            field.oneofIndex = node.oneofs.count
            let oneof = OneofNode(name, at: field.place, in: node)
            oneof.isSynthetic = true
            node.oneofs.append(oneof)
        }
    }

    /// A group is a message and a field in one.
    mutating func readGroupBody(
        of field: FieldNode,
        named name: String
    ) throws(ProtoSyntaxError) {
        guard file.edition.isLegacy else {
            throw ProtoSyntaxError(
                "editions have no groups; use features.message_encoding = DELIMITED",
                at: field.typePlace
            )
        }
        guard let first = name.utf8.first, first.lowerASCII != first else {
            throw ProtoSyntaxError("a group's name begins with a capital letter", at: field.place)
        }
        let group = MessageNode(name, at: field.place, in: file, field.container)
        if let container = field.container {
            container.messages.append(group)
        } else {
            file.messages.append(group)
        }
        guard at("{") else { throw expected("the group's fields in braces") }
        try readBody(of: group)
    }
}
