import Suites

/// Writes descriptors in wire form, field by field as protoc does, to compare them with protoc's.
struct DescriptorBytes {
    private(set) var bytes: [UInt8] = []

    static func of(_ file: FileDescriptor) -> [UInt8] {
        var out = DescriptorBytes()
        out.add(1, file.name)
        out.add(2, file.package.isEmpty ? nil : file.package)
        for name in file.dependencies { out.add(3, name) }
        for node in file.messages { out.add(4, of: node) }
        for node in file.enums { out.add(5, of: node) }
        for node in file.services { out.add(6, of: node) }
        for node in file.extensions { out.add(7, of: node) }
        out.add(8, file.options)
        for index in file.publicDependencies { out.add(10, Int64(index)) }
        for index in file.weakDependencies { out.add(11, Int64(index)) }
        out.add(12, file.syntax)
        out.add(14, file.edition.map(Int64.init))
        for name in file.optionDependencies { out.add(15, name) }
        return out.bytes
    }

    // MARK: - Wire form

    private mutating func varint(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func add(_ field: UInt64, _ number: Int64?) {
        guard let number else { return }
        varint(field << 3)
        varint(UInt64(bitPattern: number))
    }

    private mutating func add(_ field: UInt64, _ isTrue: Bool) {
        if isTrue { add(field, 1) }
    }

    private mutating func add(_ field: UInt64, bytes content: [UInt8]) {
        varint(field << 3 | 2)
        varint(UInt64(content.count))
        bytes += content
    }

    private mutating func add(_ field: UInt64, _ text: String?) {
        if let text { add(field, bytes: Array(text.utf8)) }
    }

    private mutating func add(_ field: UInt64, _ options: DescriptorOptions?) {
        if let options { add(field, bytes: options.bytes) }
    }

    private mutating func add(_ field: UInt64, _ write: (inout DescriptorBytes) -> Void) {
        var inner = DescriptorBytes()
        write(&inner)
        add(field, bytes: inner.bytes)
    }

    // MARK: - Descriptors

    private mutating func add(_ field: UInt64, of message: MessageDescriptor) {
        add(field) { out in
            out.add(1, message.name)
            for node in message.fields { out.add(2, of: node) }
            for node in message.messages { out.add(3, of: node) }
            for node in message.enums { out.add(4, of: node) }
            for range in message.extensionRanges {
                out.add(5) { out in
                    out.add(1, Int64(range.start))
                    out.add(2, Int64(range.end))
                    out.add(3, range.options)
                }
            }
            for node in message.extensions { out.add(6, of: node) }
            out.add(7, message.options)
            for oneof in message.oneofs {
                out.add(8) { out in
                    out.add(1, oneof.name)
                    out.add(2, oneof.options)
                }
            }
            for range in message.reservedRanges {
                out.addRange(9, Int64(range.lowerBound), Int64(range.upperBound))
            }
            for name in message.reservedNames { out.add(10, name) }
            out.add(11, message.visibility.map(Int64.init))
        }
    }

    private mutating func addRange(_ field: UInt64, _ start: Int64, _ end: Int64) {
        add(field) { out in
            out.add(1, start)
            out.add(2, end)
        }
    }

    private mutating func add(_ number: UInt64, of field: FieldDescriptor) {
        add(number) { out in
            out.add(1, field.name)
            out.add(2, field.extendee)
            out.add(3, Int64(field.number))
            out.add(4, field.label.map { Int64($0.rawValue) })
            out.add(5, field.kind.map { Int64($0.rawValue) })
            out.add(6, field.typeName)
            out.add(7, field.defaultValue)
            out.add(8, field.options)
            out.add(9, field.oneofIndex.map(Int64.init))
            out.add(10, field.jsonName)
            out.add(17, field.isProto3Optional)
        }
    }

    private mutating func add(_ field: UInt64, of node: EnumDescriptor) {
        add(field) { out in
            out.add(1, node.name)
            for value in node.values {
                out.add(2) { out in
                    out.add(1, value.name)
                    out.add(2, Int64(value.number))
                    out.add(3, value.options)
                }
            }
            out.add(3, node.options)
            for range in node.reservedRanges {
                out.addRange(4, Int64(range.lowerBound), Int64(range.upperBound))
            }
            for name in node.reservedNames { out.add(5, name) }
            out.add(6, node.visibility.map(Int64.init))
        }
    }

    private mutating func add(_ field: UInt64, of service: ServiceDescriptor) {
        add(field) { out in
            out.add(1, service.name)
            for method in service.methods {
                out.add(2) { out in
                    out.add(1, method.name)
                    out.add(2, method.inputType)
                    out.add(3, method.outputType)
                    out.add(4, method.options)
                    out.add(5, method.isClientStreaming)
                    out.add(6, method.isServerStreaming)
                }
            }
            out.add(3, service.options)
        }
    }
}
