/// Extension declarations: `extensions 4 [declaration = { number: 4 full_name: ".a.b" … }]`.
extension ProtoLinker {
    private struct Declaration {
        let number: UInt64?
        let name: String?
        let type: String?
        let isReserved: Bool
        let isRepeated: Bool

        init(_ message: OptionMessage) {
            number = message.number(1)
            name = message.text(2)
            type = message.text(3)
            isReserved = message.number(5) == 1
            isRepeated = message.number(6) == 1
        }
    }

    private func declarations(of range: ExtensionRangeNode) -> [Declaration] {
        let values = range.options.known.fields[ExtensionRangeOption.declaration]?.values ?? []
        return values.compactMap { value in
            if case .message(let message) = value { Declaration(message) } else { nil }
        }
    }

    func checkDeclarations(of node: MessageNode) {
        var names: Set<String> = []
        for range in node.extensionRanges {
            let declarations = declarations(of: range)
            guard !declarations.isEmpty else { continue }
            if range.options.known.number(ExtensionRangeOption.verification) == 1 {
                report("an UNVERIFIED range has no declarations", range)
            }
            var numbers: Set<UInt64?> = []
            for declaration in declarations {
                let number = declaration.number.map { Int64(truncatingIfNeeded: $0) } ?? 0
                if number < range.range.start || number > range.range.end {
                    report("declared number \(number) is not in the range", range)
                }
                if !numbers.insert(declaration.number).inserted {
                    report("number \(number) is declared twice", range)
                }
                check(declaration, number, in: range, &names)
            }
        }
    }

    private func check(
        _ declaration: Declaration,
        _ number: Int64,
        in range: ExtensionRangeNode,
        _ names: inout Set<String>
    ) {
        guard let name = declaration.name, let type = declaration.type else {
            let isBare = declaration.name == nil && declaration.type == nil
            if !(isBare && declaration.isReserved) {
                report("declaration \(number) needs both full_name and type", range)
            }
            return
        }
        if !names.insert(name).inserted { report("\(name) is declared twice", range) }
        let isScalar = FieldNode.scalars[type] != nil && type != "group" || type == "enum"
        for full in isScalar ? [name] : [name, type] where !full.isFullName {
            report("\(full) must be a full name with a leading dot", range)
        }
    }

    /// An extension must be as declared, if its range has any declaration.
    func checkDeclaration(of field: FieldNode) {
        guard let owner = field.owner, owner.file.name != EmbeddedProtos.descriptor,
            let numbers = owner.extensionNumbers.range(of: Int64(field.number)),
            let range = owner.rangesByStart[numbers.start]
        else { return }
        let declarations = declarations(of: range)
        let found = declarations.first { $0.number == UInt64(UInt32(bitPattern: field.number)) }
        guard let declaration = found else {
            let isNeeded =
                !declarations.isEmpty
                || range.options.known.number(ExtensionRangeOption.verification) == 0
            if isNeeded {
                let message = "\(owner.fullName) does not declare extension \(field.number)"
                report(message, field, at: field.numberPlace)
            }
            return
        }
        let type = field.typeName ?? FieldNode.scalars.first { $0.value == field.kind }?.key ?? ""
        if declaration.isReserved {
            let message = "\(owner.fullName) declares extension \(field.number) as reserved"
            report(message, field, at: field.numberPlace)
        } else if let declared = declaration.name, !declared.isEmpty,
            declared != "." + field.fullName
        {
            report("\(owner.fullName) declares \(field.number) as \(declared)", field)
        } else if let declared = declaration.type, !declared.isEmpty, declared != type {
            let message = "\(owner.fullName) declares \(field.number) as of type \(declared)"
            report(message, field, at: field.typePlace)
        } else if declaration.isRepeated != field.isRepeated {
            let declared = declaration.isRepeated ? "repeated" : "optional"
            report("\(owner.fullName) declares \(field.number) as \(declared)", field)
        }
    }
}

extension OptionMessage {
    fileprivate func text(_ field: Int32) -> String? {
        if case .bytes(let bytes)? = fields[field]?.values.last {
            String(decoding: bytes, as: UTF8.self)
        } else {
            nil
        }
    }
}

extension String {
    /// `.a.b.C`.
    fileprivate var isFullName: Bool {
        hasPrefix(".")
            && dropFirst().split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
                part in
                !part.isEmpty && part.utf8.allSatisfy { $0.isProtoLetter || $0.isDigit }
            }
    }
}
