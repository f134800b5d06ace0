/// A value of a field. Which width a number has, and which enum it is of, says its field.
package enum DynamicValue: Sendable {
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case float(Float)
    case double(Double)
    case string(String)
    /// Also text that is no UTF-8, where its field allows it.
    case bytes([UInt8])
    case enumeration(Int32)
    indirect case message(DynamicMessage)
    case list([DynamicValue])
    /// Keys are `bool`, `int`, `uint` or `string`.
    case map([DynamicValue: DynamicValue])

    /// What an absent field of a kind means; `first` is the number of an enum's first value.
    static func zero(of kind: FieldDescriptor.Kind, first: Int32) -> DynamicValue? {
        switch kind {
        case .int32, .int64, .sint32, .sint64, .sfixed32, .sfixed64: .int(0)
        case .uint32, .uint64, .fixed32, .fixed64: .uint(0)
        case .bool: .bool(false)
        case .float: .float(0)
        case .double: .double(0)
        case .string: .string("")
        case .bytes: .bytes([])
        case .enum: .enumeration(first)
        case .message, .group: nil
        }
    }

    /// What a field without presence does not tell from absence. A negative zero is no zero.
    var isZero: Bool {
        switch self {
        case .bool(let value): !value
        case .int(let value): value == 0
        case .uint(let value): value == 0
        case .float(let value): value.bitPattern == 0
        case .double(let value): value.bitPattern == 0
        case .string(let value): value.isEmpty
        case .bytes(let value): value.isEmpty
        case .enumeration(let value): value == 0
        case .message: false
        case .list(let items): items.isEmpty
        case .map(let entries): entries.isEmpty
        }
    }

    /// Adds to a list in place.
    mutating func append(_ item: DynamicValue) {
        guard case .list(var items) = consume self else {
            self = .list([item])
            return
        }
        items.append(item)
        self = .list(items)
    }

    /// Adds to a map in place; the last of equal keys stays.
    mutating func insert(_ value: DynamicValue, forKey key: DynamicValue) {
        guard case .map(var entries) = consume self else {
            self = .map([key: value])
            return
        }
        entries[key] = value
        self = .map(entries)
    }
}

/// Texts are equal when their bytes are: to Swift two spellings of "é" are the same.
extension DynamicValue: Hashable {
    package static func == (left: DynamicValue, right: DynamicValue) -> Bool {
        switch (left, right) {
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right
        case (.uint(let left), .uint(let right)): left == right
        case (.float(let left), .float(let right)): left == right
        case (.double(let left), .double(let right)): left == right
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.bytes(let left), .bytes(let right)): left == right
        case (.enumeration(let left), .enumeration(let right)): left == right
        case (.message(let left), .message(let right)): left == right
        case (.list(let left), .list(let right)): left == right
        case (.map(let left), .map(let right)): left == right
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .bool(let value): hasher.combine(value)
        case .int(let value): hasher.combine(value)
        case .uint(let value): hasher.combine(value)
        case .float(let value): hasher.combine(value)
        case .double(let value): hasher.combine(value)
        case .string(let value):
            for byte in value.utf8 { hasher.combine(byte) }
        case .bytes(let value): hasher.combine(value)
        case .enumeration(let value): hasher.combine(value)
        case .message(let value): hasher.combine(value)
        case .list(let value): hasher.combine(value)
        case .map(let value): hasher.combine(value)
        }
    }
}

extension [DynamicValue: DynamicValue] {
    /// In the order of the keys, so that what is written does not depend on chance.
    package var inOrder: [(key: DynamicValue, value: DynamicValue)] {
        sorted { left, right in
            switch (left.key, right.key) {
            case (.int(let left), .int(let right)): left < right
            case (.uint(let left), .uint(let right)): left < right
            case (.string(let left), .string(let right)):
                left.utf8.lexicographicallyPrecedes(right.utf8)
            case (.bytes(let left), .bytes(let right)): left.lexicographicallyPrecedes(right)
            case (.bool(let left), .bool(let right)): !left && right
            // Only keys of text that is no UTF-8 stand beside others of another case.
            case (.string, _): true
            default: false
            }
        }
    }
}
