import GRPC
import HTTP
import YAML

/// Where in an answer a value lies: `responses[0].order.id`, `headers.x-request`, `trailers.x-cost`.
struct AnswerPath: Sendable {
    enum Root: Hashable, Sendable {
        case response(Int)
        case headers(String)
        case trailers(String)
        case message
    }

    enum Step: Sendable {
        case field(FieldType)
        case index(Int)
        case key(DynamicValue)
    }

    let root: Root
    let steps: [Step]

    /// Checked against the type of the method's answers; what is wrong is reported.
    static func read(
        _ text: String,
        _ output: MessageType,
        _ schema: Schema,
        at place: YAMLPlace,
        _ report: YAMLReport
    ) -> AnswerPath? {
        var reader = PathReader(text)
        do throws(YAMLMismatch) {
            return try reader.path(output, schema)
        } catch {
            report.error(error.message, at: place)
            return nil
        }
    }

    /// The value in this answer as a node for later cases; nil: it is not there.
    func value(in record: CallRecord, _ messages: [DynamicMessage], at place: YAMLPlace)
        -> YAMLNode?
    {
        switch root {
        case .headers(let name): return record.headers[name].map { .text($0, at: place) }
        case .trailers(let name): return record.trailers[name].map { .text($0, at: place) }
        case .message: return record.status.map { .text($0.message, at: place) }
        case .response(let index):
            guard messages.indices.contains(index) else { return nil }
            return value(in: messages[index], at: place)
        }
    }

    private func value(in message: DynamicMessage, at place: YAMLPlace) -> YAMLNode? {
        var value = DynamicValue.message(message)
        var slot = Slot.message(message.type)
        for step in steps {
            switch (step, value) {
            case (.field(let field), .message(let message)):
                if field.hasPresence, message[field] == nil { return nil }
                value = message.value(of: field)
                slot = .field(field)
            case (.index(let index), .list(let items)):
                guard items.indices.contains(index), let field = slot.fieldType else { return nil }
                value = items[index]
                slot = .item(field)
            case (.key(let key), .map(let entries)):
                guard let found = entries[key], let field = slot.fieldType,
                    let entry = message.schema.entry(of: field)
                else { return nil }
                value = found
                slot = .item(entry.value)
            default: return nil
            }
        }
        let lines =
            switch (value, slot.fieldType) {
            case (.message(let message), _): MessageText.lines(of: message, limit: 1 << 20)
            case (_, let field?):
                MessageText.lines(of: value, field, in: message.schema, limit: 1 << 20)
            default: [String]()
            }
        let text = lines.joined(separator: "\n")
        guard let node = try? YAMLDocument.parse(Array(text.utf8), file: place.file) else {
            return nil
        }
        return node.moved(to: place)
    }
}

extension YAMLNode {
    /// The same as if it were written at another place.
    fileprivate func moved(to place: YAMLPlace) -> YAMLNode {
        let content: Content =
            switch content {
            case .scalar: content
            case .sequence(let items): .sequence(items.map { $0.moved(to: place) })
            case .mapping(let entries):
                .mapping(
                    entries.map {
                        YAMLEntry(key: $0.key.moved(to: place), value: $0.value.moved(to: place))
                    }
                )
            }
        return YAMLNode(content, tag: tag, place: place)
    }
}

/// Reads the text of a path.
private struct PathReader {
    private var rest: Substring
    private let text: String

    init(_ text: String) {
        self.text = text
        rest = text[...]
    }

    mutating func path(_ output: MessageType, _ schema: Schema) throws(YAMLMismatch) -> AnswerPath {
        switch word() {
        case "headers": return AnswerPath(root: .headers(try metadata()), steps: [])
        case "trailers": return AnswerPath(root: .trailers(try metadata()), steps: [])
        case "error":
            guard take("."), word() == "message", rest.isEmpty else { throw malformed }
            return AnswerPath(root: .message, steps: [])
        case "responses":
            guard case .index(let index)? = try bracket(nil) else { throw malformed }
            return AnswerPath(root: .response(index), steps: try steps(output, schema))
        default: throw malformed
        }
    }

    private mutating func steps(
        _ output: MessageType,
        _ schema: Schema
    ) throws(YAMLMismatch) -> [AnswerPath.Step] {
        var steps: [AnswerPath.Step] = []
        var type: MessageType? = output
        // A list or a map that is still to be entered.
        var open: FieldType?
        while !rest.isEmpty {
            if take(".") {
                let name = word()
                guard open == nil, let inside = type else {
                    throw YAMLMismatch("\(quoted(text)): \(quoted(name)) is in no message")
                }
                guard let field = inside.field(named: name) else {
                    let hint = suggestion(for: name, among: inside.fields.map(\.name))
                    throw YAMLMismatch("\(inside.fullName) has no field \(quoted(name))\(hint)")
                }
                steps.append(.field(field))
                type = field.cardinality == .map ? nil : schema.message(of: field)
                open = field.cardinality == .singular ? nil : field
            } else {
                guard let field = open else { throw malformed }
                let key = schema.entry(of: field)?.key
                guard let step = try bracket(key) else { throw malformed }
                steps.append(step)
                if let value = schema.entry(of: field)?.value { type = schema.message(of: value) }
                open = nil
            }
        }
        return steps
    }

    /// `[3]`, or of a map `[key]`, in quotes where it has a `]`.
    private mutating func bracket(_ key: FieldType?) throws(YAMLMismatch) -> AnswerPath.Step? {
        guard take("[") else { return nil }
        var inside: String
        if take("\"") {
            guard let end = rest.firstIndex(of: "\"") else { throw malformed }
            inside = String(rest[..<end])
            rest = rest[rest.index(after: end)...]
        } else {
            inside = String(rest.prefix { $0 != "]" })
            rest = rest.dropFirst(inside.count)
        }
        guard take("]") else { throw malformed }
        guard let key else {
            guard let index = Int(inside), index >= 0 else { throw malformed }
            return .index(index)
        }
        switch key.kind {
        case .string: return .key(.string(inside))
        case .bool: return .key(.bool(inside == "true"))
        case .uint32, .uint64, .fixed32, .fixed64:
            guard let number = UInt64(inside) else { throw malformed }
            return .key(.uint(number))
        default:
            guard let number = Int64(inside) else { throw malformed }
            return .key(.int(number))
        }
    }

    private mutating func metadata() throws(YAMLMismatch) -> String {
        guard take("."), !rest.isEmpty else { throw malformed }
        defer { rest = "" }
        return String(rest).lowercased()
    }

    private mutating func word() -> String {
        let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        rest = rest.dropFirst(word.count)
        return String(word)
    }

    private mutating func take(_ sign: Character) -> Bool {
        guard rest.first == sign else { return false }
        rest = rest.dropFirst()
        return true
    }

    private var malformed: YAMLMismatch {
        YAMLMismatch(
            "\(quoted(text)) is no place in an answer: write for example responses[0].order.id, "
                + "headers.x-request, trailers.x-cost or error.message"
        )
    }
}
