/// Turns descriptors into types, once all names are known.
struct SchemaBuilder {
    let names: SymbolTable

    func types() throws(SchemaError) -> ([MessageType], [EnumType], [ServiceType]) {
        var enums: [EnumType] = []
        for definition in names.enums { enums.append(try enumType(definition)) }
        let fields = try FieldBuilder(names: names, enums: enums)
        var extensions: [MessageReference: [FieldType]] = [:]
        for definition in names.extensions {
            let (extendee, field) = try fields.extensionType(definition)
            extensions[extendee, default: []].append(field)
        }
        var messages: [MessageType] = []
        for index in names.messages.indices {
            let found = extensions[MessageReference(index: index)] ?? []
            messages.append(try messageType(index, fields, extensions: found))
        }
        var services: [ServiceType] = []
        for definition in names.services { services.append(try serviceType(definition)) }
        return (messages, enums, services)
    }

    private func enumType(
        _ definition: SymbolTable.Definition<EnumDescriptor>
    ) throws(SchemaError) -> EnumType {
        let values = definition.descriptor.values
        guard let first = values.first else {
            throw SchemaError("\(definition.fullName) has no values", in: definition.file)
        }
        guard first.number == 0 || definition.features.isClosed else {
            let message = "\(definition.fullName) is open, and so its first value must be 0"
            throw SchemaError(message, in: definition.file)
        }
        return EnumType(
            fullName: definition.fullName,
            values: values,
            isClosed: definition.features.isClosed
        )
    }

    private func messageType(
        _ index: Int,
        _ builder: FieldBuilder,
        extensions: [FieldType]
    ) throws(SchemaError) -> MessageType {
        let definition = names.messages[index]
        let message = definition.descriptor
        let oneofs = try OneofLayout(definition)
        var fields: [FieldType] = []
        for field in message.fields {
            fields.append(try builder.fieldType(field, of: index, oneofs))
        }
        var seen: [Int32: String] = [:]
        for field in fields + extensions {
            if let earlier = seen.updateValue(field.name, forKey: field.number) {
                let both = "\(earlier) and \(field.name)"
                throw SchemaError(
                    "\(both) of \(definition.fullName) are both number \(field.number)",
                    in: definition.file
                )
            }
        }
        return MessageType(
            fullName: definition.fullName,
            fields: fields,
            extensions: extensions,
            oneofs: oneofs.types,
            isMapEntry: builder.isMapEntry[index],
            options: message.options
        )
    }

    private func serviceType(
        _ definition: SymbolTable.Definition<ServiceDescriptor>
    ) throws(SchemaError) -> ServiceType {
        let service = definition.descriptor
        var methods: [MethodType] = []
        for method in service.methods {
            let name = "\(definition.fullName).\(method.name)"
            guard !methods.contains(where: { $0.name == method.name }) else {
                throw SchemaError("\(name) is declared twice", in: definition.file)
            }
            let kind: MethodType.Kind =
                switch (method.isClientStreaming, method.isServerStreaming) {
                case (false, false): .unary
                case (true, false): .clientStreaming
                case (false, true): .serverStreaming
                case (true, true): .bidirectional
                }
            methods.append(
                MethodType(
                    name: method.name,
                    path: "/\(definition.fullName)/\(method.name)",
                    kind: kind,
                    input: try message(method.inputType, of: name, definition),
                    output: try message(method.outputType, of: name, definition),
                    options: method.options
                )
            )
        }
        return ServiceType(
            fullName: definition.fullName,
            methods: methods,
            options: service.options
        )
    }

    private func message(
        _ name: String,
        of method: String,
        _ definition: SymbolTable.Definition<ServiceDescriptor>
    ) throws(SchemaError) -> MessageReference {
        guard case .message(let reference)? = names.lookUp(name, in: definition.fullName) else {
            throw SchemaError("\(method) names the unknown message \(name)", in: definition.file)
        }
        return reference
    }
}

/// Which fields share a oneof, once those behind a proto3 `optional` are left out.
struct OneofLayout {
    private(set) var types: [OneofType] = []
    /// From the index in the descriptor to that in `types`.
    private var indices: [Int32: Int] = [:]

    init(_ definition: SymbolTable.Definition<MessageDescriptor>) throws(SchemaError) {
        let message = definition.descriptor
        let members = Dictionary(grouping: message.fields) { $0.oneofIndex }
        if let stray = members.keys.compactMap({ $0 })
            .first(where: { !message.oneofs.indices.contains(Int($0)) })
        {
            let name = definition.fullName
            throw SchemaError("\(name) has no oneof number \(stray)", in: definition.file)
        }
        for (index, oneof) in message.oneofs.enumerated() {
            let fields = members[Int32(clamping: index)] ?? []
            guard !fields.isEmpty else {
                throw SchemaError(
                    "the oneof \(oneof.name) of \(definition.fullName) is empty",
                    in: definition.file
                )
            }
            guard !fields.contains(where: \.isProto3Optional) else { continue }
            indices[Int32(clamping: index)] = types.count
            types.append(OneofType(name: oneof.name, numbers: fields.map(\.number)))
        }
    }

    func index(of field: FieldDescriptor) -> Int? { field.oneofIndex.flatMap { indices[$0] } }
}
