extension ProtoLinker {
    /// What is written for a field, if it fits.
    func value(
        of option: OptionNode,
        for field: FieldNode,
        in scope: String,
        of file: FileNode
    ) throws(ProtoSyntaxError) -> OptionValue {
        func unfit(_ what: String) -> ProtoSyntaxError {
            ProtoSyntaxError("\(option.name) must be \(what)", at: option.valuePlace)
        }
        let range = "in the range of \(field.kind.map { "\($0)" } ?? "its type")"
        switch (field.kind, option.value) {
        case (.message, .aggregate(let tokens)), (.group, .aggregate(let tokens)):
            guard let type = field.messageType else { throw unfit("of a known type") }
            var reader = OptionText(tokens, after: option.valuePlace, for: self, file)
            return .message(try reader.readAll(as: type))
        case (.message, _), (.group, _): throw unfit("a message in braces")
        case (.enum, .identifier(let name)):
            if let value = field.enumType?.valuesByName[name] {
                return .varint(UInt64(bitPattern: Int64(value.number)))
            }
            let hint = nearest(to: name, among: field.enumType?.valuesByName.keys.map(\.self) ?? [])
            throw ProtoSyntaxError(
                "\(field.enumType?.fullName ?? "") has no value \(name)\(hint)",
                at: option.valuePlace
            )
        case (.enum, _): throw unfit("the name of a value")
        case (.bool, .identifier("true")): return .varint(1)
        case (.bool, .identifier("false")): return .varint(0)
        case (.bool, _): throw unfit("true or false")
        case (.string, .string(let bytes)), (.bytes, .string(let bytes)): return .bytes(bytes)
        case (.string, _), (.bytes, _): throw unfit("in quotes")
        case (.double, let value), (.float, let value):
            guard let number = value.number else { throw unfit("a number") }
            return field.value(number)
        case (_, .integer(let number)):
            guard let value = field.value(Int128(number)) else { throw unfit(range) }
            return value
        case (_, .negative(let number)):
            guard let value = field.value(Int128(number)) else { throw unfit(range) }
            return value
        default: throw unfit("an integer")
        }
    }
}

extension OptionNode.Value {
    fileprivate var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .negative(let number): Double(number)
        case .float(let number): number
        case .identifier("inf"): .infinity
        case .identifier("nan"): .nan
        default: nil
        }
    }
}

extension FieldNode {
    /// For a field of floating point.
    func value(_ number: Double) -> OptionValue {
        kind == .float ? .fixed32(Float(number).bitPattern) : .fixed64(number.bitPattern)
    }

    /// For a field of integers; nil: out of range.
    func value(_ number: Int128) -> OptionValue? {
        switch kind {
        case .int32, .enum:
            Int32(exactly: number).map { .varint(UInt64(bitPattern: Int64($0))) }
        case .int64: Int64(exactly: number).map { .varint(UInt64(bitPattern: $0)) }
        case .uint32: UInt32(exactly: number).map { .varint(UInt64($0)) }
        case .uint64: UInt64(exactly: number).map { .varint($0) }
        case .sint32:
            Int32(exactly: number).map { .varint(UInt64(UInt32(bitPattern: $0 << 1 ^ $0 >> 31))) }
        case .sint64: Int64(exactly: number).map { .varint(UInt64(bitPattern: $0 << 1 ^ $0 >> 63)) }
        case .fixed32: UInt32(exactly: number).map { .fixed32($0) }
        case .sfixed32: Int32(exactly: number).map { .fixed32(UInt32(bitPattern: $0)) }
        case .fixed64: UInt64(exactly: number).map { .fixed64($0) }
        case .sfixed64: Int64(exactly: number).map { .fixed64(UInt64(bitPattern: $0)) }
        default: nil
        }
    }

    var oneof: OneofNode? {
        guard let oneofIndex, let container, oneofIndex < container.oneofs.count else { return nil }
        return container.oneofs[oneofIndex]
    }
}
