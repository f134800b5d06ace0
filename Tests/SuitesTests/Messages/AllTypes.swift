import Suites

/// A message with fields of all kinds, in each syntax.
enum AllTypes {
    static let kinds: [(name: String, kind: FieldDescriptor.Kind)] = [
        ("double", .double), ("float", .float), ("int64", .int64), ("uint64", .uint64),
        ("int32", .int32), ("fixed64", .fixed64), ("fixed32", .fixed32), ("bool", .bool),
        ("string", .string), ("bytes", .bytes), ("uint32", .uint32), ("enum", .enum),
        ("sfixed32", .sfixed32), ("sfixed64", .sfixed64), ("sint32", .sint32),
        ("sint64", .sint64), ("message", .message),
    ]

    static let keys: [FieldDescriptor.Kind] = [.int32, .uint64, .sint64, .fixed32, .bool, .string]

    static let proto2 = file("proto2", syntax: nil)
    static let proto3 = file("proto3", syntax: "proto3")
    static let editions = file("editions", syntax: "editions", edition: 1000)

    static func schema() throws -> Schema { try Schema([proto2, proto3, editions]) }

    private static func file(
        _ name: String,
        syntax: String?,
        edition: Int32? = nil
    ) -> FileDescriptor {
        var file = FileDescriptor("\(name).proto")
        file.package = "test.\(name)"
        (file.syntax, file.edition) = (syntax, edition)
        var shade = EnumDescriptor("Shade")
        shade.values = [("ZERO", 0), ("ONE", 1), ("BIG", 1 << 20), ("MINUS", -1)].map {
            EnumDescriptor.Value($0.0, $0.1)
        }
        // features { enum_type: CLOSED }
        if edition != nil { shade.options = DescriptorOptions([0x3A, 2, 0x10, 2]) }
        file.enums = [shade]
        file.messages = [message(file)]
        if syntax != "proto3" {
            var tagged = field(file, "tag", 1000, .string)
            tagged.extendee = ".\(file.package).All"
            var inner = field(file, "inner", 1001, .message, label: .repeated)
            inner.extendee = tagged.extendee
            file.extensions = [tagged, inner]
        }
        return file
    }

    private static func message(_ file: FileDescriptor) -> MessageDescriptor {
        var message = MessageDescriptor("All")
        for (index, (name, kind)) in kinds.enumerated() {
            let number = Int32(index)
            message.fields += [
                field(file, "one_\(name)", 1 + number, kind),
                field(file, "many_\(name)", 101 + number, kind, label: .repeated),
            ]
            var choice = field(file, "choice_\(name)", 301 + number, kind)
            choice.oneofIndex = 0
            message.fields.append(choice)
            guard kind != .message else { continue }
            // Packed where it is not by default, and the other way round.
            var other = field(file, "other_\(name)", 201 + number, kind, label: .repeated)
            if kind != .string, kind != .bytes, file.syntax != "editions" {
                other.options = DescriptorOptions([0x10, file.syntax == nil ? 1 : 0])
            }
            message.fields.append(other)
        }
        message.oneofs = [OneofDescriptor("choice")]
        for (index, key) in keys.enumerated() {
            let values: [FieldDescriptor.Kind] = [
                .string, .enum, .message, .double, .bytes, .sint32,
            ]
            addMap(key, values[index], Int32(401 + index), to: &message, file)
        }
        switch file.syntax {
        case nil:
            var group = MessageDescriptor("Group")
            group.fields = [field(file, "a", 1, .int32), field(file, "deeper", 2, .message)]
            message.messages.append(group)
            for (name, label) in [("group", FieldDescriptor.Label.optional), ("groups", .repeated)]
            {
                var field = field(file, name, label == .repeated ? 502 : 501, .group, label: label)
                field.typeName = ".\(file.package).All.Group"
                message.fields.append(field)
            }
            message.extensionRanges = [.init(1000, 2000)]
        case "proto3":
            var field = field(file, "maybe", 501, .int32)
            field.isProto3Optional = true
            field.oneofIndex = 1
            message.fields.append(field)
            message.oneofs.append(OneofDescriptor("_maybe"))
        default:
            // features { message_encoding: DELIMITED }, { field_presence: IMPLICIT }
            for (name, number, kind, feature) in [
                ("delimited", Int32(501), FieldDescriptor.Kind.message, [UInt8(0x28), 2]),
                ("implicit", 502, .string, [0x08, 2]), ("unchecked", 503, .string, [0x20, 3]),
                ("expanded", 504, .int32, [0x18, 2]),
            ] {
                let label: FieldDescriptor.Label = name == "expanded" ? .repeated : .optional
                var field = field(file, name, number, kind, label: label)
                field.options = DescriptorOptions([0xAA, 0x01, 2] + feature)
                message.fields.append(field)
            }
            message.extensionRanges = [.init(1000, 2000)]
        }
        return message
    }

    private static func field(
        _ file: FileDescriptor,
        _ name: String,
        _ number: Int32,
        _ kind: FieldDescriptor.Kind,
        label: FieldDescriptor.Label = .optional
    ) -> FieldDescriptor {
        var field = FieldDescriptor(name, number)
        (field.label, field.kind) = (label, kind)
        if kind == .message { field.typeName = ".\(file.package).All" }
        if kind == .enum { field.typeName = ".\(file.package).Shade" }
        return field
    }

    private static func addMap(
        _ key: FieldDescriptor.Kind,
        _ value: FieldDescriptor.Kind,
        _ number: Int32,
        to message: inout MessageDescriptor,
        _ file: FileDescriptor
    ) {
        var entry = MessageDescriptor("Map\(number)Entry")
        entry.fields = [field(file, "key", 1, key), field(file, "value", 2, value)]
        entry.options = DescriptorOptions([0x38, 1])
        message.messages.append(entry)
        var map = field(file, "map\(number)", number, .message, label: .repeated)
        map.typeName = ".\(file.package).All.\(entry.name)"
        message.fields.append(map)
    }
}
