/// What the parser finds in files, which the linker then joins. The files own the nodes; a node
/// refers to others without owning them, since types may well contain themselves.

/// A name of a file that is declared in it.
class ProtoNode {
    let name: String
    /// Of the name.
    let place: ProtoPlace
    unowned let file: FileNode
    /// Without a leading dot; set when the file is registered.
    var fullName = ""
    let options: ProtoOptions

    init(_ name: String, at place: ProtoPlace, in file: FileNode, _ optionsType: String) {
        (self.name, self.place, self.file) = (name, place, file)
        options = ProtoOptions(optionsType)
    }
}

final class FileNode {
    /// The path by which others import it.
    let name: String
    var edition = ProtoEdition.proto2
    var editionPlace = ProtoPlace()
    var package = ""
    var packagePlace = ProtoPlace()
    var imports: [ImportNode] = []
    var messages: [MessageNode] = []
    var enums: [EnumNode] = []
    var services: [ServiceNode] = []
    var extensions: [FieldNode] = []
    let options = ProtoOptions("FileOptions")
    /// Files whose names this file may use: itself, its imports, and what those import publicly.
    var visible: Set<ObjectIdentifier> = []
    /// Files of which it may use the extensions, as options, and nothing else.
    var optionVisible: Set<ObjectIdentifier> = []

    init(_ name: String) { self.name = name }
}

struct ImportNode {
    enum Kind { case plain, `public`, weak, option }

    let path: String
    let kind: Kind
    let place: ProtoPlace
    unowned var file: FileNode?
}

final class MessageNode: ProtoNode {
    unowned let container: MessageNode?
    /// 1 of a message of the file.
    let depth: Int
    var isMapEntry = false
    var fields: [FieldNode] = []
    var extensions: [FieldNode] = []
    var messages: [MessageNode] = []
    var enums: [EnumNode] = []
    var oneofs: [OneofNode] = []
    var extensionRanges: [ExtensionRangeNode] = []
    var reservedRanges: [NumberRange] = []
    var reservedNames: [ReservedName] = []
    /// The number of `SymbolVisibility`.
    var visibility: Int32?
    var fieldsByName: [String: FieldNode] = [:]
    private(set) lazy var rangesByStart = [Int64: ExtensionRangeNode](
        extensionRanges.map { ($0.range.start, $0) },
        uniquingKeysWith: { first, _ in first }
    )
    private(set) lazy var extensionNumbers = SortedRanges(extensionRanges.map(\.range))

    init(_ name: String, at place: ProtoPlace, in file: FileNode, _ container: MessageNode?) {
        self.container = container
        depth = (container?.depth ?? 0) + 1
        super.init(name, at: place, in: file, "MessageOptions")
    }

    /// The old form of a bag of extensions, with numbers of 32 bits instead of 29.
    var isMessageSet: Bool {
        options.written.contains { $0.isPlain("message_set_wire_format", saying: "true") }
    }

    /// Once the options are read, it is known what `to max` means.
    func endRangesAtMaximum() {
        let end = isMessageSet ? Int64(Int32.max) - 1 : FieldNode.maximumNumber
        for node in extensionRanges where node.range.end == NumberRange.upToMax {
            node.range.end = end
        }
        for index in reservedRanges.indices where reservedRanges[index].end == NumberRange.upToMax {
            reservedRanges[index].end = end
        }
    }
}

struct ReservedName {
    let name: String
    let place: ProtoPlace
}

final class ExtensionRangeNode: ProtoNode {
    var range: NumberRange
    unowned let container: MessageNode

    init(_ range: NumberRange, in container: MessageNode) {
        (self.range, self.container) = (range, container)
        super.init("", at: range.place, in: container.file, "ExtensionRangeOptions")
    }
}

final class OneofNode: ProtoNode {
    /// Of a proto3 `optional`, which makes it for itself.
    var isSynthetic = false
    unowned let container: MessageNode

    init(_ name: String, at place: ProtoPlace, in container: MessageNode) {
        self.container = container
        super.init(name, at: place, in: container.file, "OneofOptions")
    }
}

final class EnumNode: ProtoNode {
    unowned let container: MessageNode?
    var values: [EnumValueNode] = []
    var reservedRanges: [NumberRange] = []
    var reservedNames: [ReservedName] = []
    var visibility: Int32?

    init(_ name: String, at place: ProtoPlace, in file: FileNode, _ container: MessageNode?) {
        self.container = container
        super.init(name, at: place, in: file, "EnumOptions")
    }

    private(set) lazy var valuesByNumber = [Int32: EnumValueNode](
        values.map { ($0.number, $0) },
        uniquingKeysWith: { first, _ in first }
    )
    private(set) lazy var valuesByName = [String: EnumValueNode](
        values.map { ($0.name, $0) },
        uniquingKeysWith: { first, _ in first }
    )

    var isClosed: Bool { options.features.isClosedEnum }
}

final class EnumValueNode: ProtoNode {
    let number: Int32
    let numberPlace: ProtoPlace
    unowned let type: EnumNode

    init(
        _ name: String,
        at place: ProtoPlace,
        _ number: Int32,
        at numberPlace: ProtoPlace,
        of type: EnumNode
    ) {
        (self.number, self.numberPlace, self.type) = (number, numberPlace, type)
        super.init(name, at: place, in: type.file, "EnumValueOptions")
    }
}

final class ServiceNode: ProtoNode {
    var methods: [MethodNode] = []

    init(_ name: String, at place: ProtoPlace, in file: FileNode) {
        super.init(name, at: place, in: file, "ServiceOptions")
    }
}

final class MethodNode: ProtoNode {
    struct TypeName {
        var name: String
        let place: ProtoPlace
        let isStream: Bool
    }

    unowned let service: ServiceNode
    var input: TypeName
    var output: TypeName

    init(
        _ name: String,
        at place: ProtoPlace,
        of service: ServiceNode,
        input: TypeName,
        output: TypeName
    ) {
        self.service = service
        (self.input, self.output) = (input, output)
        super.init(name, at: place, in: service.file, "MethodOptions")
    }
}
