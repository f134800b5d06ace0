/// A suite to begin with: one case for each method of a service, every field there as a comment.
package struct Skeleton {
    private let schema: Schema
    private let service: ServiceType
    private let proto: String

    package init(_ service: ServiceType, in schema: Schema, proto: String) {
        (self.service, self.schema, self.proto) = (service, schema, proto)
    }

    package var lines: [String] {
        let name = service.fullName.split(separator: ".").last.map(String.init) ?? service.fullName
        var lines = [
            "- testName: \(name)Test", "  proto: \(proto)", "  serviceName: \(service.fullName)",
            "  cases:",
        ]
        for method in service.methods {
            lines += [
                "  - name: \(method.name)",
                "    methodName: \(method.name)  # \(method.kind.rawValue)",
                "    detail:", "      requests:",
            ]
            lines += item(schema[method.input])
            lines.append("      responses:")
            lines += item(schema[method.output])
        }
        return lines
    }

    /// An item of a list that tests or sends nothing, with what it could.
    private func item(_ type: MessageType) -> [String] {
        let fields = fields(type, [])
        guard !fields.isEmpty else { return ["      - {}"] }
        return ["      - {}  # \(type.fullName):"] + fields.map { "      #   \($0)" }
    }

    private func fields(_ type: MessageType, _ seen: Set<String>) -> [String] {
        guard seen.count < 3, !seen.contains(type.fullName) else { return ["…"] }
        return type.fields.flatMap { field -> [String] in
            let oneof = field.oneof.map { "  (oneof \(type.oneofs[$0].name))" } ?? ""
            let value = schema.entry(of: field)?.value ?? field
            guard let inner = schema.message(of: value), NaturalForm(inner) == nil else {
                return ["\(field.name): \(example(field))\(oneof)"]
            }
            let lines = fields(inner, seen.union([type.fullName]))
            let lead =
                field.cardinality == .repeated ? "- " : field.cardinality == .map ? "KEY: " : ""
            return ["\(field.name):\(oneof)"]
                + lines.enumerated().map { index, line in
                    "  " + (index == 0 ? lead : String(repeating: " ", count: lead.isEmpty ? 0 : 2))
                        + line
                }
        }
    }

    private func example(_ field: FieldType) -> String {
        if let entry = schema.entry(of: field) {
            return "{ \(example(entry.key)): \(example(entry.value)) }"
        }
        let one = single(field)
        return field.cardinality == .repeated ? "[\(one)]" : one
    }

    private func single(_ field: FieldType) -> String {
        if let type = schema.enumeration(of: field) {
            return type.values.map(\.name).joined(separator: " | ")
        }
        if let type = schema.message(of: field) {
            switch NaturalForm(type) {
            case .timestamp: return "\"2026-01-31T12:00:00Z\""
            case .duration: return "1.5s"
            case .fieldMask: return "\"a,b.c\""
            case .any: return "{ \"@type\": NAME }"
            default: return "{}"
            }
        }
        switch field.kind {
        case .string: return "\"\""
        case .bytes: return "\"\"  # base64, or !hex"
        case .bool: return "false"
        case .double, .float: return "0.0"
        default: return "0"
        }
    }
}
