/// A value of an option, told apart as the wire does.
indirect enum OptionValue {
    case varint(UInt64)
    case fixed32(UInt32)
    case fixed64(UInt64)
    case bytes([UInt8])
    case message(OptionMessage)

    /// What an absent field means, which fields without presence do not write.
    var isZero: Bool {
        switch self {
        case .varint(0), .fixed32(0), .fixed64(0), .bytes([]): true
        default: false
        }
    }
}

/// A message that is an option, or a part of one.
struct OptionMessage {
    struct Field {
        unowned let node: FieldNode
        var values: [OptionValue] = []
    }

    var fields: [Int32: Field] = [:]
    /// Fields that protoc does not know when it writes them: they come last, as they were set.
    var rest: [UInt8] = []
    /// A message set writes its extensions in a way of its own.
    var isMessageSet = false

    /// Of a varint field set once.
    func number(_ field: Int32) -> UInt64? {
        if case .varint(let value)? = fields[field]?.values.last { value } else { nil }
    }

    func message(_ field: Int32) -> OptionMessage? {
        if case .message(let message)? = fields[field]?.values.last { message } else { nil }
    }

    /// Adds to a repeated field; a singular message is merged with what is there.
    mutating func add(_ value: OptionValue, to node: FieldNode) {
        var field = fields.removeValue(forKey: node.number) ?? Field(node: node)
        if !node.isRepeated, case .message(let new) = value,
            case .message(var old)? = field.values.last
        {
            old.merge(new)
            field.values = [.message(old)]
        } else {
            field.values.append(value)
        }
        fields[node.number] = field
    }

    private mutating func merge(_ other: OptionMessage) {
        for field in other.fields.values {
            for value in field.values { add(value, to: field.node) }
        }
        rest += other.rest
    }

    /// Fields by number, those unknown to protoc behind them.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        for field in fields.values.sorted(by: { $0.node.number < $1.node.number }) {
            bytes += encoded(field)
        }
        return bytes + rest
    }

    private func encoded(_ field: Field) -> [UInt8] {
        if field.node.isPacked {
            let payload = field.values.reduce(into: []) { $0 += Self.payload($1) }
            return payload.isEmpty ? [] : Self.tag(field.node.number, 2) + Self.counted(payload)
        }
        if isMessageSet, field.node.isExtension, case .message(let message)? = field.values.last {
            return Self.tag(1, 3) + Self.tag(2, 0)
                + Self.varint(UInt64(truncatingIfNeeded: field.node.number)) + Self.tag(3, 2)
                + Self.counted(message.encoded) + Self.tag(1, 4)
        }
        let values = field.values.filter { field.node.isWritten($0) }
        return values.reduce(into: []) { $0 += Self.encoded($1, of: field.node) }
    }

    /// One value with its tag.
    static func encoded(_ value: OptionValue, of field: FieldNode) -> [UInt8] {
        switch value {
        case .varint: tag(field.number, 0) + payload(value)
        case .fixed64: tag(field.number, 1) + payload(value)
        case .bytes(let bytes): tag(field.number, 2) + counted(bytes)
        case .message(let message) where field.isDelimited:
            tag(field.number, 3) + message.encoded + tag(field.number, 4)
        case .message(let message): tag(field.number, 2) + counted(message.encoded)
        case .fixed32: tag(field.number, 5) + payload(value)
        }
    }

    private static func payload(_ value: OptionValue) -> [UInt8] {
        switch value {
        case .varint(let number): varint(number)
        case .fixed32(let number): withUnsafeBytes(of: number.littleEndian, Array.init)
        case .fixed64(let number): withUnsafeBytes(of: number.littleEndian, Array.init)
        case .bytes(let bytes): bytes
        case .message(let message): message.encoded
        }
    }

    private static func tag(_ number: Int32, _ wireType: UInt64) -> [UInt8] {
        varint(UInt64(UInt32(bitPattern: number)) << 3 | wireType)
    }

    private static func counted(_ bytes: [UInt8]) -> [UInt8] {
        varint(UInt64(bytes.count)) + bytes
    }

    private static func varint(_ number: UInt64) -> [UInt8] {
        var (bytes, rest): ([UInt8], UInt64) = ([], number)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}

extension FieldNode {
    /// A zero without presence is not; a map entry writes both of its fields.
    fileprivate func isWritten(_ value: OptionValue) -> Bool {
        isRepeated || hasPresence || container?.isMapEntry == true || !value.isZero
    }
}
