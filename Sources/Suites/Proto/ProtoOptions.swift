/// The options of one node: as written, and what they mean once interpreted.
final class ProtoOptions {
    /// The message in package `google.protobuf` that they fill.
    let type: String
    var written: [OptionNode] = []
    /// The braces of a method, which may hold none, count as options.
    var hasBraces = false
    /// Those that descriptor.proto knows.
    var known = OptionMessage()
    /// Custom ones, in the order written.
    var custom: [CustomOption] = []
    /// With what is inherited.
    var features = ProtoFeatures()

    init(_ type: String) { self.type = type }

    func flag(_ number: Int32) -> Bool { known.number(number) == 1 }

    /// In wire form, as protoc writes it; nil when none were written.
    var descriptor: DescriptorOptions? {
        guard !written.isEmpty || hasBraces else { return nil }
        return DescriptorOptions(custom.reduce(into: known.encoded) { $0 += $1.encoded })
    }
}

/// A value of an extension of the options.
struct CustomOption {
    unowned let field: FieldNode
    let value: OptionValue
    let encoded: [UInt8]
}

/// One option as written.
struct OptionNode {
    struct Part {
        let name: String
        let isExtension: Bool
        let place: ProtoPlace
    }

    enum Value {
        case identifier(String)
        case integer(UInt64)
        case negative(Int64)
        case float(Double)
        case string([UInt8])
        /// What stands between the braces.
        case aggregate(ArraySlice<ProtoToken>)
    }

    let parts: [Part]
    let value: Value
    let valuePlace: ProtoPlace

    var place: ProtoPlace { parts.first?.place ?? valuePlace }
    /// As one would write it.
    var name: String {
        parts.map { $0.isExtension ? "(\($0.name))" : $0.name }.joined(separator: ".")
    }

    /// An option that is one word of descriptor.proto.
    func isPlain(_ name: String) -> Bool {
        parts.count == 1 && parts.first.map { !$0.isExtension && $0.name == name } == true
    }

    func isPlain(_ name: String, saying value: String) -> Bool {
        if case .identifier(value) = self.value { return isPlain(name) }
        return false
    }
}

/// Numbers in descriptor.proto that rules ask for.
enum FileOption {
    static let optimizeFor: Int32 = 9
    static let ccGenericServices: Int32 = 16
    static let javaGenericServices: Int32 = 17
    static let javaStringCheckUTF8: Int32 = 27
}

enum MessageOption {
    static let legacyJSONConflicts: Int32 = 11
}

enum FieldOption {
    static let ctype: Int32 = 1
    static let packed: Int32 = 2
    static let lazy: Int32 = 5
    static let jstype: Int32 = 6
    static let unverifiedLazy: Int32 = 15
    static let targets: Int32 = 19
    static let featureSupport: Int32 = 22
}

enum EnumOption {
    static let allowAlias: Int32 = 2
    static let legacyJSONConflicts: Int32 = 6
}

enum ExtensionRangeOption {
    static let declaration: Int32 = 2
    static let verification: Int32 = 3
}

enum EnumValueOption {
    static let featureSupport: Int32 = 4
}
