/// Turns the descriptors of fields into types.
struct FieldBuilder {
    typealias Message = SymbolTable.Definition<MessageDescriptor>

    /// Where a field stands, for what it inherits and for messages about it.
    private struct Site {
        let name: String
        let file: String
        let scope: String
        var features: FeatureSet
        var oneof: Int?
        var isInMapEntry = false
        var isExtension = false
    }

    let names: SymbolTable
    let enums: [EnumType]
    /// By the index of their message.
    let isMapEntry: [Bool]

    init(names: SymbolTable, enums: [EnumType]) throws(SchemaError) {
        (self.names, self.enums) = (names, enums)
        var isMapEntry: [Bool] = []
        for message in names.messages {
            let options = message.descriptor.options
            let flag = try Self.flag(7, options, of: message.fullName, message.file)
            isMapEntry.append(flag ?? false)
        }
        self.isMapEntry = isMapEntry
    }

    /// A field of the message at an index.
    func fieldType(
        _ field: FieldDescriptor,
        of index: Int,
        _ oneofs: OneofLayout
    ) throws(SchemaError) -> FieldType {
        let message = names.messages[index]
        var site = Site(
            name: "\(message.fullName).\(field.name)",
            file: message.file,
            scope: message.fullName,
            features: message.features,
            oneof: oneofs.index(of: field),
            isInMapEntry: isMapEntry[index]
        )
        guard field.extendee == nil else {
            throw SchemaError("the field \(site.name) names what it extends", in: site.file)
        }
        if let oneof = field.oneofIndex, site.oneof != nil {
            let options = message.descriptor.oneofs[Int(oneof)].options
            site.features = try site.features.refined(
                by: options,
                .oneof,
                of: site.name,
                in: site.file
            )
        }
        return try build(field, site)
    }

    func extensionType(
        _ definition: SymbolTable.Definition<FieldDescriptor>
    ) throws(SchemaError) -> (MessageReference, FieldType) {
        let field = definition.descriptor
        let site = Site(
            name: definition.fullName,
            file: definition.file,
            scope: definition.scope,
            features: definition.features,
            isExtension: true
        )
        guard let name = field.extendee,
            case .message(let extendee)? = names.lookUp(name, in: site.scope)
        else {
            let name = field.extendee ?? "nothing"
            throw SchemaError("\(site.name) extends \(name), which is no message", in: site.file)
        }
        let message = names.messages[extendee.index]
        let ranges = message.descriptor.extensionRanges
        guard ranges.contains(where: { $0.start <= field.number && field.number < $0.end }) else {
            let number = "the number \(field.number) of \(site.name)"
            throw SchemaError(
                "\(message.fullName) leaves no room for \(number)",
                in: site.file
            )
        }
        guard field.oneofIndex == nil else {
            throw SchemaError("the extension \(site.name) is in a oneof", in: site.file)
        }
        return (extendee, try build(field, site))
    }

    private func build(_ field: FieldDescriptor, _ site: Site) throws(SchemaError) -> FieldType {
        guard (1...0x1FFF_FFFF).contains(field.number), !(19_000...19_999).contains(field.number)
        else {
            throw SchemaError("\(site.name) cannot have number \(field.number)", in: site.file)
        }
        guard field.label != .repeated || site.oneof == nil else {
            throw SchemaError("\(site.name) is repeated within a oneof", in: site.file)
        }
        var features = try site.features.refined(
            by: field.options,
            .field,
            of: site.name,
            in: site.file
        )
        if field.label == .required { features.isRequired = true }
        if let isPacked = try Self.flag(2, field.options, of: site.name, site.file) {
            features.isPacked = isPacked
        }
        let (kind, target) = try resolve(field, site)
        let isMap = try isMap(field, kind, target, site)
        // Maps and what is in them have a length before them, whatever the features say.
        let isDelimited = features.isDelimited && !isMap && !site.isInMapEntry
        return FieldType(
            field,
            kind: kind == .message && isDelimited ? .group : kind,
            cardinality: isMap ? .map : field.label == .repeated ? .repeated : .singular,
            target: target,
            features: features,
            oneof: site.oneof,
            defaultValue: try defaultValue(of: field, kind, target, site),
            extensionName: site.isExtension ? site.name : nil
        )
    }

    private func resolve(
        _ field: FieldDescriptor,
        _ site: Site
    ) throws(SchemaError) -> (FieldDescriptor.Kind, FieldTarget) {
        guard let typeName = field.typeName else {
            switch field.kind {
            case nil, .message?, .group?, .enum?:
                throw SchemaError("\(site.name) does not name its type", in: site.file)
            case let kind?: return (kind, FieldTarget())
            }
        }
        switch (names.lookUp(typeName, in: site.scope), field.kind) {
        case (.message(let reference)?, let kind)
        where kind == nil || kind == .message || kind == .group:
            return (kind ?? .message, FieldTarget(message: reference))
        case (.enumeration(let reference)?, let kind) where kind == nil || kind == .enum:
            return (.enum, FieldTarget(enumeration: reference))
        case (nil, _):
            throw SchemaError("\(site.name) is of the unknown type \(typeName)", in: site.file)
        default:
            throw SchemaError(
                "\(site.name) is of \(typeName), which is a type of another kind",
                in: site.file
            )
        }
    }

    private func isMap(
        _ field: FieldDescriptor,
        _ kind: FieldDescriptor.Kind,
        _ target: FieldTarget,
        _ site: Site
    ) throws(SchemaError) -> Bool {
        guard let reference = target.message, isMapEntry[reference.index] else { return false }
        let fields = names.messages[reference.index].descriptor.fields
        guard field.label == .repeated, kind == .message, fields.count == 2,
            let key = fields.first(where: { $0.number == 1 }),
            let value = fields.first(where: { $0.number == 2 }),
            key.label != .repeated, value.label != .repeated
        else {
            throw SchemaError("\(site.name) is of map entries and yet no map", in: site.file)
        }
        switch key.kind {
        case .double, .float, .bytes, .enum, .message, .group, nil:
            throw SchemaError("\(site.name) has keys of a kind that is none", in: site.file)
        default: return true
        }
    }

    private func defaultValue(
        of field: FieldDescriptor,
        _ kind: FieldDescriptor.Kind,
        _ target: FieldTarget,
        _ site: Site
    ) throws(SchemaError) -> DynamicValue? {
        guard field.label != .repeated, target.message == nil else { return nil }
        let enumeration = target.enumeration.map { enums[$0.index] }
        guard let text = field.defaultValue else {
            return .zero(of: kind, first: enumeration?.values.first?.number ?? 0)
        }
        guard let value = DefaultValue.parse(text, kind, enumeration) else {
            throw SchemaError("\"\(text)\" can be no default of \(site.name)", in: site.file)
        }
        return value
    }

    private static func flag(
        _ number: Int32,
        _ options: DescriptorOptions?,
        of name: String,
        _ file: String
    ) throws(SchemaError) -> Bool? {
        do throws(WireError) {
            return try options?.flag(number)
        } catch {
            throw SchemaError("the options of \(name) cannot be read: \(error)", in: file)
        }
    }
}
