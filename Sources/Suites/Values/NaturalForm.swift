import YAML

/// The messages of `google/protobuf` that are written as what they mean, not by their fields.
enum NaturalForm: Hashable {
    case any, timestamp, duration, fieldMask, structure, value, listValue, wrapper

    init?(_ type: MessageType) {
        let package = "google.protobuf."
        guard type.fullName.hasPrefix(package) else { return nil }
        switch type.fullName.dropFirst(package.count) {
        case "Any": self = .any
        case "Timestamp": self = .timestamp
        case "Duration": self = .duration
        case "FieldMask": self = .fieldMask
        case "Struct": self = .structure
        case "Value": self = .value
        case "ListValue": self = .listValue
        case "DoubleValue", "FloatValue", "Int64Value", "UInt64Value", "Int32Value",
            "UInt32Value", "BoolValue", "StringValue", "BytesValue":
            self = .wrapper
        default: return nil
        }
    }

    /// Whether a node is meant so: a mapping may also have the message's own fields.
    func applies(to node: YAMLNode) -> Bool {
        guard case .mapping(let entries) = node.content else { return true }
        switch self {
        case .structure, .value: return true
        case .any: return entries.contains { $0.name == Self.typeKey }
        case .timestamp, .duration, .fieldMask, .listValue, .wrapper: return false
        }
    }

    static let typeKey = "@type"

    /// Paths have capitals in JSON (`one.twoThree`) and underscores in `.proto` files.
    static func path(_ text: some StringProtocol) -> String {
        text.unicodeScalars.reduce(into: "") { path, scalar in
            if ("A"..."Z").contains(scalar) {
                path += "_" + String(scalar).lowercased()
            } else {
                path.unicodeScalars.append(scalar)
            }
        }
    }
}
