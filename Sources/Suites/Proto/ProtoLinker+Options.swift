extension ProtoLinker {
    /// Finds what the options of a file mean. Those of descriptor.proto come first: features among
    /// them bear on what the custom ones are.
    func interpretOptions(of file: FileNode) {
        let nodes = file.allNodes
        // A file has no name of its own to leave behind when names are looked up.
        let fileScope = file.package + ".options"
        interpret(file.options, in: fileScope, of: file, custom: false)
        for node in nodes { interpret(node.options, in: node.fullName, of: file, custom: false) }
        guard problems.isEmpty else { return }
        resolveFeatures(of: file, nodes)
        interpret(file.options, in: fileScope, of: file, custom: true)
        for node in nodes { interpret(node.options, in: node.fullName, of: file, custom: true) }
    }

    private func interpret(
        _ options: ProtoOptions,
        in scope: String,
        of file: FileNode,
        custom: Bool
    ) {
        guard !options.written.isEmpty else { return }
        var set: Set<[Int32]> = []
        for option in options.written where option.parts.first?.isExtension == custom {
            guard !hasEnoughProblems else { return }
            do throws(ProtoSyntaxError) {
                try interpret(option, of: options, in: scope, of: file, &set)
            } catch {
                report(error.message, in: file, at: error.place)
            }
        }
    }

    /// `set` are the paths that have a value, or something below that has one.
    private func interpret(
        _ option: OptionNode,
        of options: ProtoOptions,
        in scope: String,
        of file: FileNode,
        _ set: inout Set<[Int32]>
    ) throws(ProtoSyntaxError) {
        guard !option.isPlain("uninterpreted_option") else {
            throw ProtoSyntaxError("uninterpreted_option is not for writing", at: option.place)
        }
        var path: [FieldNode] = []
        var type = optionsMessage(options.type)
        for (index, part) in option.parts.enumerated() {
            let field = try find(part, in: type, scope, of: file)
            path.append(field)
            if option.parts[0].name == "features", !option.parts[0].isExtension,
                field.file === file
            {
                let message = "\(part.name) cannot be used in the file that defines it"
                throw ProtoSyntaxError(message, at: part.place)
            }
            guard index + 1 < option.parts.count else { break }
            guard field.isMessage, !field.isRepeated else {
                throw ProtoSyntaxError(
                    field.isMessage
                        ? "\(part.name) is repeated; give a whole value in braces"
                        : "\(part.name) is no message, so nothing is in it",
                    at: part.place
                )
            }
            type = field.messageType
        }
        guard let first = path.first, let last = path.last else { return }
        let numbers = path.map(\.number)
        guard last.isRepeated || !set.contains(numbers) else {
            throw ProtoSyntaxError("\(option.name) is set already", at: option.place)
        }
        let value = try value(of: option, for: last, in: scope, of: file)
        for length in 1...numbers.count { set.insert(Array(numbers.prefix(length))) }
        if case .message(let message) = value, !last.isRepeated {
            set.formUnion(message.paths(below: numbers))
        }
        let whole = path.dropFirst().reversed().reduce(value) { inner, field in
            .message(OptionMessage(inner, of: field))
        }
        if option.parts[0].isExtension {
            // Outer messages are written around what is set, whatever that is.
            let encoded = path.dropLast().reversed().reduce(
                OptionMessage.encoded(value, of: last)
            ) { inner, field in
                OptionMessage.encoded(.message(OptionMessage(encoded: inner)), of: field)
            }
            options.custom.append(CustomOption(field: first, value: whole, encoded: encoded))
        } else {
            options.known.add(whole, to: first)
        }
    }

    private func find(
        _ part: OptionNode.Part,
        in type: MessageNode?,
        _ scope: String,
        of file: FileNode
    ) throws(ProtoSyntaxError) -> FieldNode {
        guard let type else {
            throw ProtoSyntaxError("there is nothing in option \(part.name)", at: part.place)
        }
        guard part.isExtension else {
            if let field = type.fieldsByName[part.name] { return field }
            let hint = nearest(to: part.name, among: type.fieldsByName.keys)
            throw ProtoSyntaxError("\(type.name) has no \(part.name)\(hint)", at: part.place)
        }
        guard case .field(let field)? = symbols.find(part.name, in: scope, from: file) else {
            let hint = symbols.extensionHint(about: part.name, in: scope, from: file)
            throw ProtoSyntaxError("option (\(part.name)) is not defined\(hint)", at: part.place)
        }
        // The file may have options that extend another descriptor.proto than the embedded one.
        guard field.isExtension, field.owner?.fullName == type.fullName else {
            let message = "\(field.fullName) is no extension of \(type.fullName)"
            throw ProtoSyntaxError(message, at: part.place)
        }
        return field
    }

    // MARK: - Features

    private func resolveFeatures(of file: FileNode, _ nodes: [ProtoNode]) {
        file.options.features = ProtoFeatures(file.edition)
        merge(file.options, at: file.editionPlace, of: file)
        for node in nodes {
            node.options.features = parent(of: node)?.features ?? file.options.features
            merge(node.options, at: node.place, of: file)
            if let field = node as? FieldNode, file.edition.isLegacy { inferFeatures(of: field) }
        }
    }

    private func parent(of node: ProtoNode) -> ProtoOptions? {
        switch node {
        case let node as MessageNode: node.container?.options
        case let node as EnumNode: node.container?.options
        case let node as OneofNode: node.container.options
        case let node as ExtensionRangeNode: node.container.options
        case let node as EnumValueNode: node.type.options
        case let node as MethodNode: node.service.options
        case let node as FieldNode: node.oneof?.options ?? node.container?.options
        default: nil
        }
    }

    private func merge(_ options: ProtoOptions, at place: ProtoPlace, of file: FileNode) {
        guard !options.written.isEmpty else { return }
        let field = optionsMessage(options.type)?.fieldsByName["features"]
        guard let field, let set = options.known.message(field.number) else { return }
        guard !file.edition.isLegacy else {
            let place = options.written.first { $0.parts.first?.name == "features" }?.place
            return report("features need an edition", in: file, at: place ?? ProtoPlace())
        }
        options.features.merge(set)
        for number in ProtoFeatures.Number.allCases where options.features[number] == 0 {
            report("a feature cannot be unknown", in: file, at: place)
        }
    }

    /// What keywords and options of proto2 and proto3 mean as features.
    private func inferFeatures(of field: FieldNode) {
        if field.label == .required {
            field.options.features[.fieldPresence] = ProtoFeatures.legacyRequired
        }
        switch field.options.known.number(FieldOption.packed) {
        case 1: field.options.features[.repeatedFieldEncoding] = ProtoFeatures.packed
        case 0 where field.file.edition == .proto3:
            field.options.features[.repeatedFieldEncoding] = ProtoFeatures.expanded
        default: break
        }
    }
}

extension OptionMessage {
    /// A message in which one field is set.
    fileprivate init(_ value: OptionValue, of field: FieldNode) {
        if field.isExtension, !Self.knownToProtoc.contains(field.fullName) {
            rest = Self.encoded(value, of: field)
        } else {
            add(value, to: field)
        }
    }

    fileprivate init(encoded: [UInt8]) { rest = encoded }

    /// Extensions of features that are compiled into protoc, which it so writes in order.
    private static let knownToProtoc: Set<String> = ["pb.cpp", "pb.java"]

    /// The paths of all that is set here.
    fileprivate func paths(below path: [Int32]) -> Set<[Int32]> {
        var paths: Set<[Int32]> = []
        for field in fields.values {
            let inner = path + [field.node.number]
            paths.insert(inner)
            if !field.node.isRepeated, case .message(let message)? = field.values.last {
                paths.formUnion(message.paths(below: inner))
            }
        }
        return paths
    }
}
