/// The `default` of a field from the text that descriptor.proto gives it.
enum DefaultValue {
    /// nil: the text is no value of this kind.
    static func parse(
        _ text: String,
        _ kind: FieldDescriptor.Kind,
        _ enumeration: EnumType?
    ) -> DynamicValue? {
        switch kind {
        case .int32, .sint32, .sfixed32: Int32(text).map { .int(Int64($0)) }
        case .int64, .sint64, .sfixed64: Int64(text).map(DynamicValue.int)
        case .uint32, .fixed32: UInt32(text).map { .uint(UInt64($0)) }
        case .uint64, .fixed64: UInt64(text).map(DynamicValue.uint)
        case .bool: Bool(text).map(DynamicValue.bool)
        // Swift reads "inf", "-inf" and "nan" as protobuf writes them.
        case .float: Float(text).map(DynamicValue.float)
        case .double: Double(text).map(DynamicValue.double)
        case .string: .string(text)
        case .bytes: unescaped(Array(text.utf8)).map(DynamicValue.bytes)
        case .enum: enumeration?.number(named: text).map(DynamicValue.enumeration)
        case .message, .group: nil
        }
    }

    /// Bytes from their C escapes, as protoc writes them: three octal digits, or a letter.
    private static func unescaped(_ text: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            guard let next = rest.popFirst() else { return nil }
            switch next {
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"): result.append(next)
            case UInt8(ascii: "0")...UInt8(ascii: "3"):
                let digits = [next] + rest.prefix(2)
                rest = rest.dropFirst(2)
                guard digits.count == 3,
                    let octal = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
                else { return nil }
                result.append(octal)
            default: return nil
            }
        }
        return result
    }
}
