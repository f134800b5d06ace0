import Suites
import YAML

/// A message for tests of YAML.
enum ValuesSchema {
    static func make() throws -> (schema: Schema, type: MessageType) {
        var file = FileDescriptor("values.proto")
        (file.package, file.syntax) = ("shop", "proto3")
        var color = EnumDescriptor("Color")
        color.values = [.init("RED", 0), .init("GREEN", 1), .init("NULL", 2)]
        file.enums = [color]
        var message = MessageDescriptor("Order")
        message.oneofs = [OneofDescriptor("key")]
        let kinds: [(String, FieldDescriptor.Kind)] = [
            ("name", .string), ("small_count", .int32), ("big", .int64), ("most", .uint64),
            ("ratio", .double), ("share", .float), ("flag", .bool), ("data", .bytes),
        ]
        for (name, kind) in kinds { add(name, kind, nil, to: &message) }
        add("color", .enum, "shop.Color", to: &message)
        add("item", .message, "shop.Order", to: &message)
        let natural = [
            "Timestamp", "Duration", "Any", "Struct", "Value", "ListValue", "FieldMask",
            "Int64Value", "StringValue", "Empty",
        ]
        for name in natural {
            add("a_\(name.lowercased())", .message, "google.protobuf.\(name)", to: &message)
        }
        for (name, kind) in [("id", FieldDescriptor.Kind.string), ("number", .int32)] {
            add(name, kind, nil, to: &message)
            message.fields[message.fields.count - 1].oneofIndex = 0
        }
        for (name, kind, type) in [
            ("tags", FieldDescriptor.Kind.string, nil as String?),
            ("items", .message, "shop.Order"),
            ("values", .message, "google.protobuf.Value"),
            ("by_id", .message, "shop.Order.ByIdEntry"),
        ] {
            add(name, kind, type, to: &message)
            message.fields[message.fields.count - 1].label = .repeated
        }
        var entry = MessageDescriptor("ByIdEntry")
        add("key", .uint32, nil, to: &entry)
        add("value", .message, "shop.Order", to: &entry)
        entry.options = DescriptorOptions([0x38, 1])
        message.messages = [entry]
        file.messages = [message]
        file.dependencies = [
            "any", "timestamp", "duration", "struct", "field_mask", "wrappers", "empty",
        ].map {
            "google/protobuf/\($0).proto"
        }
        let schema = try Schema([file])
        guard let type = schema.message(named: "shop.Order") else { throw Missing() }
        return (schema, type)
    }

    struct Missing: Error {}

    private static func add(
        _ name: String,
        _ kind: FieldDescriptor.Kind,
        _ type: String?,
        to message: inout MessageDescriptor
    ) {
        var field = FieldDescriptor(name, Int32(message.fields.count + 1))
        (field.kind, field.typeName) = (kind, type.map { ".\($0)" })
        message.fields.append(field)
    }
}

extension Schema {
    /// The message that a YAML text says, or what is wrong with it.
    func read(_ yaml: String, _ type: MessageType) throws -> (DynamicMessage?, [String]) {
        let node = try YAMLDocument.parse(Array(yaml.utf8), file: "t.yaml")
        let report = YAMLReport()
        let message = TypeChecker(self, report: report).message(node, type)
        return (message, report.errors.map(\.description))
    }
}
