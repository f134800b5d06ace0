import GRPC
import YAML

extension TypeChecker {
    /// A value of a field that is no message.
    func scalar(_ node: YAMLNode, _ field: FieldType) -> DynamicValue? {
        if field.kind == .bytes, node.tag == "!hex" { return hex(node) }
        guard node.hasKnownTag(report) else { return nil }
        guard case .scalar(let scalar) = node.content else {
            return mismatch("\(expected(field)) for \(field.name)", node)
        }
        switch field.kind {
        case .string:
            guard let text = node.text else {
                let words = "text for \(field.name), in quotes if it looks like something else"
                return mismatch(words, node)
            }
            return .string(text)
        case .bool:
            guard case .bool(let flag) = scalar.resolved(tag: node.tag) else { break }
            return .bool(flag)
        case .bytes:
            guard !node.isNull else { break }
            guard let bytes = Base64.decode(scalar.text) else {
                return mismatch("base64 for \(field.name), or hexadecimal after !hex", node)
            }
            return .bytes(bytes)
        case .enum: return enumeration(node, scalar, field)
        case .double, .float: return number(node, scalar, field)
        case .message, .group: return nil
        default: return integer(node, scalar, field.kind, "for \(field.name)")
        }
        return mismatch("\(expected(field)) for \(field.name)", node)
    }

    /// A key of a map, quoted or not.
    func key(_ node: YAMLNode, _ field: FieldType) -> DynamicValue? {
        guard case .scalar(let scalar) = node.content else { return mismatch("a key", node) }
        switch field.kind {
        case .string: return .string(scalar.text)
        case .bool:
            guard let flag = Bool(scalar.text) else { return mismatch("true or false", node) }
            return .bool(flag)
        default: return integer(node, scalar, field.kind, "as a key")
        }
    }

    /// What a field takes, in words.
    func expected(_ field: FieldType) -> String {
        if let type = schema.message(of: field) { return "a \(type.fullName)" }
        if let type = schema.enumeration(of: field) { return "a value of \(type.fullName)" }
        switch field.kind {
        case .string: return "text"
        case .bytes: return "base64"
        case .bool: return "true or false"
        case .double, .float: return "a number"
        default: return "a whole number"
        }
    }

    private func hex(_ node: YAMLNode) -> DynamicValue? {
        if case .scalar(let scalar) = node.content {
            let digits = scalar.text.utf8.filter { $0 != UInt8(ascii: " ") }
            let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
                UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
            }
            let isHex = digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
            if isHex, bytes.count * 2 == digits.count { return .bytes(bytes) }
        }
        return mismatch("pairs of hexadecimal digits", node)
    }

    private func enumeration(
        _ node: YAMLNode,
        _ scalar: YAMLScalar,
        _ field: FieldType
    ) -> DynamicValue? {
        guard let type = schema.enumeration(of: field) else { return nil }
        if node.isNull, type.fullName == "google.protobuf.NullValue" { return .enumeration(0) }
        if let number = type.number(named: scalar.text) { return .enumeration(number) }
        guard WholeNumber(scalar.text) != nil else {
            let hint = suggestion(for: scalar.text, among: type.values.map(\.name))
            let message = "\(type.fullName) has no value \(quoted(scalar.text))\(hint)"
            report.error(message, at: node.place)
            return nil
        }
        guard case .int(let wide)? = integer(node, scalar, .int32, "for \(field.name)"),
            let number = Int32(exactly: wide)
        else { return nil }
        guard !type.isClosed || type.contains(number) else {
            report.error("\(type.fullName) has no value \(number)", at: node.place)
            return nil
        }
        return .enumeration(number)
    }

    /// `reason` ends the message: "for age", "as a key".
    private func integer(
        _ node: YAMLNode,
        _ scalar: YAMLScalar,
        _ kind: FieldDescriptor.Kind,
        _ reason: String
    ) -> DynamicValue? {
        guard let number = WholeNumber(scalar.text) else {
            return mismatch("a whole number \(reason)", node)
        }
        let value: DynamicValue?
        let range: String
        switch kind {
        case .uint32, .fixed32:
            value = number.unsigned.flatMap { UInt32(exactly: $0) }.map { .uint(UInt64($0)) }
            range = "0 to \(UInt32.max)"
        case .uint64, .fixed64:
            value = number.unsigned.map(DynamicValue.uint)
            range = "0 to \(UInt64.max)"
        case .int32, .sint32, .sfixed32:
            value = number.signed.flatMap { Int32(exactly: $0) }.map { .int(Int64($0)) }
            range = "\(Int32.min) to \(Int32.max)"
        default:
            value = number.signed.map(DynamicValue.int)
            range = "\(Int64.min) to \(Int64.max)"
        }
        guard let value else {
            report.error("\(scalar.text) is not within \(range) \(reason)", at: node.place)
            return nil
        }
        return value
    }

    private func number(
        _ node: YAMLNode,
        _ scalar: YAMLScalar,
        _ field: FieldType
    ) -> DynamicValue? {
        guard let number = FloatText.double(scalar.text) else {
            return mismatch("a number for \(field.name)", node)
        }
        if field.kind == .double { return .double(number) }
        // Not by way of the double: that would round twice.
        let float = Float(scalar.text) ?? Float(number)
        guard float.isFinite || !number.isFinite else {
            let message = "\(scalar.text) is too large for \(field.name), which is a float"
            report.error(message, at: node.place)
            return nil
        }
        return .float(number.isNaN ? .nan : number.isInfinite ? Float(number) : float)
    }
}
