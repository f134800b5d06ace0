import YAML

/// A message of a type that is known only at run time.
package struct DynamicMessage: Sendable {
    package let schema: Schema
    package let type: MessageType
    /// By field number; no empty list or map, and no zero of a field without presence.
    private(set) var values: [Int32: DynamicValue] = [:]
    /// In wire form, byte for byte as they came: fields that the type has not, and values that a
    /// closed enum has not.
    package internal(set) var unknownFields: [UInt8] = []

    package init(_ type: MessageType, in schema: Schema) {
        (self.type, self.schema) = (type, schema)
    }

    package var isEmpty: Bool { values.isEmpty && unknownFields.isEmpty }

    /// The fields that are set, by number.
    package var fields: [(field: FieldType, value: DynamicValue)] {
        values.keys.sorted().compactMap { number in
            guard let field = type.field(number), let value = values[number] else { return nil }
            return (field, value)
        }
    }

    /// nil: absent. Setting a member of a oneof clears the others.
    package subscript(field: FieldType) -> DynamicValue? {
        get { values[field.number] }
        set {
            guard let newValue, field.hasPresence || !newValue.isZero else {
                values[field.number] = nil
                return
            }
            clearOthers(of: field)
            values[field.number] = newValue
        }
    }

    /// The value, or what its absence means. An absent message is empty.
    package func value(of field: FieldType) -> DynamicValue {
        if let value = values[field.number] { return value }
        switch field.cardinality {
        case .repeated: return .list([])
        case .map: return .map([:])
        case .singular:
            guard let message = schema.message(of: field) else {
                // Of what is no message each field has a default.
                return field.defaultValue ?? .bytes([])
            }
            return .message(DynamicMessage(message, in: schema))
        }
    }

    /// The paths of required fields that are absent, here and in the messages within.
    package var missingRequired: [String] {
        let own = type.fields.filter { $0.isRequired && values[$0.number] == nil }.map(\.name)
        return own
            + fields.flatMap { field, value -> [String] in
                switch value {
                case .message(let message):
                    return message.missingRequired.map { "\(field.name).\($0)" }
                case .list(let items):
                    return items.enumerated().flatMap { index, item -> [String] in
                        guard case .message(let message) = item else { return [] }
                        return message.missingRequired.map { "\(field.name)[\(index)].\($0)" }
                    }
                case .map(let entries):
                    return entries.inOrder.flatMap { key, value -> [String] in
                        guard case .message(let message) = value else { return [] }
                        return message.missingRequired.map { "\(field.name)[\(key.words)].\($0)" }
                    }
                default: return []
                }
            }
    }

    /// Takes a message out to be merged with more: while it is also here, its lists would be copied.
    mutating func takeOut(_ field: FieldType) -> DynamicMessage? {
        guard case .message(let message)? = values.removeValue(forKey: field.number) else {
            return nil
        }
        return message
    }

    /// Changes a field's value in place: lists grow without being copied.
    mutating func update(_ field: FieldType, _ change: (inout DynamicValue) -> Void) {
        clearOthers(of: field)
        change(&values[field.number, default: .list([])])
    }

    private mutating func clearOthers(of field: FieldType) {
        guard let oneof = field.oneof else { return }
        for number in type.oneofs[oneof].numbers where number != field.number {
            values[number] = nil
        }
    }
}

/// Messages are equal by the names of their types, also across schemas.
extension DynamicMessage: Hashable {
    package static func == (left: DynamicMessage, right: DynamicMessage) -> Bool {
        left.type.fullName == right.type.fullName && left.values == right.values
            && left.unknownFields == right.unknownFields
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(type.fullName)
        hasher.combine(values)
        hasher.combine(unknownFields)
    }
}

extension DynamicValue {
    /// A key of a map as a path has it.
    var words: String {
        switch self {
        case .bool(let value): String(value)
        case .int(let value): String(value)
        case .uint(let value): String(value)
        case .string(let value): quoted(value)
        default: "…"
        }
    }
}
