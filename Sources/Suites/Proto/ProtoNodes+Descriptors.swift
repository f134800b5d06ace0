/// The linked nodes as descriptors, as protoc would write them.

extension FileNode {
    var descriptor: FileDescriptor {
        var descriptor = FileDescriptor(name)
        descriptor.package = package
        let imported = imports.filter { $0.kind != .option }
        descriptor.dependencies = imported.map(\.fileName)
        descriptor.publicDependencies = imported.indices.filter { imported[$0].kind == .public }
        descriptor.weakDependencies = imported.indices.filter { imported[$0].kind == .weak }
        descriptor.optionDependencies = imports.filter { $0.kind == .option }.map(\.fileName)
        descriptor.messages = messages.map(\.descriptor)
        descriptor.enums = enums.map(\.descriptor)
        descriptor.services = services.map(\.descriptor)
        descriptor.extensions = extensions.map(\.descriptor)
        descriptor.options = options.descriptor
        switch edition {
        case .proto2: break
        case .proto3: descriptor.syntax = "proto3"
        default:
            descriptor.syntax = "editions"
            descriptor.edition = edition.rawValue
        }
        return descriptor
    }
}

extension ImportNode {
    /// Of a file reached by two paths, the first.
    fileprivate var fileName: String { file?.name ?? path }
}

extension MessageNode {
    fileprivate var descriptor: MessageDescriptor {
        var descriptor = MessageDescriptor(name)
        descriptor.fields = fields.map(\.descriptor)
        descriptor.extensions = extensions.map(\.descriptor)
        descriptor.messages = messages.map(\.descriptor)
        descriptor.enums = enums.map(\.descriptor)
        descriptor.extensionRanges = extensionRanges.map(\.descriptor)
        descriptor.oneofs = oneofs.map(\.descriptor)
        descriptor.options = isMapEntry ? MessageDescriptor.mapEntryOptions : options.descriptor
        descriptor.reservedRanges = reservedRanges.map {
            Int32(clamping: $0.start)..<Int32(clamping: max($0.start, $0.end + 1))
        }
        descriptor.reservedNames = reservedNames.map(\.name)
        descriptor.visibility = visibility
        return descriptor
    }
}

extension MessageDescriptor {
    /// `map_entry = true`, which is field 7.
    fileprivate static let mapEntryOptions = DescriptorOptions([0x38, 0x01])
}

extension ExtensionRangeNode {
    fileprivate var descriptor: MessageDescriptor.ExtensionRange {
        var descriptor = MessageDescriptor.ExtensionRange(
            Int32(clamping: range.start),
            Int32(clamping: range.end + 1)
        )
        descriptor.options = options.descriptor
        return descriptor
    }
}

extension FieldNode {
    fileprivate var descriptor: FieldDescriptor {
        var descriptor = FieldDescriptor(name, number)
        descriptor.label = label
        descriptor.kind = kind
        descriptor.typeName = typeName
        descriptor.extendee = extendeeName
        descriptor.defaultValue = defaultValue
        descriptor.oneofIndex = oneofIndex.map { Int32(clamping: $0) }
        descriptor.jsonName = jsonName ?? ProtoLiterals.jsonName(name)
        descriptor.options = options.descriptor
        descriptor.isProto3Optional = isProto3Optional
        return descriptor
    }
}

extension OneofNode {
    fileprivate var descriptor: OneofDescriptor {
        var descriptor = OneofDescriptor(name)
        descriptor.options = options.descriptor
        return descriptor
    }
}

extension EnumNode {
    fileprivate var descriptor: EnumDescriptor {
        var descriptor = EnumDescriptor(name)
        descriptor.values = values.map { node in
            var value = EnumDescriptor.Value(node.name, node.number)
            value.options = node.options.descriptor
            return value
        }
        descriptor.options = options.descriptor
        descriptor.reservedRanges = reservedRanges.map {
            Int32(clamping: $0.start)...Int32(clamping: max($0.start, $0.end))
        }
        descriptor.reservedNames = reservedNames.map(\.name)
        descriptor.visibility = visibility
        return descriptor
    }
}

extension ServiceNode {
    fileprivate var descriptor: ServiceDescriptor {
        var descriptor = ServiceDescriptor(name)
        descriptor.methods = methods.map { node in
            let (input, output) = (node.input, node.output)
            var method = MethodDescriptor(node.name, input: input.name, output: output.name)
            method.options = node.options.descriptor
            method.isClientStreaming = input.isStream
            method.isServerStreaming = output.isStream
            return method
        }
        descriptor.options = options.descriptor
        return descriptor
    }
}
