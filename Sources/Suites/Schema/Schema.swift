/// The types of one set of `.proto` files, isolated from every other set: two suites may each have
/// their own `shop.v1.Order`.
package final class Schema: Sendable {
    /// Those given and the embedded ones they import, imports first, each once.
    package let files: [FileDescriptor]
    package let services: [ServiceType]
    private let messages: [MessageType]
    private let enums: [EnumType]
    private let symbols: [String: Symbol]

    /// From files in any order. The files of `google/protobuf` and `google/rpc` need not be among
    /// them.
    package init(_ files: [FileDescriptor]) throws(SchemaError) {
        self.files = try FileOrder.sorted(files)
        var names = SymbolTable()
        for file in self.files { try names.add(file) }
        let builder = SchemaBuilder(names: names)
        (messages, enums, services) = try builder.types()
        symbols = names.symbols
    }

    package subscript(_ reference: MessageReference) -> MessageType { messages[reference.index] }

    package subscript(_ reference: EnumReference) -> EnumType { enums[reference.index] }

    /// A message by its full name, `shop.v1.Order`.
    package func message(named name: String) -> MessageType? {
        if case .message(let reference)? = symbols[name] { self[reference] } else { nil }
    }

    package func enumeration(named name: String) -> EnumType? {
        if case .enumeration(let reference)? = symbols[name] { self[reference] } else { nil }
    }

    package func service(named name: String) -> ServiceType? {
        services.first { $0.fullName == name }
    }

    /// The full names of all messages that can be named: for "did you mean".
    package var messageNames: [String] {
        messages.filter { !$0.isMapEntry }.map(\.fullName)
    }

    package func message(of field: FieldType) -> MessageType? { field.message.map { self[$0] } }

    package func enumeration(of field: FieldType) -> EnumType? {
        field.enumeration.map { self[$0] }
    }

    /// Key and value of a map field.
    package func entry(of field: FieldType) -> (key: FieldType, value: FieldType)? {
        guard field.cardinality == .map, let entry = message(of: field),
            let key = entry.field(1), let value = entry.field(2)
        else { return nil }
        return (key, value)
    }
}
