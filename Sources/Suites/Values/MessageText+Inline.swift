import GRPC
import YAML

extension MessageText {
    /// A value that fits behind its name; nil of what needs lines of its own.
    static func inline(_ value: DynamicValue, _ field: FieldType, _ schema: Schema) -> String? {
        switch value {
        case .bool(let flag): String(flag)
        case .int(let number): String(number)
        case .uint(let number): String(number)
        case .float(let number): FloatText.words(number)
        case .double(let number): FloatText.words(number)
        case .string(let text): quotedText(text)
        case .bytes(let bytes) where field.kind == .string:
            quotedText(String(decoding: bytes, as: UTF8.self)) + "  # not UTF-8"
        case .bytes(let bytes): "\"\(Base64.encode(bytes, isPadded: true))\""
        case .enumeration(let number):
            schema.enumeration(of: field)?.name(of: number).map(word) ?? String(number)
        case .message(let message): inline(message)
        case .list(let items): items.isEmpty ? "[]" : nil
        case .map(let entries): entries.isEmpty ? "{}" : nil
        }
    }

    /// A name, which could be `NULL`.
    private static func word(_ name: String) -> String {
        if case .text = YAMLScalar(name).resolved(tag: nil) { name } else { quotedText(name) }
    }

    /// A message without fields, or in its natural form.
    static func inline(_ message: DynamicMessage) -> String? {
        if let text = natural(message) { return text }
        return message.isEmpty ? "{}" : nil
    }

    private static func natural(_ message: DynamicMessage) -> String? {
        guard message.unknownFields.isEmpty, let form = NaturalForm(message.type),
            let first = message.type.field(1)
        else { return nil }
        switch form {
        case .any: return nil
        case .timestamp: return time(message)?.asTimestamp.map { "\"\($0)\"" }
        case .duration: return time(message)?.asDuration
        case .fieldMask:
            guard case .list(let items) = message.value(of: first) else { return nil }
            let paths = items.compactMap { if case .string(let path) = $0 { path } else { nil } }
            let isPlain = paths.allSatisfy { path in
                NaturalForm.path(path) == path && !path.isEmpty && !path.contains(",")
            }
            return isPlain ? quotedText(paths.joined(separator: ",")) : nil
        case .wrapper: return inline(message.value(of: first), first, message.schema)
        case .structure, .value, .listValue: return JSONText.of(message)
        }
    }

    private static func time(_ message: DynamicMessage) -> TimeText? {
        guard let first = message.type.field(1), let second = message.type.field(2),
            case .int(let seconds) = message.value(of: first),
            case .int(let nanos) = message.value(of: second)
        else { return nil }
        return TimeText(seconds: seconds, nanos: Int32(clamping: nanos))
    }

    /// In double quotes, with escapes for what YAML does not take as it is.
    static func quotedText(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\" + String(scalar)
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{FEFF}",
                "\u{FFFE}", "\u{FFFF}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// `google.protobuf.Struct`, `Value` and `ListValue` as JSON, which is YAML too.
enum JSONText {
    /// nil when a value is of no kind, or has unknown fields: it has no such form.
    static func of(_ message: DynamicMessage) -> String? {
        guard message.unknownFields.isEmpty, let form = NaturalForm(message.type) else {
            return nil
        }
        let content = message.fields.first?.value
        switch (form, content) {
        case (.structure, nil): return "{}"
        case (.listValue, nil): return "[]"
        case (.structure, .map(let entries)?):
            var parts: [String] = []
            for case (.string(let key), .message(let value)) in entries.inOrder {
                guard let text = of(value) else { return nil }
                parts.append("\(MessageText.quotedText(key)): \(text)")
            }
            return "{\(parts.joined(separator: ", "))}"
        case (.listValue, .list(let items)?):
            var parts: [String] = []
            for case .message(let value) in items {
                guard let text = of(value) else { return nil }
                parts.append(text)
            }
            return "[\(parts.joined(separator: ", "))]"
        case (.value, .enumeration?): return "null"
        case (.value, .bool(let flag)?): return String(flag)
        case (.value, .double(let number)?): return FloatText.words(number)
        case (.value, .string(let text)?): return MessageText.quotedText(text)
        case (.value, .message(let inner)?): return of(inner)
        default: return nil
        }
    }
}
