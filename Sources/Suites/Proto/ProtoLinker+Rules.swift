/// Rules that need to know what options and features say.
extension ProtoLinker {
    func checkRules(of file: FileNode) {
        checkFile(file)
        for node in file.allMessages { checkMessage(node) }
        for node in file.allEnums { checkEnum(node) }
        for field in file.allFields { checkField(field) }
        checkUses(of: file.options, in: file)
        for node in file.allNodes { checkUses(of: node.options, in: file) }
        if file.edition >= .edition2024 { checkNames(of: file) }
    }

    private func checkFile(_ file: FileNode) {
        if !file.isLite,
            let lite = file.imports.first(where: { $0.file?.isLite == true && $0.kind != .option })
        {
            let message = "\(lite.path) is of LITE_RUNTIME, which only files of it import"
            report(message, in: file, at: lite.place)
        }
        if file.isLite {
            let options = file.options
            let isGeneric =
                options.flag(FileOption.ccGenericServices)
                || options.flag(FileOption.javaGenericServices)
            for service in file.services where isGeneric {
                report("a file of LITE_RUNTIME has no generic services", service)
            }
        }
        guard !file.edition.isLegacy else { return }
        if file.options.features.isRequired {
            report("presence cannot be required by default", in: file, at: file.editionPlace)
        }
        if file.options.flag(FileOption.javaStringCheckUTF8) {
            let message = "java_string_check_utf8 is gone in editions"
            report(message, in: file, at: file.editionPlace)
        }
    }

    private func checkMessage(_ node: MessageNode) {
        checkJSONNames(of: node)
        checkDeclarations(of: node)
        if node.file.edition == .proto3 {
            if let range = node.extensionRanges.first {
                report("proto3 has no extensions", range)
            }
            if node.isMessageSet { report("proto3 has no message sets", node) }
        }
        let maximum = node.isMessageSet ? Int64(Int32.max) : FieldNode.maximumNumber
        for range in node.extensionRanges where range.range.end > maximum {
            report("an extension number is at most \(maximum)", range)
        }
        if node.visibility == 2, node.container != nil, node.options.features.visibility == .strict
        {
            report("with STRICT visibility a nested message is local", node)
        }
    }

    /// Names in JSON must differ, both those that fields have by default and those given.
    private func checkJSONNames(of node: MessageNode) {
        guard !node.options.flag(MessageOption.legacyJSONConflicts) else { return }
        for usesGiven in [false, true] {
            var seen: [String: (field: FieldNode, isGiven: Bool)] = [:]
            for field in node.fields {
                let standard = ProtoLiterals.jsonName(field.name)
                let given = usesGiven && field.jsonName != standard ? field.jsonName : nil
                let name = given ?? standard
                if let given, given.hasPrefix("["), given.hasSuffix("]") {
                    report("a JSON name is not in brackets", field, at: field.jsonPlace)
                    continue
                }
                guard let other = seen[name] else {
                    seen[name] = (field, given != nil)
                    continue
                }
                let isByDefault = given == nil || !other.isGiven
                if usesGiven, given == nil, !other.isGiven { continue }
                // Proto2 lets this pass as long as a name by default is in it.
                if isByDefault, node.options.features.isLegacyJSON { continue }
                report("\(field.name) and \(other.field.name) are both \(name) in JSON", field)
            }
        }
    }

    private func checkEnum(_ node: EnumNode) {
        if !node.isClosed, let first = node.values.first, first.number != 0 {
            report("the first value of an open enum is zero", first, at: first.numberPlace)
        }
        if !node.options.flag(EnumOption.allowAlias) {
            var seen: [Int32: EnumValueNode] = [:]
            for value in node.values {
                if let other = seen[value.number] {
                    report(
                        "\(value.name) has the number of \(other.name); if that is meant, set "
                            + "option allow_alias = true",
                        value,
                        at: value.numberPlace
                    )
                } else {
                    seen[value.number] = value
                }
            }
        }
        for value in node.values { checkFeatureSupport(of: value) }
        checkShortNames(of: node)
        let isStrict = node.options.features.visibility == .strict
        if node.visibility == 2, let container = node.container, isStrict,
            !container.isNamespaceOfEnums
        {
            report("with STRICT visibility a nested enum is local", node)
        }
    }

    /// Values must differ without case and the enum's name in front: some languages write them so.
    private func checkShortNames(of node: EnumNode) {
        let isOld = node.file.edition == .proto2
        guard !isOld || !node.options.flag(EnumOption.legacyJSONConflicts) else { return }
        var seen: [String: EnumValueNode] = [:]
        for value in node.values {
            let name = EnumNames.short(value.name, in: node.name)
            guard let other = seen[name] else {
                seen[name] = value
                continue
            }
            guard other.name != value.name, other.number != value.number else { continue }
            let message =
                "\(value.name) and \(other.name) are the same without case and the enum's name"
            report(message, value)
        }
    }
}

extension FileNode {
    var isLite: Bool { options.known.number(FileOption.optimizeFor) == 3 }
}

extension MessageNode {
    /// A message of the file that holds enums only: local, and with no number free for a field.
    fileprivate var isNamespaceOfEnums: Bool {
        let defaults = file.options.features.visibility
        let isLocal =
            visibility == 1 || visibility == nil && (defaults == .strict || defaults == .localAll)
        return container == nil && isLocal && reservedRanges.count == 1
            && reservedRanges.first?.start == 1
            && reservedRanges.first?.end == FieldNode.maximumNumber
    }
}

enum EnumNames {
    /// `FOO_BAR_BAZ` of `FooBar` is `Baz`.
    static func short(_ name: String, in enumName: String) -> String {
        let underscore = UInt8(ascii: "_")
        let prefix = enumName.utf8.filter { $0 != underscore }.map(\.lowerASCII)
        var (rest, matched) = (Array(name.utf8)[...], 0)
        while let byte = rest.first, matched < prefix.count {
            if byte != underscore {
                guard byte.lowerASCII == prefix[matched] else { break }
                matched += 1
            }
            rest.removeFirst()
        }
        while rest.first == underscore { rest.removeFirst() }
        if matched < prefix.count || rest.isEmpty { rest = Array(name.utf8)[...] }
        var (result, upper): ([UInt8], Bool) = ([], true)
        for byte in rest {
            if byte != underscore { result.append(upper ? byte.upperASCII : byte.lowerASCII) }
            upper = byte == underscore
        }
        return String(decoding: result, as: UTF8.self)
    }
}
