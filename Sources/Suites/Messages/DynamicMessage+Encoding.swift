extension DynamicMessage {
    /// In wire form: fields by number, maps by key, then the unknown fields. Equal messages give
    /// equal bytes.
    package func encoded() -> [UInt8] {
        var writer = WireWriter()
        write(to: &writer)
        return writer.bytes
    }

    private func write(to writer: inout WireWriter) {
        for (field, value) in fields {
            switch value {
            case .list(let items) where field.isPacked:
                var packed = WireWriter()
                for item in items { packed.scalar(item, field.kind) }
                writer.field(field.number, packed.bytes)
            case .list(let items):
                for item in items { write(item, of: field, to: &writer) }
            case .map(let entries):
                guard let entry = schema.entry(of: field) else { continue }
                for (key, value) in entries.inOrder {
                    var part = WireWriter()
                    write(key, of: entry.key, to: &part)
                    write(value, of: entry.value, to: &part)
                    writer.field(field.number, part.bytes)
                }
            default: write(value, of: field, to: &writer)
            }
        }
        writer.raw(unknownFields)
    }

    private func write(_ value: DynamicValue, of field: FieldType, to writer: inout WireWriter) {
        writer.tag(field.number, field.kind.wireType)
        guard case .message(let message) = value else {
            writer.scalar(value, field.kind)
            return
        }
        if field.kind == .group {
            message.write(to: &writer)
            writer.tag(field.number, .endGroup)
        } else {
            writer.part(message.encoded())
        }
    }
}

extension WireWriter {
    fileprivate mutating func scalar(_ value: DynamicValue, _ kind: FieldDescriptor.Kind) {
        switch value {
        case .bool(let flag): varint(flag ? 1 : 0)
        case .int(let number): integer(number, kind)
        case .uint(let number):
            switch kind {
            case .fixed32: fixed32(UInt32(truncatingIfNeeded: number))
            case .fixed64: fixed64(number)
            default: varint(number)
            }
        case .float(let number): fixed32(number.bitPattern)
        case .double(let number): fixed64(number.bitPattern)
        case .string(let text): part(text.utf8)
        case .bytes(let bytes): part(bytes)
        // A negative number takes ten bytes, as of an int32.
        case .enumeration(let number): varint(UInt64(truncatingIfNeeded: number))
        case .message, .list, .map: break
        }
    }

    private mutating func integer(_ number: Int64, _ kind: FieldDescriptor.Kind) {
        switch kind {
        case .sint32, .sint64: varint(UInt64(bitPattern: number << 1 ^ number >> 63))
        case .sfixed32: fixed32(UInt32(truncatingIfNeeded: number))
        case .sfixed64: fixed64(UInt64(bitPattern: number))
        default: varint(UInt64(bitPattern: number))
        }
    }
}
