/// Where options may be used, and names as edition 2024 wants them.
extension ProtoLinker {
    /// Each option must be for this kind of thing and for this edition.
    func checkUses(of options: ProtoOptions, in file: FileNode) {
        guard !options.written.isEmpty else { return }
        check(options.known, of: options, in: file)
        for option in options.custom {
            check(option.field, [option.value], of: options, in: file)
        }
    }

    private func check(_ message: OptionMessage, of options: ProtoOptions, in file: FileNode) {
        for field in message.fields.values.sorted(by: { $0.node.number < $1.node.number }) {
            check(field.node, field.values, of: options, in: file)
        }
    }

    private func check(
        _ field: FieldNode,
        _ values: [OptionValue],
        of options: ProtoOptions,
        in file: FileNode
    ) {
        let place =
            options.written.first { $0.parts.contains { $0.name == field.name } }?.place
            ?? options.written.first?.place ?? ProtoPlace()
        let targets = field.options.known.fields[FieldOption.targets]?.values ?? []
        let isFit = targets.contains {
            if case .varint(let number) = $0 { number == options.target } else { false }
        }
        if !targets.isEmpty, !isFit {
            report("\(field.name) is not for use here", in: file, at: place)
        }
        let number = FieldOption.featureSupport
        checkLifetime(of: field.name, field.options, number, in: file, at: place)
        for value in values {
            switch value {
            case .message(let message): check(message, of: options, in: file)
            case .varint(let number):
                let node = Int32(exactly: Int64(bitPattern: number)).flatMap {
                    field.enumType?.valuesByNumber[$0]
                }
                guard let node else { break }
                let number = EnumValueOption.featureSupport
                checkLifetime(of: node.name, node.options, number, in: file, at: place)
            default: break
            }
        }
    }

    // MARK: - Naming style

    func checkNames(of file: FileNode) {
        if file.options.features.checksNamingStyle, !file.package.isEmpty,
            !NamingStyle.isLowerSnake(file.package)
        {
            let message = "a package is named in lower_snake_case in edition 2024"
            report(message, in: file, at: file.packagePlace)
        }
        for node in file.allNodes where node.options.features.checksNamingStyle {
            switch node {
            case is MessageNode, is EnumNode, is ServiceNode, is MethodNode:
                if !NamingStyle.isTitle(node.name) { reportStyle(node, "TitleCase") }
            case is FieldNode, is OneofNode:
                if !NamingStyle.isLowerSnake(node.name) { reportStyle(node, "lower_snake_case") }
            case is EnumValueNode:
                if !NamingStyle.isUpperSnake(node.name) { reportStyle(node, "UPPER_SNAKE_CASE") }
            default: break
            }
        }
    }

    private func reportStyle(_ node: ProtoNode, _ style: String) {
        report(
            "\(node.name) is not \(style), as edition 2024 wants it; "
                + "features.enforce_naming_style = STYLE_LEGACY allows it",
            node
        )
    }
}

enum NamingStyle {
    static func isTitle(_ name: String) -> Bool {
        name.first?.isUppercase == true && !name.utf8.contains(UInt8(ascii: "_"))
    }

    static func isLowerSnake(_ name: String) -> Bool {
        name.first?.isLowercase == true && name.lowercasedASCII == name && hasGoodUnderscores(name)
    }

    static func isUpperSnake(_ name: String) -> Bool {
        name.first?.isUppercase == true && name.utf8.allSatisfy { $0.upperASCII == $0 }
            && hasGoodUnderscores(name)
    }

    /// Each stands before a letter.
    private static func hasGoodUnderscores(_ name: String) -> Bool {
        let bytes = Array(name.utf8) + [0]
        return zip(bytes, bytes.dropFirst()).allSatisfy { byte, next in
            byte != UInt8(ascii: "_") || next.isProtoLetter && next != UInt8(ascii: "_")
        }
    }
}

extension ProtoOptions {
    /// The number of `FieldOptions.OptionTargetType`.
    fileprivate var target: UInt64 {
        switch type {
        case "FileOptions": 1
        case "ExtensionRangeOptions": 2
        case "MessageOptions": 3
        case "FieldOptions": 4
        case "OneofOptions": 5
        case "EnumOptions": 6
        case "EnumValueOptions": 7
        case "ServiceOptions": 8
        case "MethodOptions": 9
        default: 0
        }
    }
}
