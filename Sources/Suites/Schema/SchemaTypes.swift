/// A message of a schema, by its place there: types refer to each other in circles.
package struct MessageReference: Hashable, Sendable {
    let index: Int
}

/// An enum of a schema.
package struct EnumReference: Hashable, Sendable {
    let index: Int
}

/// A message type, ready to read and write messages.
package final class MessageType: Sendable {
    package let fullName: String
    /// In the order of the `.proto`, extensions left out.
    package let fields: [FieldType]
    /// Extensions of this message anywhere in the schema.
    package let extensions: [FieldType]
    /// Those that a person wrote, not those behind a proto3 `optional`.
    package let oneofs: [OneofType]
    /// Of a map's entries, not of a message that can be named.
    package let isMapEntry: Bool
    package let options: DescriptorOptions?
    private let byNumber: [Int32: FieldType]
    private let byName: [String: FieldType]

    init(
        fullName: String,
        fields: [FieldType],
        extensions: [FieldType],
        oneofs: [OneofType],
        isMapEntry: Bool,
        options: DescriptorOptions?
    ) {
        (self.fullName, self.fields, self.extensions) = (fullName, fields, extensions)
        (self.oneofs, self.isMapEntry, self.options) = (oneofs, isMapEntry, options)
        let all = fields + extensions
        byNumber = Dictionary(all.map { ($0.number, $0) }) { first, _ in first }
        // A proto name wins over the JSON name of another field.
        let names = fields.map { ($0.name, $0) } + fields.map { ($0.jsonName, $0) }
        byName = Dictionary(names + extensions.map { ($0.name, $0) }) { first, _ in first }
    }

    /// A field or extension.
    package func field(_ number: Int32) -> FieldType? { byNumber[number] }

    /// A field by its proto or JSON name, an extension by `[its.full.name]`.
    package func field(named name: String) -> FieldType? { byName[name] }
}

/// A oneof: at most one of its fields is set.
package struct OneofType: Hashable, Sendable {
    package let name: String
    /// The numbers of its fields.
    package let numbers: [Int32]
}

/// A field, or an extension.
package final class FieldType: Sendable {
    package enum Cardinality: Hashable, Sendable { case singular, repeated, map }

    /// Of an extension `[its.full.name]`, as JSON has it.
    package let name: String
    package let jsonName: String
    package let number: Int32
    /// `group` also of an edition's delimited message.
    package let kind: FieldDescriptor.Kind
    package let cardinality: Cardinality
    /// Of messages and groups; of a map its entries.
    package let message: MessageReference?
    /// Of enums.
    package let enumeration: EnumReference?
    /// Absent differs from zero.
    package let hasPresence: Bool
    package let isRequired: Bool
    package let isPacked: Bool
    package let isExtension: Bool
    /// The index into the message's `oneofs`.
    package let oneof: Int?
    /// What an absent field means; nil of messages, lists and maps.
    package let defaultValue: DynamicValue?
    package let options: DescriptorOptions?
    /// Text must be UTF-8.
    let verifiesUTF8: Bool

    init(
        _ descriptor: FieldDescriptor,
        kind: FieldDescriptor.Kind,
        cardinality: Cardinality,
        target: FieldTarget,
        features: FeatureSet,
        oneof: Int?,
        defaultValue: DynamicValue?,
        extensionName: String?
    ) {
        name = extensionName.map { "[\($0)]" } ?? descriptor.name
        jsonName =
            extensionName == nil
            ? descriptor.jsonName ?? JSONName.of(descriptor.name) : name
        (number, self.kind, self.cardinality) = (descriptor.number, kind, cardinality)
        (message, enumeration) = (target.message, target.enumeration)
        hasPresence =
            cardinality == .singular
            && (features.isExplicit || kind == .message || kind == .group
                || oneof != nil || descriptor.isProto3Optional || extensionName != nil)
        isRequired = cardinality == .singular && features.isRequired
        isPacked = cardinality == .repeated && features.isPacked && kind.isPackable
        isExtension = extensionName != nil
        (self.oneof, self.defaultValue, options) = (oneof, defaultValue, descriptor.options)
        verifiesUTF8 = features.verifiesUTF8
    }
}

/// What a field's type name leads to.
struct FieldTarget {
    var message: MessageReference?
    var enumeration: EnumReference?
}

/// An enum type.
package final class EnumType: Sendable {
    package let fullName: String
    package let values: [EnumDescriptor.Value]
    /// A closed enum has no values but these: others on the wire are unknown fields.
    package let isClosed: Bool
    private let byName: [String: Int32]
    private let byNumber: [Int32: String]

    init(fullName: String, values: [EnumDescriptor.Value], isClosed: Bool) {
        (self.fullName, self.values, self.isClosed) = (fullName, values, isClosed)
        byName = Dictionary(values.map { ($0.name, $0.number) }) { first, _ in first }
        byNumber = Dictionary(values.map { ($0.number, $0.name) }) { first, _ in first }
    }

    package func number(named name: String) -> Int32? { byName[name] }

    /// The first name of a number: others are aliases.
    package func name(of number: Int32) -> String? { byNumber[number] }

    package func contains(_ number: Int32) -> Bool { byNumber[number] != nil }
}

/// A service with its methods.
package struct ServiceType: Sendable {
    package let fullName: String
    package let methods: [MethodType]
    package let options: DescriptorOptions?

    package func method(named name: String) -> MethodType? { methods.first { $0.name == name } }
}

/// A method of a service.
package struct MethodType: Sendable {
    package enum Kind: String, Hashable, Sendable {
        case unary
        case clientStreaming = "client streaming"
        case serverStreaming = "server streaming"
        case bidirectional = "bidirectional streaming"
    }

    package let name: String
    /// `/package.Service/Method`, as gRPC calls it.
    package let path: String
    package let kind: Kind
    package let input: MessageReference
    package let output: MessageReference
    package let options: DescriptorOptions?
}

enum JSONName {
    /// `one_word` is `oneWord`, as protoc has it: each underscore goes and raises what follows.
    static func of(_ name: String) -> String {
        var result = ""
        var raises = false
        for character in name.unicodeScalars {
            if character == "_" {
                raises = true
            } else {
                let isLower = ("a"..."z").contains(character)
                result += raises && isLower ? String(character).uppercased() : String(character)
                raises = false
            }
        }
        return result
    }
}
