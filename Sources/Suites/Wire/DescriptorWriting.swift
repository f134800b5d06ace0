extension DescriptorSet {
    /// `FileDescriptorSet`, as protoc writes it.
    package static func encode(_ files: [FileDescriptor]) -> [UInt8] {
        var writer = WireWriter()
        for file in files { writer.field(1, encode(file)) }
        return writer.bytes
    }

    /// `FileDescriptorProto`.
    package static func encode(_ file: FileDescriptor) -> [UInt8] {
        var writer = WireWriter()
        writer.text(1, file.name)
        if !file.package.isEmpty { writer.text(2, file.package) }
        for name in file.dependencies { writer.text(3, name) }
        for message in file.messages { writer.field(4, encode(message)) }
        for enumeration in file.enums { writer.field(5, encode(enumeration)) }
        for service in file.services { writer.field(6, encode(service)) }
        for field in file.extensions { writer.field(7, encode(field)) }
        writer.options(8, file.options)
        for index in file.publicDependencies { writer.number(10, Int32(clamping: index)) }
        for index in file.weakDependencies { writer.number(11, Int32(clamping: index)) }
        if let syntax = file.syntax { writer.text(12, syntax) }
        writer.number(14, file.edition)
        for name in file.optionDependencies { writer.text(15, name) }
        return writer.bytes
    }

    private static func encode(_ message: MessageDescriptor) -> [UInt8] {
        var writer = WireWriter()
        writer.text(1, message.name)
        for field in message.fields { writer.field(2, encode(field)) }
        for nested in message.messages { writer.field(3, encode(nested)) }
        for enumeration in message.enums { writer.field(4, encode(enumeration)) }
        for range in message.extensionRanges {
            var inner = WireWriter()
            inner.number(1, range.start)
            inner.number(2, range.end)
            inner.options(3, range.options)
            writer.field(5, inner.bytes)
        }
        for field in message.extensions { writer.field(6, encode(field)) }
        writer.options(7, message.options)
        for oneof in message.oneofs {
            var inner = WireWriter()
            inner.text(1, oneof.name)
            inner.options(2, oneof.options)
            writer.field(8, inner.bytes)
        }
        for range in message.reservedRanges {
            writer.range(9, range.lowerBound, range.upperBound)
        }
        for name in message.reservedNames { writer.text(10, name) }
        writer.number(11, message.visibility)
        return writer.bytes
    }

    private static func encode(_ field: FieldDescriptor) -> [UInt8] {
        var writer = WireWriter()
        writer.text(1, field.name)
        if let extendee = field.extendee { writer.text(2, extendee) }
        writer.number(3, field.number)
        writer.number(4, field.label?.rawValue)
        writer.number(5, field.kind?.rawValue)
        if let typeName = field.typeName { writer.text(6, typeName) }
        if let defaultValue = field.defaultValue { writer.text(7, defaultValue) }
        writer.options(8, field.options)
        writer.number(9, field.oneofIndex)
        if let jsonName = field.jsonName { writer.text(10, jsonName) }
        if field.isProto3Optional { writer.number(17, 1) }
        return writer.bytes
    }

    private static func encode(_ enumeration: EnumDescriptor) -> [UInt8] {
        var writer = WireWriter()
        writer.text(1, enumeration.name)
        for value in enumeration.values {
            var inner = WireWriter()
            inner.text(1, value.name)
            inner.number(2, value.number)
            inner.options(3, value.options)
            writer.field(2, inner.bytes)
        }
        writer.options(3, enumeration.options)
        for range in enumeration.reservedRanges {
            writer.range(4, range.lowerBound, range.upperBound)
        }
        for name in enumeration.reservedNames { writer.text(5, name) }
        writer.number(6, enumeration.visibility)
        return writer.bytes
    }

    private static func encode(_ service: ServiceDescriptor) -> [UInt8] {
        var writer = WireWriter()
        writer.text(1, service.name)
        for method in service.methods {
            var inner = WireWriter()
            inner.text(1, method.name)
            inner.text(2, method.inputType)
            inner.text(3, method.outputType)
            inner.options(4, method.options)
            if method.isClientStreaming { inner.number(5, 1) }
            if method.isServerStreaming { inner.number(6, 1) }
            writer.field(2, inner.bytes)
        }
        writer.options(3, service.options)
        return writer.bytes
    }
}

extension WireWriter {
    fileprivate mutating func text(_ number: Int32, _ text: String) { field(number, text.utf8) }

    /// A negative number takes ten bytes, as protobuf has it.
    fileprivate mutating func number(_ number: Int32, _ value: Int32?) {
        if let value { field(number, UInt64(truncatingIfNeeded: value)) }
    }

    fileprivate mutating func options(_ number: Int32, _ options: DescriptorOptions?) {
        if let options { field(number, options.bytes) }
    }

    fileprivate mutating func range(_ number: Int32, _ start: Int32, _ end: Int32) {
        var inner = WireWriter()
        inner.number(1, start)
        inner.number(2, end)
        field(number, inner.bytes)
    }
}
