/// Bounds on messages from outside.
package struct MessageLimits: Sendable {
    package var bytes: Int
    /// Messages, groups and map entries within each other.
    package var depth: Int

    /// As other implementations of protobuf have it.
    package init(bytes: Int = 64 << 20, depth: Int = 100) {
        (self.bytes, self.depth) = (bytes, depth)
    }
}

extension DynamicMessage {
    /// From wire form. Required fields may be missing: see `missingRequired`.
    package init(
        _ type: MessageType,
        in schema: Schema,
        decoding bytes: [UInt8],
        limits: MessageLimits = MessageLimits()
    ) throws(WireError) {
        self.init(type, in: schema)
        guard bytes.count <= limits.bytes else {
            throw WireError("\(bytes.count) bytes are more than \(limits.bytes)", at: 0)
        }
        var reader = WireReader(bytes)
        try merge(&reader, group: nil, depth: limits.depth)
    }

    /// Reads to the end of the bytes, or of the group that was begun.
    private mutating func merge(
        _ reader: inout WireReader,
        group: Int32?,
        depth: Int
    ) throws(WireError) {
        while !reader.isAtEnd {
            let start = reader.position
            let tag = try reader.tag()
            if tag.type == .endGroup, let group {
                guard tag.number == group else {
                    throw reader.fault("group \(group) ends as group \(tag.number)")
                }
                return
            }
            if let field = type.field(tag.number) {
                do throws(WireError) {
                    if try take(field, tag, &reader, from: start, depth: depth) { continue }
                } catch {
                    throw error.inside(step(to: field))
                }
            }
            try reader.skip(tag, depth: depth)
            unknownFields += reader.bytes(since: start)
        }
        guard group == nil else { throw reader.fault("a group has no end") }
    }

    private func step(to field: FieldType) -> String {
        guard field.cardinality == .repeated else { return field.name }
        guard case .list(let items)? = self[field] else { return "\(field.name)[0]" }
        return "\(field.name)[\(items.count)]"
    }

    /// Reads the payload of a known field; false when its wire type is not the field's.
    private mutating func take(
        _ field: FieldType,
        _ tag: WireTag,
        _ reader: inout WireReader,
        from start: Int,
        depth: Int
    ) throws(WireError) -> Bool {
        guard tag.type == field.kind.wireType else {
            guard tag.type == .bytes, field.cardinality == .repeated, field.kind.isPackable
            else { return false }
            try takePacked(field, &reader)
            return true
        }
        if let type = schema.message(of: field) {
            guard depth > 0 else { throw reader.fault(WireReader.tooDeep) }
            var message = DynamicMessage(type, in: schema)
            if field.cardinality == .singular, let earlier = takeOut(field) { message = earlier }
            if field.kind == .group {
                try message.merge(&reader, group: tag.number, depth: depth - 1)
            } else {
                var part = try reader.part()
                try message.merge(&part, group: nil, depth: depth - 1)
            }
            guard field.cardinality == .map else {
                add(.message(message), to: field)
                return true
            }
            takeEntry(message, of: field, raw: reader.bytes(since: start))
            return true
        }
        let value = try field.scalar(&reader)
        if isUnknown(value, field) {
            unknownFields += reader.bytes(since: start)
        } else {
            add(value, to: field)
        }
        return true
    }

    private mutating func takePacked(
        _ field: FieldType,
        _ reader: inout WireReader
    ) throws(WireError) {
        var part = try reader.part()
        while !part.isAtEnd {
            let start = part.position
            let value = try field.scalar(&part)
            if isUnknown(value, field) {
                var writer = WireWriter()
                writer.tag(field.number, .varint)
                writer.raw(part.bytes(since: start))
                unknownFields += writer.bytes
            } else {
                add(value, to: field)
            }
        }
    }

    /// An entry with fields of its own, a value unknown to a closed enum among them, is kept whole.
    private mutating func takeEntry(
        _ message: DynamicMessage,
        of field: FieldType,
        raw: ArraySlice<UInt8>
    ) {
        guard message.unknownFields.isEmpty, let entry = schema.entry(of: field) else {
            unknownFields += raw
            return
        }
        let (key, value) = (message.value(of: entry.key), message.value(of: entry.value))
        update(field) { $0.insert(value, forKey: key) }
    }

    private mutating func add(_ value: DynamicValue, to field: FieldType) {
        if field.cardinality == .repeated {
            update(field) { $0.append(value) }
        } else {
            self[field] = value
        }
    }

    private func isUnknown(_ value: DynamicValue, _ field: FieldType) -> Bool {
        guard case .enumeration(let number) = value, let type = schema.enumeration(of: field)
        else { return false }
        return type.isClosed && !type.contains(number)
    }
}

extension FieldType {
    /// One value that is no message.
    fileprivate func scalar(_ reader: inout WireReader) throws(WireError) -> DynamicValue {
        switch kind {
        case .double: return .double(Double(bitPattern: try reader.fixed64()))
        case .float: return .float(Float(bitPattern: try reader.fixed32()))
        case .int64: return .int(Int64(bitPattern: try reader.varint()))
        case .uint64: return .uint(try reader.varint())
        case .int32: return .int(Int64(Int32(truncatingIfNeeded: try reader.varint())))
        case .fixed64: return .uint(try reader.fixed64())
        case .fixed32: return .uint(UInt64(try reader.fixed32()))
        case .bool: return .bool(try reader.varint() != 0)
        case .uint32: return .uint(UInt64(UInt32(truncatingIfNeeded: try reader.varint())))
        case .enum: return .enumeration(Int32(truncatingIfNeeded: try reader.varint()))
        case .sfixed32: return .int(Int64(Int32(bitPattern: try reader.fixed32())))
        case .sfixed64: return .int(Int64(bitPattern: try reader.fixed64()))
        case .sint32:
            let number = UInt32(truncatingIfNeeded: try reader.varint())
            return .int(Int64(Int32(bitPattern: number >> 1) ^ -Int32(bitPattern: number & 1)))
        case .sint64:
            let number = try reader.varint()
            return .int(Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1))
        case .string: return try string(&reader)
        case .bytes, .message, .group:
            var part = try reader.part()
            return .bytes(Array(part.rest()))
        }
    }

    private func string(_ reader: inout WireReader) throws(WireError) -> DynamicValue {
        guard !verifiesUTF8 else { return .string(try reader.text()) }
        var part = try reader.part()
        let bytes = part.rest()
        return String(validating: bytes, as: UTF8.self).map(DynamicValue.string)
            ?? .bytes(Array(bytes))
    }
}

extension FieldDescriptor.Kind {
    var wireType: WireType {
        switch self {
        case .int32, .int64, .uint32, .uint64, .sint32, .sint64, .bool, .enum: .varint
        case .fixed64, .sfixed64, .double: .fixed64
        case .fixed32, .sfixed32, .float: .fixed32
        case .string, .bytes, .message: .bytes
        case .group: .startGroup
        }
    }

    /// Whether lists of it may be written in one piece.
    var isPackable: Bool { wireType != .bytes && wireType != .startGroup }
}
