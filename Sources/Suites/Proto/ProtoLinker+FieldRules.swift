extension ProtoLinker {
    func checkField(_ field: FieldNode) {
        if field.file.edition == .proto3 { checkProto3(field) }
        if !field.file.edition.isLegacy { checkFeatures(of: field) }
        let options = field.options
        let isLazy = options.flag(FieldOption.lazy) || options.flag(FieldOption.unverifiedLazy)
        if isLazy, field.kind != .message || field.isDelimited {
            report("only a message can be lazy", field)
        }
        if options.flag(FieldOption.unverifiedLazy), field.isExtension {
            report("an extension cannot be unverified_lazy", field)
        }
        if options.flag(FieldOption.packed), !field.isPackable {
            report("only repeated numbers, bools and enums can be packed", field)
        }
        if field.owner?.isMessageSet == true { checkMessageSetField(field) }
        if field.file.isLite, field.owner?.file.isLite == false {
            report("a file of LITE_RUNTIME extends only messages of such files", field)
        }
        checkMap(field)
        checkJSType(field)
        if field.isExtension, let name = field.jsonName, name != ProtoLiterals.jsonName(field.name)
        {
            report("an extension has no json_name", field, at: field.jsonPlace)
        }
        if field.jsonName?.utf8.contains(0) == true {
            report("a json_name holds no zero byte", field, at: field.jsonPlace)
        }
        if field.isExtension { checkDeclaration(of: field) }
        checkFeatureSupport(of: field)
    }

    private static let optionMessages: Set<String> = Set(
        ["File", "Message", "Field", "Enum", "EnumValue", "Service", "Method", "Oneof"]
            .map { "google.protobuf.\($0)Options" } + ["google.protobuf.ExtensionRangeOptions"]
    )

    private func checkProto3(_ field: FieldNode) {
        if field.isExtension, let owner = field.owner,
            !Self.optionMessages.contains(owner.fullName)
        {
            report("proto3 extends nothing but options", field, at: field.extendeePlace)
        }
        if field.isRequired { report("proto3 has no required fields", field) }
        if field.defaultValue != nil {
            report("proto3 has no defaults of one's own", field, at: field.defaultPlace)
        }
        if field.kind == .group { report("proto3 has no groups", field) }
        if let type = field.enumType, type.isClosed {
            let message = "\(type.fullName) is a closed enum, which proto3 cannot use"
            report(message, field, at: field.typePlace)
        }
    }

    private func checkMessageSetField(_ field: FieldNode) {
        if !field.isExtension {
            report("a message set has extensions only", field)
        } else if field.isRequired || field.isRepeated || field.kind != .message
            || field.isDelimited
        {
            report("an extension of a message set is an optional message", field)
        }
    }

    private func checkMap(_ field: FieldNode) {
        guard let entry = field.messageType, entry.isMapEntry else { return }
        guard field.isRepeated, field.kind == .message, field.container === entry.container,
            entry.name == ProtoLiterals.mapEntryName(field.name), !field.isExtension
        else {
            let message = "\(entry.fullName) is made for a map and cannot be a type otherwise"
            return report(message, field, at: field.typePlace)
        }
        switch entry.fieldsByName["key"]?.kind {
        case .enum, .float, .double, .message, .group, .bytes, nil:
            report("a map's key is an integer, a bool or a string", field, at: field.typePlace)
        default: break
        }
        if let type = entry.fieldsByName["value"]?.enumType, type.values.first?.number != 0 {
            let message = "the first value of an enum in a map is zero"
            report(message, field, at: field.typePlace)
        }
    }

    private func checkJSType(_ field: FieldNode) {
        guard let type = field.options.known.number(FieldOption.jstype), type != 0 else { return }
        switch field.kind {
        case .int64, .uint64, .sint64, .fixed64, .sfixed64: break
        default: report("jstype is for integers of 64 bits", field)
        }
    }

    // MARK: - Features

    private func checkFeatures(of field: FieldNode) {
        let options = field.options
        if options.known.number(FieldOption.packed) != nil {
            report("editions have features.repeated_field_encoding in place of packed", field)
        }
        if field.file.edition >= .edition2024, options.known.number(FieldOption.ctype) != nil {
            report("edition 2024 has features.(pb.cpp).string_type in place of ctype", field)
        }
        if !field.isRepeated, !field.hasPresence {
            if field.defaultValue != nil {
                let message = "a field of implicit presence has no default of its own"
                report(message, field, at: field.defaultPlace)
            }
            if field.enumType?.isClosed == true {
                report("an enum of implicit presence must be open", field)
            }
        }
        if field.isExtension, field.isRequired { report("an extension cannot be required", field) }
        // The parts of a map's entry have what is written for the map.
        guard field.container?.isMapEntry != true else { return }
        let number = optionsMessage("FieldOptions")?.fieldsByName["features"]?.number ?? 0
        if let own = options.known.message(number) { checkOwnFeatures(own, of: field) }
    }

    private func checkOwnFeatures(_ own: OptionMessage, of field: FieldNode) {
        let value = { (number: ProtoFeatures.Number) in own.number(number.rawValue) }
        if let presence = value(.fieldPresence) {
            if field.oneofIndex != nil {
                report("a field of a oneof has no field_presence", field)
            } else if field.isRepeated {
                report("a repeated field has no field_presence", field)
            } else if field.isExtension, presence != ProtoFeatures.legacyRequired {
                report("an extension has no field_presence", field)
            } else if field.isMessage, presence == ProtoFeatures.implicit {
                report("a message cannot have implicit presence", field)
            }
        }
        if !field.isRepeated, value(.repeatedFieldEncoding) != nil {
            report("repeated_field_encoding is for repeated fields", field)
        }
        let isStringMap =
            field.isMap && field.messageType?.fields.contains { $0.kind == .string } == true
        if field.kind != .string, !isStringMap, value(.utf8Validation) != nil {
            report("utf8_validation is for strings", field)
        }
        if !field.isPackable, value(.repeatedFieldEncoding) == ProtoFeatures.packed {
            report("only repeated numbers, bools and enums can be packed", field)
        }
        if !field.isMessage || field.isMap, value(.messageEncoding) != nil {
            report("message_encoding is for messages", field)
        }
    }
}
