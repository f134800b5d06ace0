/// What a full name stands for.
enum Symbol: Hashable, Sendable {
    case message(MessageReference)
    case enumeration(EnumReference)
    case package
    /// A service, method, field, oneof, extension or enum value.
    case other
}

/// All that a set of files declares, by full names.
struct SymbolTable {
    /// A descriptor with what it has from where it stands.
    struct Definition<Descriptor> {
        let descriptor: Descriptor
        let fullName: String
        /// The full name of what it stands in: where its names are looked up first.
        let scope: String
        let file: String
        let features: FeatureSet
    }

    /// Where a walk through a file is.
    private struct Place {
        var scope: String
        let file: String
        var features: FeatureSet
        var depth = 0

        func fullName(_ name: String) -> String { scope.isEmpty ? name : "\(scope).\(name)" }
    }

    private static let depth = 64

    private(set) var symbols: [String: Symbol] = [:]
    private(set) var messages: [Definition<MessageDescriptor>] = []
    private(set) var enums: [Definition<EnumDescriptor>] = []
    private(set) var services: [Definition<ServiceDescriptor>] = []
    private(set) var extensions: [Definition<FieldDescriptor>] = []

    mutating func add(_ file: FileDescriptor) throws(SchemaError) {
        guard !file.name.isEmpty else { throw SchemaError("a file has no name") }
        let count = file.dependencies.count
        guard file.publicDependencies.allSatisfy((0..<count).contains) else {
            throw SchemaError("it imports publicly what it does not import", in: file.name)
        }
        let place = Place(
            scope: file.package,
            file: file.name,
            features: try base(of: file).refined(
                by: file.options,
                .file,
                of: file.name,
                in: file.name
            )
        )
        try addPackage(file)
        for message in file.messages { try add(message, place) }
        for enumeration in file.enums { try add(enumeration, place) }
        for field in file.extensions { try addExtension(field, place) }
        for service in file.services {
            try declare(service.name, .other, place)
            services.append(definition(service, service.name, place))
        }
    }

    private func base(of file: FileDescriptor) throws(SchemaError) -> FeatureSet {
        switch (file.syntax, file.edition) {
        case (nil, nil), (nil, 998): return .proto2
        case ("proto3", nil), ("proto3", 999): return .proto3
        case (nil, 1000), (nil, 1001), ("editions", 1000), ("editions", 1001),
            ("editions", 9999):
            return .editions
        default:
            let words = file.edition.map { "edition number \($0)" } ?? "syntax \(file.syntax ?? "")"
            let known = "proto2, proto3 and the editions 2023 and 2024 are known"
            throw SchemaError(
                "its \(words) is not known; \(known)",
                in: file.name
            )
        }
    }

    /// Each part of a package's name is one.
    private mutating func addPackage(_ file: FileDescriptor) throws(SchemaError) {
        var name = ""
        for part in file.package.split(separator: ".", omittingEmptySubsequences: false)
        where !file.package.isEmpty {
            name += name.isEmpty ? String(part) : ".\(part)"
            guard isIdentifier(part) else {
                throw SchemaError("\(file.package) is no name of a package", in: file.name)
            }
            guard symbols.updateValue(.package, forKey: name) ?? .package == .package else {
                throw SchemaError("the package \(name) is also another thing's name", in: file.name)
            }
        }
    }

    private mutating func add(_ message: MessageDescriptor, _ place: Place) throws(SchemaError) {
        guard place.depth < Self.depth else {
            throw SchemaError("messages are nested too deeply", in: place.file)
        }
        let fullName = place.fullName(message.name)
        let reference = MessageReference(index: messages.count)
        try declare(message.name, .message(reference), place)
        var inner = place
        inner.scope = fullName
        inner.depth += 1
        inner.features = try place.features.refined(
            by: message.options,
            .message,
            of: fullName,
            in: place.file
        )
        messages.append(definition(message, message.name, place, inner.features))
        for field in message.fields { try declare(field.name, .other, inner) }
        for oneof in message.oneofs { try declare(oneof.name, .other, inner) }
        for nested in message.messages { try add(nested, inner) }
        for enumeration in message.enums { try add(enumeration, inner) }
        for field in message.extensions { try addExtension(field, inner) }
    }

    private mutating func add(_ enumeration: EnumDescriptor, _ place: Place) throws(SchemaError) {
        let reference = EnumReference(index: enums.count)
        try declare(enumeration.name, .enumeration(reference), place)
        let fullName = place.fullName(enumeration.name)
        let features = try place.features.refined(
            by: enumeration.options,
            .enumeration,
            of: fullName,
            in: place.file
        )
        enums.append(definition(enumeration, enumeration.name, place, features))
        // Values stand beside their enum, as in C++.
        for value in enumeration.values { try declare(value.name, .other, place) }
    }

    private mutating func addExtension(
        _ field: FieldDescriptor,
        _ place: Place
    ) throws(SchemaError) {
        try declare(field.name, .other, place)
        extensions.append(definition(field, field.name, place))
    }

    private mutating func declare(
        _ name: String,
        _ symbol: Symbol,
        _ place: Place
    ) throws(SchemaError) {
        let fullName = place.fullName(name)
        guard isIdentifier(name[...]) else {
            let outer = place.scope.isEmpty ? "the file" : place.scope
            throw SchemaError("\"\(name)\" in \(outer) is no name", in: place.file)
        }
        guard symbols.updateValue(symbol, forKey: fullName) == nil else {
            throw SchemaError("\(fullName) is declared twice", in: place.file)
        }
    }

    private func definition<Descriptor>(
        _ descriptor: Descriptor,
        _ name: String,
        _ place: Place,
        _ features: FeatureSet? = nil
    ) -> Definition<Descriptor> {
        Definition(
            descriptor: descriptor,
            fullName: place.fullName(name),
            scope: place.scope,
            file: place.file,
            features: features ?? place.features
        )
    }

    /// The type that a name stands for in a scope; with a leading dot it is a full name.
    func lookUp(_ name: String, in scope: String) -> Symbol? {
        if name.hasPrefix(".") { return symbols[String(name.dropFirst())] }
        let first = name.prefix { $0 != "." }
        var scope = scope[...]
        while true {
            let candidate = scope.isEmpty ? String(first) : "\(scope).\(first)"
            switch symbols[candidate] {
            // The first part decides: an inner package hides an outer one of its name.
            case .package?, .message?, .enumeration?:
                if first.count == name.count, symbols[candidate] == .package { break }
                return symbols[candidate + name.dropFirst(first.count)]
            case .other?, nil: break
            }
            guard !scope.isEmpty else { return nil }
            scope = scope.lastIndex(of: ".").map { scope[..<$0] } ?? ""
        }
    }

    private func isIdentifier(_ name: Substring) -> Bool {
        guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
            default: false
            }
        }
    }
}
