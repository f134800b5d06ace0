package import YAML

/// Checks YAML nodes against the types of a schema, without any server; what is wrong goes to the
/// report with its place.
package struct TypeChecker {
    package let schema: Schema
    package let report: YAMLReport
    /// Tags that may stand at any place, such as `!regex`; they come out as `tagged`.
    package let tags: Set<String>

    package init(_ schema: Schema, report: YAMLReport, tags: Set<String> = []) {
        (self.schema, self.report, self.tags) = (schema, report, tags)
    }

    /// A whole message, as a request has it; nil when something was wrong.
    package func message(_ node: YAMLNode, _ type: MessageType) -> DynamicMessage? {
        guard
            case .message(let message)? = check(node, as: .message(type))?
                .dynamicValue(in: schema)
        else { return nil }
        return message
    }

    /// nil when something was wrong, which is in the report.
    package func check(_ node: YAMLNode, as slot: Slot) -> TypedValue? {
        if let tag = node.tag, tags.contains(tag) { return typed(.tagged(tag, node), slot, node) }
        switch slot {
        case .message(let type):
            // `- ` alone in a list of requests is an empty message.
            if node.isNull, NaturalForm(type) != .value {
                return typed(.message(type, []), slot, node)
            }
            return content(node, type, slot).map { typed($0, slot, node) }
        case .field(let field):
            if node.isNull, field.cardinality != .singular || !takesNull(field) {
                return typed(.absent, slot, node)
            }
            switch field.cardinality {
            case .singular: return one(node, field, slot)
            case .repeated: return list(node, field, slot)
            case .map: return map(node, field, slot)
            }
        case .item(let field):
            if node.isNull, !takesNull(field) {
                return mismatch("\(expected(field)) in \(field.name)", node)
            }
            return one(node, field, slot)
        }
    }

    func typed(_ content: TypedValue.Content, _ slot: Slot, _ node: YAMLNode) -> TypedValue {
        TypedValue(content: content, slot: slot, place: node.place)
    }

    /// Reports that a node is not what was expected.
    func mismatch<Result>(_ expected: String, _ node: YAMLNode) -> Result? {
        report.error("expected \(expected), found \(node.found)", at: node.place)
        return nil
    }

    /// `null` is a value of `google.protobuf.Value`, and of its enum.
    private func takesNull(_ field: FieldType) -> Bool {
        if let type = schema.enumeration(of: field) {
            return type.fullName == "google.protobuf.NullValue"
        }
        return schema.message(of: field).map { NaturalForm($0) == .value } ?? false
    }

    private func one(_ node: YAMLNode, _ field: FieldType, _ slot: Slot) -> TypedValue? {
        if let type = schema.message(of: field) {
            return content(node, type, slot).map { typed($0, slot, node) }
        }
        return scalar(node, field).map { typed(.value($0), slot, node) }
    }

    private func content(
        _ node: YAMLNode,
        _ type: MessageType,
        _ slot: Slot
    ) -> TypedValue.Content? {
        guard node.hasKnownTag(report) else { return nil }
        if let form = NaturalForm(type), form.applies(to: node) {
            return natural(form, node, type)
        }
        return fields(node, type)
    }

    private func list(_ node: YAMLNode, _ field: FieldType, _ slot: Slot) -> TypedValue? {
        guard node.hasKnownTag(report) else { return nil }
        guard case .sequence(let nodes) = node.content else {
            return mismatch("a list for \(field.name)", node)
        }
        let items = nodes.map { check($0, as: .item(field)) }
        guard items.allSatisfy({ $0 != nil }) else { return nil }
        return typed(.list(items.compactMap { $0 }), slot, node)
    }

    private func map(_ node: YAMLNode, _ field: FieldType, _ slot: Slot) -> TypedValue? {
        guard node.hasKnownTag(report), let entry = schema.entry(of: field) else { return nil }
        guard case .mapping(let nodes) = node.content else {
            return mismatch("a mapping for \(field.name)", node)
        }
        var seen: Set<DynamicValue> = []
        let entries = nodes.map { node -> TypedEntry? in
            let value = check(node.value, as: .item(entry.value))
            guard let key = key(node.key, entry.key), let value else { return nil }
            guard seen.insert(key).inserted else {
                report.error("the key \(quoted(node.name)) is there twice", at: node.key.place)
                return nil
            }
            return TypedEntry(key: key, value: value)
        }
        guard entries.allSatisfy({ $0 != nil }) else { return nil }
        return typed(.map(entries.compactMap { $0 }), slot, node)
    }

    /// A message as a mapping from the names of its fields. `skipping` are keys of another meaning.
    func fields(
        _ node: YAMLNode,
        _ type: MessageType,
        skipping: Set<String> = []
    ) -> TypedValue.Content? {
        guard case .mapping(let entries) = node.content else {
            return mismatch("a mapping of the fields of \(type.fullName)", node)
        }
        var written: [Int32: String] = [:]
        var members: [Int: String] = [:]
        var fields: [TypedField] = []
        var isWhole = true
        for entry in entries where !skipping.contains(entry.name) {
            guard let field = type.field(named: entry.name) else {
                refuse(entry, type, written)
                isWhole = false
                continue
            }
            if let earlier = written.updateValue(entry.name, forKey: field.number) {
                let message = "\(entry.name) is the same field as \(earlier)"
                report.error(message, at: entry.key.place)
                isWhole = false
            }
            guard let value = check(entry.value, as: .field(field)) else {
                isWhole = false
                continue
            }
            fields.append(TypedField(field: field, value: value))
            guard let oneof = field.oneof, value.isSet else { continue }
            if let earlier = members.updateValue(entry.name, forKey: oneof) {
                let name = type.oneofs[oneof].name
                let message = "\(earlier) and \(entry.name) are both of the oneof \(name)"
                report.error("\(message): at most one can be set", at: entry.key.place)
                isWhole = false
            }
        }
        return isWhole ? .message(type, fields) : nil
    }

    private func refuse(_ entry: YAMLEntry, _ type: MessageType, _ written: [Int32: String]) {
        let free = type.fields.filter { written[$0.number] == nil }.map(\.name)
        let hint = suggestion(for: entry.name, among: type.fields.map(\.name), likely: free)
        let message = "\(type.fullName) has no field \(quoted(entry.name))\(hint)"
        report.error(message, at: entry.key.place)
    }
}

extension TypedValue {
    /// A tag may stand for a value that is absent, and so sets nothing.
    fileprivate var isSet: Bool {
        switch content {
        case .absent, .tagged: false
        default: true
        }
    }
}

extension YAMLNode {
    var isNull: Bool {
        guard case .scalar(let scalar) = content else { return false }
        return scalar.resolved(tag: tag) == .null
    }

    /// Of a scalar that is text: quoted, or unlike anything else.
    var text: String? {
        guard case .scalar(let scalar) = content, case .text(let text) = scalar.resolved(tag: tag)
        else { return nil }
        return text
    }
}
