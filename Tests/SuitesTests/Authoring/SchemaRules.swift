import YAML

/// What JSON Schema says of the keywords that `apitest schema` uses; any other is a fault of its own.
struct SchemaRules {
    struct Fault: Error { let words: String }

    private let root: YAMLNode

    /// - Parameter text: JSON, which is YAML too.
    init(_ text: String) throws { root = try YAMLDocument.parse(bytes(text), file: "schema.json") }

    /// What is wrong with a document.
    func faults(_ node: YAMLNode) throws -> [String] { try faults(node, root) }

    private func faults(_ node: YAMLNode, _ schema: YAMLNode) throws -> [String] {
        guard case .mapping(let rules) = schema.content else { throw Fault(words: "no schema") }
        return try rules.flatMap { try faults(node, $0.name, $0.value, schema) }
    }

    private func faults(
        _ node: YAMLNode,
        _ keyword: String,
        _ rule: YAMLNode,
        _ schema: YAMLNode
    ) throws -> [String] {
        switch keyword {
        case "$schema", "$defs", "title", "description": return []
        case "$ref":
            let name = try text(rule).split(separator: "/").last.map(String.init) ?? ""
            guard let other = root["$defs"]?[name] else { throw Fault(words: "no \(name)") }
            return try faults(node, other)
        case "type":
            let types = try items(rule).map(text)
            return types.contains(where: { isType(node, $0) }) ? [] : ["\(node.place): no \(types)"]
        case "required":
            return try items(rule).map(text).filter { node[$0] == nil }.map {
                "\(node.place): no \($0)"
            }
        case "oneOf":
            let fitting = try items(rule).count { try faults(node, $0).isEmpty }
            return fitting == 1 ? [] : ["\(node.place): \(fitting) of oneOf"]
        case "enum":
            let words = try items(rule).map(text)
            return words.contains((try? text(node)) ?? "")
                ? [] : ["\(node.place): none of \(words)"]
        case "minItems": return try items(node).count >= (Int(text(rule)) ?? 0) ? [] : ["too few"]
        case "pattern":
            return try text(node).contains(Regex(text(rule))) ? [] : ["\(node.place): pattern"]
        case "items": return try items(node).flatMap { try faults($0, rule) }
        case "properties":
            return try entries(node).flatMap { entry in
                try rule[entry.name].map { try faults(entry.value, $0) } ?? []
            }
        case "additionalProperties":
            let others = entries(node).filter { schema["properties"]?[$0.name] == nil }
            if case .mapping = rule.content {
                return try others.flatMap { try faults($0.value, rule) }
            }
            return others.map { "\($0.key.place): \($0.name)" }
        default: throw Fault(words: "the keyword \(keyword)")
        }
    }

    private func isType(_ node: YAMLNode, _ type: String) -> Bool {
        switch (type, node.content) {
        case ("object", .mapping), ("array", .sequence): true
        case (_, .scalar(let scalar)):
            switch (type, scalar.resolved(tag: node.tag)) {
            case ("string", .text), ("boolean", .bool), ("integer", .int), ("number", .int),
                ("number", .float):
                true
            default: false
            }
        default: false
        }
    }

    private func items(_ node: YAMLNode) throws -> [YAMLNode] {
        if case .sequence(let nodes) = node.content { nodes } else { [node] }
    }

    private func entries(_ node: YAMLNode) -> [YAMLEntry] {
        if case .mapping(let entries) = node.content { entries } else { [] }
    }

    private func text(_ node: YAMLNode) throws -> String {
        guard case .scalar(let scalar) = node.content else { throw Fault(words: "no text") }
        return scalar.text
    }
}
