import YAML

/// A message as YAML that reads back as the same message; comments tell what YAML cannot hold.
package struct MessageText {
    /// The indentation beyond which no Any is opened: each is bytes of its own, and so no bound on
    /// the depth of messages bounds how many are within each other.
    private static let deepest = 64

    private let limit: Int
    private var lines: [String] = []
    private var length = 0
    private var isCut = false
    /// `- ` that the next line begins with.
    private var dash = false

    /// Lines of a message; `limit` is in characters.
    package static func lines(of message: DynamicMessage, limit: Int = 10_000) -> [String] {
        var text = MessageText(limit: limit)
        if let inline = inline(message) {
            text.add(inline, 0)
        } else {
            text.addFields(of: message, 0)
        }
        return text.isCut ? text.lines + ["# cut after \(limit) characters"] : text.lines
    }

    /// Lines of a field's value, as they stand behind its name.
    package static func lines(
        of value: DynamicValue,
        _ field: FieldType,
        in schema: Schema,
        limit: Int = 10_000
    ) -> [String] {
        var text = MessageText(limit: limit)
        if let inline = inline(value, field, schema) {
            text.add(inline, 0)
        } else {
            text.addBlock(value, field, schema, 0)
        }
        return text.isCut ? text.lines + ["# cut after \(limit) characters"] : text.lines
    }

    private init(limit: Int) { self.limit = limit }

    private mutating func add(_ line: String, _ indent: Int) {
        guard !isCut else { return }
        let lead =
            dash
            ? String(repeating: " ", count: indent - 2) + "- "
            : String(repeating: " ", count: indent)
        dash = false
        let room = limit - length - indent
        guard line.utf8.count <= room else {
            isCut = true
            lines.append(lead + line.prefix(max(0, room)) + "…")
            return
        }
        lines.append(lead + line)
        length += indent + line.utf8.count
    }

    /// The fields of a message, one below the other.
    private mutating func addFields(of message: DynamicMessage, _ indent: Int) {
        if indent < Self.deepest, let (url, payload) = packed(message) {
            add("\"@type\": \(Self.quotedText(url))", indent)
            if NaturalForm(payload.type) == nil {
                addFields(of: payload, indent)
            } else if let inline = Self.inline(payload) {
                add("value: \(inline)", indent)
            } else {
                add("value:", indent)
                addFields(of: payload, indent + 2)
            }
        } else {
            for (field, value) in message.fields where !isCut {
                let name = field.isExtension ? Self.quotedText(field.name) : field.name
                add("\(name):", value, field, message.schema, indent)
            }
        }
        if !message.unknownFields.isEmpty {
            add("# \(message.unknownFields.count) bytes of unknown fields", indent)
        }
    }

    private mutating func add(
        _ lead: String,
        _ value: DynamicValue,
        _ field: FieldType,
        _ schema: Schema,
        _ indent: Int
    ) {
        if let inline = Self.inline(value, field, schema) {
            add("\(lead) \(inline)", indent)
        } else {
            add(lead, indent)
            addBlock(value, field, schema, indent + 2)
        }
    }

    private mutating func addBlock(
        _ value: DynamicValue,
        _ field: FieldType,
        _ schema: Schema,
        _ indent: Int
    ) {
        switch value {
        case .message(let message): addFields(of: message, indent)
        case .list(let items):
            for item in items where !isCut {
                if case .message(let message) = item, Self.inline(message) == nil {
                    dash = true
                    addFields(of: message, indent + 2)
                } else {
                    add("- \(Self.inline(item, field, schema) ?? "")", indent)
                }
            }
        case .map(let entries):
            guard let entry = schema.entry(of: field) else { return }
            for (key, value) in entries.inOrder where !isCut {
                let name = Self.inline(key, entry.key, schema) ?? ""
                add("\(name):", value, entry.value, schema, indent)
            }
        default: break
        }
    }

    /// What is in an Any, if its type is known and its bytes are of it.
    private func packed(_ message: DynamicMessage) -> (url: String, payload: DynamicMessage)? {
        guard NaturalForm(message.type) == .any, message.unknownFields.isEmpty,
            let urlField = message.type.field(1), case .string(let url)? = message[urlField],
            let name = url.split(separator: "/").last,
            let type = message.schema.message(named: String(name)),
            let valueField = message.type.field(2),
            case .bytes(let bytes) = message.value(of: valueField)
        else { return nil }
        let payload = try? DynamicMessage(type, in: message.schema, decoding: bytes)
        return payload.map { (url, $0) }
    }
}
