/// Expectations as they are written in a suite, on one line.
struct ExpectationText {
    private let schema: Schema

    init(_ schema: Schema) { self.schema = schema }

    func words(_ expected: Expected) -> String {
        switch expected.expectation {
        case .any: "!any"
        case .present: "!present"
        case .absent: "absent"
        case .value(let value): text(value, expected.slot)
        case .message(let type, let fields)
        where NaturalForm(type) == .wrapper && fields.count == 1:
            fields.map { words($0.expected) }.joined()
        case .message(_, let fields):
            "{\(fields.map { "\($0.field.name): \(words($0.expected))" }.joined(separator: ", "))}"
        case .packed(let name, let inner): "\(name) \(words(inner))"
        case .list(let items): "[\(items.map(words).joined(separator: ", "))]"
        case .unordered(let items): "!unordered [\(items.map(words).joined(separator: ", "))]"
        case .map(let entries):
            "{\(entries.map { "\($0.key.words): \(words($0.expected))" }.joined(separator: ", "))}"
        case .containsText(let part): "!contains \(text(part, expected.slot))"
        case .containsItem(let item): "!contains \(words(item))"
        case .regex(let pattern): "!regex \(MessageText.quotedText(pattern))"
        case .compare(let comparison, let bound):
            "!\(comparison.rawValue) \(text(bound, expected.slot))"
        case .length(let range):
            range.lowerBound == range.upperBound
                ? "!length \(range.lowerBound)"
                : "!length {min: \(range.lowerBound)"
                    + (range.upperBound == .max ? "}" : ", max: \(range.upperBound)}")
        case .not(let other): "!not \(words(other))"
        case .all(let others): "!all [\(others.map(words).joined(separator: ", "))]"
        case .either(let others): "!either [\(others.map(words).joined(separator: ", "))]"
        }
    }

    private func text(_ value: DynamicValue, _ slot: Slot) -> String {
        ValueText(schema).words(value, slot)
    }
}

/// A value as YAML has it, cut where it is long.
struct ValueText {
    private let schema: Schema
    private static let most = 2000

    init(_ schema: Schema) { self.schema = schema }

    func words(_ value: DynamicValue, _ slot: Slot?) -> String {
        if case .message(let message) = value {
            return lines(MessageText.lines(of: message, limit: Self.most))
        }
        guard let field = slot?.fieldType else { return "\(value)" }
        return lines(MessageText.lines(of: value, field, in: schema, limit: Self.most))
    }

    /// One line where one is enough; else a block that can be pasted back.
    private func lines(_ lines: [String]) -> String {
        lines.count == 1 ? lines[0] : lines.map { "\n    " + $0 }.joined()
    }
}
