import YAML

/// Makes expectations of YAML, with matchers such as `!regex` in any typed place.
struct ExpectationBuilder {
    private let checker: TypeChecker
    private var schema: Schema { checker.schema }
    private var report: YAMLReport { checker.report }

    static let tags: Set = [
        "!any", "!present", "!absent", "!regex", "!contains", "!unordered", "!length", "!not",
        "!all",
        "!either", "!gt", "!ge", "!lt", "!le",
    ]

    init(_ schema: Schema, _ report: YAMLReport) {
        let tags = Self.tags.union([Variables.awaitedTag])
        checker = TypeChecker(schema, report: report, tags: tags)
    }

    /// nil when something was wrong, which is in the report.
    func build(_ node: YAMLNode, as slot: Slot) -> Expected? {
        checker.check(node, as: slot).flatMap(expected)
    }

    private func expected(_ typed: TypedValue) -> Expected? {
        expectation(typed).map { Expected(expectation: $0, slot: typed.slot, place: typed.place) }
    }

    private func expectation(_ typed: TypedValue) -> Expectation? {
        switch typed.content {
        case .absent: return .absent
        case .value(let value): return .value(value)
        case .message(let type, let fields):
            return all(
                fields.map { field in
                    expected(field.value).map { ExpectedField(field: field.field, expected: $0) }
                }
            ).map { .message(type, $0) }
        case .packed(let url, let inner):
            let name = String(url.split(separator: "/").last ?? "")
            return expected(inner).map { .packed(typeName: name, $0) }
        case .list(let items): return all(items.map(expected)).map { .list($0) }
        case .map(let entries):
            return all(
                entries.map { entry in
                    expected(entry.value).map { ExpectedEntry(key: entry.key, expected: $0) }
                }
            ).map { .map($0) }
        case .tagged(let tag, let node): return tagged(tag, node.tagged(nil), typed.slot)
        }
    }

    private func all<Item>(_ items: [Item?]) -> [Item]? {
        items.contains { $0 == nil } ? nil : items.compactMap { $0 }
    }

    private func tagged(_ tag: String, _ node: YAMLNode, _ slot: Slot) -> Expectation? {
        switch tag {
        // Known once a case before it has run.
        case Variables.awaitedTag: return .any
        case "!any": return bare(.any, tag, node)
        case "!present": return bare(.present, tag, node)
        case "!absent": return bare(.absent, tag, node)
        case "!not": return build(node, as: slot).map { .not($0) }
        case "!all": return several(tag, node, slot).map { .all($0) }
        case "!either": return several(tag, node, slot).map { .either($0) }
        case _ where field(behind: slot, tag, node) != nil:
            guard let (type, field) = field(behind: slot, tag, node),
                let inner = build(node.tagged(tag), as: .field(field))
            else { return nil }
            return .message(type, [ExpectedField(field: field, expected: inner)])
        case "!regex": return regex(node, slot)
        case "!contains": return contains(node, slot)
        case "!unordered": return unordered(node, slot)
        case "!length": return length(node, slot)
        default:
            guard let comparison = Expectation.Comparison(rawValue: String(tag.dropFirst())) else {
                return nil
            }
            return compare(comparison, node, slot)
        }
    }

    /// What a wrapper has inside, or a `google.protobuf.Value` of the kind that the tag compares.
    private func field(
        behind slot: Slot,
        _ tag: String,
        _ node: YAMLNode
    ) -> (MessageType, FieldType)? {
        let type: MessageType?
        switch slot {
        case .message(let message): type = message
        case .field(let field) where field.cardinality != .singular: type = nil
        case .field(let field), .item(let field): type = schema.message(of: field)
        }
        guard let type, let form = NaturalForm(type) else { return nil }
        switch form {
        case .wrapper: return type.field(1).map { (type, $0) }
        case .value where tag != "!length":
            let name = node.text == nil ? "number_value" : "string_value"
            return type.field(named: name).map { (type, $0) }
        default: return nil
        }
    }

    private func bare(_ expectation: Expectation, _ tag: String, _ node: YAMLNode) -> Expectation? {
        guard node.isNull else { return refuse("\(tag) stands alone", node) }
        return expectation
    }

    private func several(_ tag: String, _ node: YAMLNode, _ slot: Slot) -> [Expected]? {
        guard case .sequence(let nodes) = node.content, !nodes.isEmpty else {
            return refuse("\(tag) wants a list of what to compare with", node)
        }
        return all(nodes.map { build($0, as: slot) })
    }

    private func regex(_ node: YAMLNode, _ slot: Slot) -> Expectation? {
        guard isSingle(slot, [.string]) else { return refuse("!regex is for text", node) }
        guard let pattern = node.text else { return refuse("!regex wants a pattern in text", node) }
        do {
            _ = try Regex(pattern)
        } catch {
            return refuse("\(quoted(pattern)) is no regular expression: \(error)", node)
        }
        return .regex(pattern)
    }

    private func contains(_ node: YAMLNode, _ slot: Slot) -> Expectation? {
        if case .field(let field) = slot, field.cardinality == .repeated {
            return build(node, as: .item(field)).map { .containsItem($0) }
        }
        if case .field(let field) = slot, field.cardinality == .map {
            // Keys that are not written are not tested anyway.
            return build(node, as: slot).map { $0.expectation }
        }
        guard isSingle(slot, [.string, .bytes]) else {
            return refuse("!contains is for text, bytes, lists and maps", node)
        }
        return checker.check(node, as: slot)?.dynamicValue(in: schema).map { .containsText($0) }
    }

    private func unordered(_ node: YAMLNode, _ slot: Slot) -> Expectation? {
        guard case .field(let field) = slot, field.cardinality == .repeated else {
            return refuse("!unordered is for lists", node)
        }
        guard case .sequence(let nodes) = node.content else {
            return refuse("!unordered wants a list", node)
        }
        return all(nodes.map { build($0, as: .item(field)) }).map { .unordered($0) }
    }

    private func length(_ node: YAMLNode, _ slot: Slot) -> Expectation? {
        var isMany = false
        if case .field(let field) = slot { isMany = field.cardinality != .singular }
        guard isMany || isSingle(slot, [.string, .bytes]) else {
            return refuse("!length is for text, bytes, lists and maps", node)
        }
        let range = YAMLValue<ClosedRange<Int>> { node, report in
            if case .mapping = node.content {
                return YAMLValue<ClosedRange<Int>>.section { section in
                    let least = section.optional("min", .int(0...Int.max), default: 0)
                    let most = section.optional("max", .int(0...Int.max), default: .max)
                    guard least <= most else {
                        report.error("min is more than max", at: node.place)
                        return nil
                    }
                    return least...most
                }.read(node, report)
            }
            return YAMLValue<Int>.int().read(node, report).map { $0...$0 }
        }
        return range.read(node, report).map { .length($0) }
    }

    private func compare(
        _ comparison: Expectation.Comparison,
        _ node: YAMLNode,
        _ slot: Slot
    ) -> Expectation? {
        guard let value = checker.check(node, as: slot)?.dynamicValue(in: schema) else {
            return nil
        }
        guard ValueOrder.of(value, value) != nil else {
            return refuse("!\(comparison.rawValue) is for numbers, text, times and durations", node)
        }
        return .compare(comparison, value)
    }

    private func isSingle(_ slot: Slot, _ kinds: [FieldDescriptor.Kind]) -> Bool {
        switch slot {
        case .message: false
        case .field(let field) where field.cardinality != .singular: false
        case .field(let field), .item(let field): kinds.contains(field.kind)
        }
    }

    private func refuse<Result>(_ message: String, _ node: YAMLNode) -> Result? {
        report.error(message, at: node.place)
        return nil
    }
}
