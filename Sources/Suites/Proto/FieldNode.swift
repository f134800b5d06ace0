/// A field of a message, or an extension.
final class FieldNode: ProtoNode {
    typealias Kind = FieldDescriptor.Kind

    static let maximumNumber: Int64 = 0x1FFF_FFFF

    /// The message it is declared in; of an extension of the file, none.
    unowned let container: MessageNode?
    var number: Int32 = 0
    var numberPlace = ProtoPlace()
    var label: FieldDescriptor.Label
    /// Nil until a type name is resolved.
    var kind: Kind?
    /// As written, until it is resolved.
    var typeName: String?
    var typePlace = ProtoPlace()
    unowned var messageType: MessageNode?
    unowned var enumType: EnumNode?
    /// Of an extension: the message's name, as written until it is resolved.
    var extendeeName: String?
    var extendeePlace = ProtoPlace()
    unowned var extendee: MessageNode?
    var defaultValue: String?
    var defaultPlace = ProtoPlace()
    var jsonName: String?
    var jsonPlace = ProtoPlace()
    /// Index into the oneofs of the message.
    var oneofIndex: Int?
    var isProto3Optional = false

    init(
        _ name: String,
        at place: ProtoPlace,
        in file: FileNode,
        _ container: MessageNode?,
        _ label: FieldDescriptor.Label
    ) {
        (self.container, self.label) = (container, label)
        super.init(name, at: place, in: file, "FieldOptions")
    }

    var isExtension: Bool { extendeeName != nil }
    var isRepeated: Bool { label == .repeated }
    /// The message it is a field of.
    var owner: MessageNode? { isExtension ? extendee : container }
    var isMap: Bool { messageType?.isMapEntry == true }
    var isMessage: Bool { kind == .message || kind == .group }

    /// Between start and end tags on the wire: a group of proto2, or by its features.
    var isDelimited: Bool {
        kind == .group
            || (kind == .message && options.features.isDelimited && !isMap
                && container?.isMapEntry != true)
    }

    var isRequired: Bool { label == .required || options.features.isRequired && label == .optional }

    /// Whether absent and zero are told apart.
    var hasPresence: Bool {
        if isRepeated { return false }
        return isMessage || isExtension || oneofIndex != nil || !options.features.isImplicit
    }

    var isPackable: Bool {
        switch kind {
        case .string, .bytes, .message, .group, nil: false
        default: isRepeated
        }
    }

    var isPacked: Bool { isPackable && options.features.isPacked }

    /// Such a field may be called by its message's name too, as groups are in text.
    var isGroupLike: Bool {
        guard isDelimited, let messageType else { return false }
        return name == messageType.name.lowercasedASCII && messageType.file === file
            && messageType.container === container
    }

    static let scalars: [String: Kind] = [
        "double": .double, "float": .float, "int64": .int64, "uint64": .uint64, "int32": .int32,
        "fixed64": .fixed64, "fixed32": .fixed32, "bool": .bool, "string": .string,
        "group": .group, "bytes": .bytes, "uint32": .uint32, "sfixed32": .sfixed32,
        "sfixed64": .sfixed64, "sint32": .sint32, "sint64": .sint64,
    ]

    /// In the unstable edition a whole number is of fixed width unless its type says otherwise.
    private static let unstableScalars: [String: Kind] = [
        "double": .double, "float": .float, "bool": .bool, "string": .string, "group": .group,
        "bytes": .bytes, "int32": .sfixed32, "int64": .sfixed64, "uint32": .fixed32,
        "uint64": .fixed64, "varint32": .int32, "varint64": .int64, "uvarint32": .uint32,
        "uvarint64": .uint64, "zigzag32": .sint32, "zigzag64": .sint64,
    ]

    static func scalars(in edition: ProtoEdition) -> [String: Kind] {
        edition == .unstable ? unstableScalars : scalars
    }
}

extension String {
    var lowercasedASCII: String { String(decoding: utf8.map(\.lowerASCII), as: UTF8.self) }
}
