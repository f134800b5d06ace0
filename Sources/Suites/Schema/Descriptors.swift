/// The descriptors of `google/protobuf/descriptor.proto`, as plain values: what a `.proto` says.
/// Names and numbers are those of that file; what it calls `optional` is an `Optional` here.

/// `FileDescriptorProto`: one `.proto` file.
package struct FileDescriptor: Hashable, Sendable {
    /// The path by which other files import it.
    package var name: String
    /// Empty when the file has none.
    package var package = ""
    package var dependencies: [String] = []
    /// Indices into `dependencies`.
    package var publicDependencies: [Int] = []
    package var weakDependencies: [Int] = []
    /// `import option`, since edition 2024.
    package var optionDependencies: [String] = []
    package var messages: [MessageDescriptor] = []
    package var enums: [EnumDescriptor] = []
    package var services: [ServiceDescriptor] = []
    package var extensions: [FieldDescriptor] = []
    package var options: DescriptorOptions?
    /// `proto2` is written as nothing, as protoc writes it.
    package var syntax: String?
    /// The number of `Edition`: 1000 is 2023. Nil without `edition`.
    package var edition: Int32?

    package init(_ name: String) { self.name = name }
}

/// `DescriptorProto`: a message.
package struct MessageDescriptor: Hashable, Sendable {
    /// `DescriptorProto.ExtensionRange`: `end` is exclusive.
    package struct ExtensionRange: Hashable, Sendable {
        package var start: Int32
        package var end: Int32
        package var options: DescriptorOptions?

        package init(_ start: Int32, _ end: Int32) { (self.start, self.end) = (start, end) }
    }

    package var name: String
    package var fields: [FieldDescriptor] = []
    package var extensions: [FieldDescriptor] = []
    package var messages: [MessageDescriptor] = []
    package var enums: [EnumDescriptor] = []
    package var extensionRanges: [ExtensionRange] = []
    package var oneofs: [OneofDescriptor] = []
    package var options: DescriptorOptions?
    /// `end` is exclusive here.
    package var reservedRanges: [Range<Int32>] = []
    package var reservedNames: [String] = []
    /// `export` or `local`, since edition 2024: the number of `SymbolVisibility`.
    package var visibility: Int32?

    package init(_ name: String) { self.name = name }
}

/// `FieldDescriptorProto`: a field, or an extension.
package struct FieldDescriptor: Hashable, Sendable {
    package enum Label: Int32, Hashable, Sendable { case optional = 1, required, repeated }

    package enum Kind: Int32, Hashable, Sendable {
        case double = 1, float, int64, uint64, int32, fixed64, fixed32, bool, string, group
        case message, bytes, uint32, `enum`, sfixed32, sfixed64, sint32, sint64
    }

    package var name: String
    package var number: Int32
    package var label: Label?
    /// Nil from a parser that has not yet resolved `typeName`.
    package var kind: Kind?
    /// Of a message, group or enum: fully qualified with a leading dot when resolved.
    package var typeName: String?
    /// Of an extension: the message that it extends.
    package var extendee: String?
    /// As descriptor.proto says: text, of numbers too; C-escaped of bytes.
    package var defaultValue: String?
    /// Index into the message's `oneofs`.
    package var oneofIndex: Int32?
    package var jsonName: String?
    package var options: DescriptorOptions?
    /// A proto3 `optional`: it has a synthetic oneof and tells absent from zero.
    package var isProto3Optional = false

    package init(_ name: String, _ number: Int32) { (self.name, self.number) = (name, number) }
}

/// `OneofDescriptorProto`.
package struct OneofDescriptor: Hashable, Sendable {
    package var name: String
    package var options: DescriptorOptions?

    package init(_ name: String) { self.name = name }
}

/// `EnumDescriptorProto`.
package struct EnumDescriptor: Hashable, Sendable {
    package struct Value: Hashable, Sendable {
        package var name: String
        package var number: Int32
        package var options: DescriptorOptions?

        package init(_ name: String, _ number: Int32) { (self.name, self.number) = (name, number) }
    }

    package var name: String
    package var values: [Value] = []
    package var options: DescriptorOptions?
    /// Inclusive at both ends, unlike a message's.
    package var reservedRanges: [ClosedRange<Int32>] = []
    package var reservedNames: [String] = []
    package var visibility: Int32?

    package init(_ name: String) { self.name = name }
}

/// `ServiceDescriptorProto`.
package struct ServiceDescriptor: Hashable, Sendable {
    package var name: String
    package var methods: [MethodDescriptor] = []
    package var options: DescriptorOptions?

    package init(_ name: String) { self.name = name }
}

/// `MethodDescriptorProto`.
package struct MethodDescriptor: Hashable, Sendable {
    package var name: String
    package var inputType: String
    package var outputType: String
    package var options: DescriptorOptions?
    package var isClientStreaming = false
    package var isServerStreaming = false

    package init(_ name: String, input: String, output: String) {
        (self.name, inputType, outputType) = (name, input, output)
    }
}

/// The options of one descriptor: `FileOptions`, `FieldOptions` and so on, in wire form, custom options and all.
package struct DescriptorOptions: Hashable, Sendable {
    package var bytes: [UInt8]

    package init(_ bytes: [UInt8] = []) { self.bytes = bytes }
}
