extension ProtoParser {
    mutating func readLabel() throws(ProtoSyntaxError) -> FieldDescriptor.Label? {
        guard current.kind == .identifier else { return nil }
        let label: FieldDescriptor.Label
        switch current.text {
        case "optional": label = .optional
        case "required": label = .required
        case "repeated": label = .repeated
        default: return nil
        }
        if !file.edition.isLegacy, label != .repeated {
            throw ProtoSyntaxError(
                label == .optional
                    ? "editions have no optional: a field tells absent from zero by itself"
                    : "editions have no required; use features.field_presence = LEGACY_REQUIRED",
                at: current.place
            )
        }
        advance()
        return label
    }

    /// A field, map or group behind its label, to its end.
    mutating func readField(
        in container: MessageNode?,
        _ label: FieldDescriptor.Label?,
        oneof: Int? = nil,
        extending extendee: String? = nil,
        at extendeePlace: ProtoPlace = ProtoPlace()
    ) throws(ProtoSyntaxError) -> FieldNode {
        let typePlace = current.place
        let type = try readType()
        if case .map = type {
            try checkMap(label, isInOneof: oneof != nil, isExtension: extendee != nil, typePlace)
        } else if label == nil, file.edition == .proto2 {
            throw ProtoSyntaxError("expected optional, required or repeated", at: typePlace)
        }
        let (place, written) = (current.place, try identifier("the field's name"))
        let isGroup = type.isGroup
        let name = isGroup ? written.lowercasedASCII : written
        let field = FieldNode(name, at: place, in: file, container, label ?? .optional)
        field.isProto3Optional = label == .optional && oneof == nil && file.edition == .proto3
        field.oneofIndex = oneof
        (field.extendeeName, field.extendeePlace) = (extendee, extendeePlace)
        field.typePlace = typePlace
        set(type, of: field, group: written)
        try expect("=")
        field.numberPlace = current.place
        field.number = try int32(signed: false, "the field's number")
        try readOptions(of: field)
        if isGroup {
            try readGroupBody(of: field, named: written)
        } else {
            try expect(";")
        }
        if case .map(let key, let value) = type { addMapEntry(for: field, key, value) }
        return field
    }

    private indirect enum FieldType {
        case scalar(FieldDescriptor.Kind)
        case named(String)
        case map(key: FieldType, value: FieldType)

        var isGroup: Bool { if case .scalar(.group) = self { true } else { false } }
    }

    private mutating func readType() throws(ProtoSyntaxError) -> FieldType {
        guard at("map"), tokenAfter.isSymbol("<") else { return try readPlainType() }
        advance()
        advance()
        let key = try readPlainType()
        try expect(",")
        let value = try readPlainType()
        try expect(">")
        return .map(key: key, value: value)
    }

    private mutating func readPlainType() throws(ProtoSyntaxError) -> FieldType {
        guard current.kind == .identifier,
            let kind = FieldNode.scalars(in: file.edition)[current.text]
        else {
            return .named(try typeName())
        }
        advance()
        return .scalar(kind)
    }

    private func checkMap(
        _ label: FieldDescriptor.Label?,
        isInOneof: Bool,
        isExtension: Bool,
        _ place: ProtoPlace
    ) throws(ProtoSyntaxError) {
        if isInOneof { throw ProtoSyntaxError("a map cannot be in a oneof", at: place) }
        if label != nil { throw ProtoSyntaxError("a map has no label", at: place) }
        if isExtension { throw ProtoSyntaxError("a map cannot be an extension", at: place) }
    }

    private func set(_ type: FieldType, of field: FieldNode, group name: String) {
        switch type {
        case .scalar(.group):
            field.kind = .group
            field.typeName = name
        case .scalar(let kind): field.kind = kind
        case .named(let name): field.typeName = name
        case .map:
            field.label = .repeated
            field.typeName = ProtoLiterals.mapEntryName(field.name)
        }
    }

    /// The message of a map's entries, which takes over the field's features.
    private func addMapEntry(for field: FieldNode, _ key: FieldType, _ value: FieldType) {
        guard let container = field.container else { return }
        let name = ProtoLiterals.mapEntryName(field.name)
        let entry = MessageNode(name, at: field.place, in: file, container)
        entry.isMapEntry = true
        for (index, part) in [("key", key), ("value", value)].enumerated() {
            let node = FieldNode(part.0, at: field.place, in: file, entry, .optional)
            node.number = Int32(index + 1)
            node.typePlace = field.typePlace
            set(part.1, of: node, group: "")
            node.options.written = field.options.written.filter {
                $0.parts.first.map { $0.name == "features" && !$0.isExtension } == true
            }
            entry.fields.append(node)
        }
        container.messages.append(entry)
    }

    // MARK: - Default and JSON name

    private mutating func readOptions(of field: FieldNode) throws(ProtoSyntaxError) {
        try bracketed { (parser) throws(ProtoSyntaxError) in
            let place = parser.current.place
            switch parser.current.text {
            case "default":
                guard field.defaultValue == nil else {
                    throw ProtoSyntaxError("default is set already", at: place)
                }
                parser.advance()
                try parser.expect("=")
                field.defaultPlace = parser.current.place
                field.defaultValue = try parser.readDefault(of: field)
            case "json_name":
                guard field.jsonName == nil else {
                    throw ProtoSyntaxError("json_name is set already", at: place)
                }
                parser.advance()
                try parser.expect("=")
                field.jsonPlace = parser.current.place
                field.jsonName = try parser.text("a JSON name in quotes")
            default: field.options.written.append(try parser.readOption())
            }
        }
    }

    /// As descriptors write it: numbers without base and spaces, bytes escaped.
    private mutating func readDefault(of field: FieldNode) throws(ProtoSyntaxError) -> String {
        switch field.kind {
        // A message or an enum; which, the linker knows.
        case nil:
            defer { advance() }
            return current.text
        case .int32, .sint32, .sfixed32: return try readIntegerDefault(UInt64(Int32.max))
        case .int64, .sint64, .sfixed64: return try readIntegerDefault(UInt64(Int64.max))
        case .uint32, .fixed32: return String(try integer(upTo: UInt64(UInt32.max), "a number"))
        case .uint64, .fixed64: return String(try integer(upTo: UInt64.max, "a number"))
        case .double: return ProtoLiterals.text(try readNumber())
        case .float: return ProtoLiterals.text(Float(try readNumber()))
        case .bool:
            guard at("true") || at("false") else { throw expected("true or false") }
            defer { advance() }
            return current.text
        case .string: return try text("text in quotes")
        case .bytes: return ProtoLiterals.escaped(try string("bytes in quotes"))
        case .enum, .message, .group:
            throw ProtoSyntaxError("a message has no default", at: current.place)
        }
    }

    private mutating func readIntegerDefault(_ limit: UInt64) throws(ProtoSyntaxError) -> String {
        let isNegative = take("-")
        let number = try integer(upTo: isNegative ? limit + 1 : limit, "a number")
        return isNegative && number != 0 ? "-\(number)" : "\(number)"
    }

    private mutating func readNumber() throws(ProtoSyntaxError) -> Double {
        let isNegative = take("-")
        let number = try readUnsignedNumber()
        return isNegative ? -number : number
    }
}
