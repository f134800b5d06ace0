/// Descriptors from their wire form: `protoc --descriptor_set_out`, or a server's reflection.
package enum DescriptorSet {
    /// `FileDescriptorSet`.
    package static func decode(_ bytes: [UInt8]) throws(WireError) -> [FileDescriptor] {
        var files: [FileDescriptor] = []
        try DescriptorFields(WireReader(bytes)).each { (field, value) throws(WireError) in
            guard field == 1 else { return }
            files.append(try value.message("file[\(files.count)]", file))
        }
        return files
    }

    /// `FileDescriptorProto`.
    package static func decodeFile(_ bytes: [UInt8]) throws(WireError) -> FileDescriptor {
        try file(DescriptorFields(WireReader(bytes)))
    }

    private static func file(_ fields: DescriptorFields) throws(WireError) -> FileDescriptor {
        var file = FileDescriptor("")
        try fields.each { (field, value) throws(WireError) in
            switch field {
            case 1: file.name = try value.text()
            case 2: file.package = try value.text()
            case 3: file.dependencies.append(try value.text())
            case 4: file.messages.append(try value.message("message_type", message))
            case 5: file.enums.append(try value.message("enum_type", enumeration))
            case 6: file.services.append(try value.message("service", service))
            case 7: file.extensions.append(try value.message("extension", self.field))
            case 8: file.options = try value.options(after: file.options)
            case 10: try value.numbers { file.publicDependencies.append(Int($0)) }
            case 11: try value.numbers { file.weakDependencies.append(Int($0)) }
            case 12: file.syntax = try value.text()
            case 14: file.edition = try value.number()
            case 15: file.optionDependencies.append(try value.text())
            default: break
            }
        }
        if file.syntax == "proto2" { file.syntax = nil }
        return file
    }

    private static func message(_ fields: DescriptorFields) throws(WireError) -> MessageDescriptor {
        var message = MessageDescriptor("")
        try fields.each { (field, value) throws(WireError) in
            switch field {
            case 1: message.name = try value.text()
            case 2: message.fields.append(try value.message("field", self.field))
            case 3:
                message.messages.append(try value.message("nested_type", self.message))
            case 4: message.enums.append(try value.message("enum_type", enumeration))
            case 5:
                message.extensionRanges.append(
                    try value.message("extension_range", extensionRange)
                )
            case 6: message.extensions.append(try value.message("extension", self.field))
            case 7: message.options = try value.options(after: message.options)
            case 8: message.oneofs.append(try value.message("oneof_decl", oneof))
            case 9:
                let (start, end, place) = try value.message("reserved_range", bounds)
                guard start < end else { throw empty(start, end, at: place) }
                message.reservedRanges.append(start..<end)
            case 10: message.reservedNames.append(try value.text())
            case 11: message.visibility = try value.number()
            default: break
            }
        }
        return message
    }

    private static func field(_ fields: DescriptorFields) throws(WireError) -> FieldDescriptor {
        var result = FieldDescriptor("", 0)
        try fields.each { (field, value) throws(WireError) in
            switch field {
            case 1: result.name = try value.text()
            case 2: result.extendee = try value.text()
            case 3: result.number = try value.number()
            case 4: result.label = try value.choice("label")
            case 5: result.kind = try value.choice("type")
            case 6: result.typeName = try value.text()
            case 7: result.defaultValue = try value.text()
            case 8: result.options = try value.options(after: result.options)
            case 9: result.oneofIndex = try value.number()
            case 10: result.jsonName = try value.text()
            case 17: result.isProto3Optional = try value.flag()
            default: break
            }
        }
        return result
    }

    private static func extensionRange(
        _ fields: DescriptorFields
    ) throws(WireError) -> MessageDescriptor.ExtensionRange {
        var range = MessageDescriptor.ExtensionRange(0, 0)
        try fields.each { (field, value) throws(WireError) in
            switch field {
            case 1: range.start = try value.number()
            case 2: range.end = try value.number()
            case 3: range.options = try value.options(after: range.options)
            default: break
            }
        }
        guard range.start < range.end else {
            throw empty(range.start, range.end, at: fields.offset)
        }
        return range
    }

    private static func oneof(_ fields: DescriptorFields) throws(WireError) -> OneofDescriptor {
        var oneof = OneofDescriptor("")
        try fields.each { (field, value) throws(WireError) in
            switch field {
            case 1: oneof.name = try value.text()
            case 2: oneof.options = try value.options(after: oneof.options)
            default: break
            }
        }
        return oneof
    }

    private static func enumeration(
        _ fields: DescriptorFields
    ) throws(WireError) -> EnumDescriptor {
        var result = EnumDescriptor("")
        try fields.each { (field, value) throws(WireError) in
            switch field {
            case 1: result.name = try value.text()
            case 2: result.values.append(try value.message("value", enumValue))
            case 3: result.options = try value.options(after: result.options)
            case 4:
                let (first, last, place) = try value.message("reserved_range", bounds)
                guard first <= last else { throw empty(first, last, at: place) }
                result.reservedRanges.append(first...last)
            case 5: result.reservedNames.append(try value.text())
            case 6: result.visibility = try value.number()
            default: break
            }
        }
        return result
    }

    private static func enumValue(
        _ fields: DescriptorFields
    ) throws(WireError) -> EnumDescriptor.Value {
        var result = EnumDescriptor.Value("", 0)
        try fields.each { (field, value) throws(WireError) in
            switch field {
            case 1: result.name = try value.text()
            case 2: result.number = try value.number()
            case 3: result.options = try value.options(after: result.options)
            default: break
            }
        }
        return result
    }

    private static func service(_ fields: DescriptorFields) throws(WireError) -> ServiceDescriptor {
        var service = ServiceDescriptor("")
        try fields.each { (field, value) throws(WireError) in
            switch field {
            case 1: service.name = try value.text()
            case 2: service.methods.append(try value.message("method", method))
            case 3: service.options = try value.options(after: service.options)
            default: break
            }
        }
        return service
    }

    private static func method(_ fields: DescriptorFields) throws(WireError) -> MethodDescriptor {
        var method = MethodDescriptor("", input: "", output: "")
        try fields.each { (field, value) throws(WireError) in
            switch field {
            case 1: method.name = try value.text()
            case 2: method.inputType = try value.text()
            case 3: method.outputType = try value.text()
            case 4: method.options = try value.options(after: method.options)
            case 5: method.isClientStreaming = try value.flag()
            case 6: method.isServerStreaming = try value.flag()
            default: break
            }
        }
        return method
    }

    /// Both ends of a reserved range, which the bytes may have the wrong way round.
    private static func bounds(
        _ fields: DescriptorFields
    ) throws(WireError) -> (start: Int32, end: Int32, place: Int) {
        var (start, end): (Int32, Int32) = (0, 0)
        try fields.each { (field, value) throws(WireError) in
            switch field {
            case 1: start = try value.number()
            case 2: end = try value.number()
            default: break
            }
        }
        return (start, end, fields.offset)
    }

    private static func empty(_ start: Int32, _ end: Int32, at offset: Int) -> WireError {
        WireError("the range from \(start) to \(end) is empty", at: offset)
    }
}
