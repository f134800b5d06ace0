import YAML

extension TypeChecker {
    /// A message in its natural form.
    func natural(
        _ form: NaturalForm,
        _ node: YAMLNode,
        _ type: MessageType
    ) -> TypedValue.Content? {
        switch form {
        case .any: return any(node)
        case .timestamp:
            guard let time = node.text.flatMap(TimeText.timestamp) else {
                return mismatch("a time such as 2024-02-29T12:00:00Z, of the years 1 to 9999", node)
            }
            return seconds(time, type)
        case .duration:
            guard let time = node.text.flatMap(TimeText.duration) else {
                return mismatch("a duration such as 1.5s", node)
            }
            return seconds(time, type)
        case .fieldMask: return fieldMask(node, type)
        case .wrapper, .structure, .listValue:
            // All three have one field, which stands for them.
            guard let field = type.field(1), let value = check(node, as: .field(field)) else {
                return nil
            }
            return .message(type, [TypedField(field: field, value: value)])
        case .value: return value(node, type)
        }
    }

    private func seconds(_ time: TimeText, _ type: MessageType) -> TypedValue.Content? {
        guard let seconds = type.field(1), let nanos = type.field(2) else { return nil }
        var message = DynamicMessage(type, in: schema)
        message[seconds] = .int(time.seconds)
        message[nanos] = .int(Int64(time.nanos))
        return .value(.message(message))
    }

    private func fieldMask(_ node: YAMLNode, _ type: MessageType) -> TypedValue.Content? {
        let paths: [String]
        switch node.content {
        case .sequence(let nodes) where nodes.allSatisfy({ $0.text != nil }):
            paths = nodes.compactMap(\.text)
        case .scalar where node.text != nil:
            paths = (node.text ?? "").split(separator: ",").map(String.init)
        default: return mismatch("field paths such as one,two.three", node)
        }
        guard let field = type.field(1) else { return nil }
        var message = DynamicMessage(type, in: schema)
        message[field] = .list(paths.map { .string(NaturalForm.path($0)) })
        return .value(.message(message))
    }

    private func value(_ node: YAMLNode, _ type: MessageType) -> TypedValue.Content? {
        let name =
            switch node.content {
            case .mapping: "struct_value"
            case .sequence: "list_value"
            case .scalar(let scalar):
                switch scalar.resolved(tag: node.tag) {
                case .null: "null_value"
                case .bool: "bool_value"
                case .int, .float: "number_value"
                case .text: "string_value"
                }
            }
        guard let field = type.field(named: name), let value = check(node, as: .field(field))
        else { return nil }
        return .message(type, [TypedField(field: field, value: value)])
    }

    /// `{"@type": NAME, …}` with the fields of that type, or under `value` its natural form.
    private func any(_ node: YAMLNode) -> TypedValue.Content? {
        guard let typeNode = node[NaturalForm.typeKey] else { return mismatch("@type", node) }
        guard let text = typeNode.text else { return mismatch("the name of a message", typeNode) }
        let name = String(text.split(separator: "/").last ?? "")
        guard let type = schema.message(named: name), !type.isMapEntry else {
            let hint = suggestion(for: name, among: schema.messageNames)
            report.error("there is no message \(quoted(name))\(hint)", at: typeNode.place)
            return nil
        }
        let url = text.contains("/") ? text : "type.googleapis.com/\(name)"
        let slot = Slot.message(type)
        if NaturalForm(type) != nil {
            guard let inner = node["value"] else {
                report.error("the key value is missing beside @type", at: node.place)
                return nil
            }
            return check(inner, as: slot).map { .packed(url: url, $0) }
        }
        guard let content = fields(node, type, skipping: [NaturalForm.typeKey]) else { return nil }
        return .packed(url: url, typed(content, slot, node))
    }
}
