extension ProtoLinker {
    /// Finds what the names of types mean.
    func resolve(_ file: FileNode) {
        for field in file.allFields { resolve(field) }
        checkExtensionNumbers(file.allExtensions)
        for method in file.services.flatMap(\.methods) {
            resolve(&method.input, of: method)
            resolve(&method.output, of: method)
        }
    }

    private func resolve(_ field: FieldNode) {
        if let name = field.extendeeName { resolveExtendee(name, of: field) }
        guard let name = field.typeName else { return }
        guard let symbol = find(name, of: field, at: field.typePlace, typesOnly: true) else {
            return
        }
        switch symbol {
        case .message(let node):
            field.messageType = node
            field.kind = field.kind ?? .message
            if field.defaultValue != nil {
                report("a message has no default", field, at: field.defaultPlace)
            }
        case .enumeration(let node):
            field.enumType = node
            field.kind = .enum
            checkDefault(of: field, node)
        default: report("\(name) is not a type", field, at: field.typePlace)
        }
        field.typeName = symbol.typeName
        checkVisibility(of: symbol, from: field, at: field.typePlace)
    }

    private func resolveExtendee(_ name: String, of field: FieldNode) {
        let place = field.extendeePlace
        guard let symbol = find(name, of: field, at: place) else { return }
        guard case .message(let node) = symbol else {
            return report("\(name) is not a message", field, at: place)
        }
        field.extendee = node
        field.extendeeName = symbol.typeName
        checkVisibility(of: symbol, from: field, at: place)
        guard node.extensionNumbers.range(of: Int64(field.number)) == nil else { return }
        let known = node.extensionRanges.prefix(5).map(\.range.described).joined(separator: ", ")
        report(
            "\(node.fullName) has no extension number \(field.number)"
                + (known.isEmpty ? ": it has no extensions at all" : "; its extensions: \(known)"),
            field,
            at: field.numberPlace
        )
    }

    private func checkExtensionNumbers(_ extensions: [FieldNode]) {
        struct Key: Hashable {
            let extendee: ObjectIdentifier
            let number: Int32
        }
        var seen: [Key: FieldNode] = [:]
        for field in extensions {
            guard let extendee = field.extendee else { continue }
            let key = Key(extendee: ObjectIdentifier(extendee), number: field.number)
            if let other = seen.updateValue(field, forKey: key) {
                let message =
                    "number \(field.number) of \(extendee.fullName) is taken by \(other.fullName)"
                report(message, field, at: field.numberPlace)
            }
        }
    }

    private func resolve(_ type: inout MethodNode.TypeName, of method: MethodNode) {
        guard let symbol = find(type.name, of: method, at: type.place) else { return }
        guard case .message = symbol else {
            return report("\(type.name) is not a message", method, at: type.place)
        }
        type.name = symbol.typeName
        checkVisibility(of: symbol, from: method, at: type.place)
    }

    private func find(
        _ name: String,
        of node: ProtoNode,
        at place: ProtoPlace,
        typesOnly: Bool = false
    ) -> ProtoSymbol? {
        let scope = node.fullName
        let found = symbols.find(name, in: scope, from: node.file, typesOnly: typesOnly)
        if found == nil {
            let hint = { self.symbols.hint(about: name, in: scope, from: node.file) }
            report("\(name) is not defined\(hint())", node, at: place)
        }
        return found
    }

    private func checkDefault(of field: FieldNode, _ type: EnumNode) {
        guard let name = field.defaultValue, type.valuesByName[name] == nil else { return }
        let hint = { nearest(to: name, among: type.valuesByName.keys) }
        report("\(type.fullName) has no value \(name)\(hint())", field, at: field.defaultPlace)
    }

    /// Since edition 2024 a type may be for its own file only.
    private func checkVisibility(
        of symbol: ProtoSymbol,
        from node: ProtoNode,
        at place: ProtoPlace
    ) {
        guard symbol.file !== node.file, symbol.isLocal else { return }
        report("\(symbol.typeName.dropFirst()) is local to \(symbol.file.name)", node, at: place)
    }
}

extension ProtoSymbol {
    /// Of a type: its full name with a leading dot.
    fileprivate var typeName: String {
        switch self {
        case .message(let node): "." + node.fullName
        case .enumeration(let node): "." + node.fullName
        default: ""
        }
    }

    fileprivate var isLocal: Bool {
        switch self {
        case .message(let node):
            Self.isLocal(node.visibility, node.container != nil, node.options.features)
        case .enumeration(let node):
            Self.isLocal(node.visibility, node.container != nil, node.options.features)
        default: false
        }
    }

    private static func isLocal(
        _ visibility: Int32?,
        _ isNested: Bool,
        _ features: ProtoFeatures
    ) -> Bool {
        if let visibility { return visibility == 1 }
        return switch features.visibility {
        case .exportAll: false
        case .exportTopLevel: isNested
        case .localAll, .strict: true
        }
    }
}
