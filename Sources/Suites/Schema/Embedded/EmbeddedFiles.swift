/// The files that every schema may import without being given them.
package enum EmbeddedFiles {
    private static let files = wellKnown + [descriptor] + rpc

    package static func file(named name: String) -> FileDescriptor? { byName[name] }

    package static var names: [String] { files.map(\.name) }

    private static let byName = Dictionary(files.map { ($0.name, $0) }) { first, _ in first }
}

// How the files beside this one are written down.

extension FileDescriptor {
    init(
        _ name: String,
        package: String,
        proto2: Bool = false,
        imports: [String] = [],
        messages: [MessageDescriptor],
        enums: [EnumDescriptor] = []
    ) {
        self.init(name)
        self.package = package
        syntax = proto2 ? nil : "proto3"
        dependencies = imports
        self.messages = messages
        self.enums = enums
    }
}

extension MessageDescriptor {
    init(
        _ name: String,
        _ fields: [FieldDescriptor] = [],
        oneofs: [String] = [],
        messages: [MessageDescriptor] = [],
        enums: [EnumDescriptor] = [],
        extensions: Int32? = nil
    ) {
        self.init(name)
        self.fields = fields
        self.oneofs = oneofs.map { OneofDescriptor($0) }
        self.messages = messages
        self.enums = enums
        if let extensions {
            // The highest number of a field, and one more.
            extensionRanges = [ExtensionRange(extensions, 0x2000_0000)]
        }
    }

    /// The entries of `map<string, VALUE>`.
    static func entry(_ name: String, _ value: FieldDescriptor) -> MessageDescriptor {
        var entry = MessageDescriptor(name, [.field("key", 1, .string), value])
        // map_entry = true
        entry.options = DescriptorOptions([0x38, 0x01])
        return entry
    }
}

extension FieldDescriptor {
    static func field(
        _ name: String,
        _ number: Int32,
        _ kind: Kind,
        _ typeName: String? = nil,
        label: Label = .optional,
        oneof: Int32? = nil,
        default defaultValue: String? = nil
    ) -> FieldDescriptor {
        var field = FieldDescriptor(name, number)
        field.label = label
        field.kind = kind
        field.typeName = typeName.map { ".google.\($0)" }
        field.oneofIndex = oneof
        field.defaultValue = defaultValue
        field.jsonName = JSONName.of(name)
        return field
    }

    static func list(
        _ name: String,
        _ number: Int32,
        _ kind: Kind,
        _ typeName: String? = nil
    ) -> FieldDescriptor {
        field(name, number, kind, typeName, label: .repeated)
    }
}

extension EnumDescriptor {
    /// Values in their order, by number.
    init(_ name: String, _ values: KeyValuePairs<String, Int32>) {
        self.init(name)
        self.values = values.map { Value($0.key, $0.value) }
    }
}
