import YAML

/// What a full name stands for.
enum ProtoSymbol {
    /// The file that named it first; any number of files may.
    case package(FileNode)
    case message(MessageNode)
    case enumeration(EnumNode)
    case field(FieldNode)
    case oneof(OneofNode)
    case enumValue(EnumValueNode)
    case service(ServiceNode)
    case method(MethodNode)

    var file: FileNode {
        switch self {
        case .package(let file): file
        case .message(let node): node.file
        case .enumeration(let node): node.file
        case .field(let node): node.file
        case .oneof(let node): node.file
        case .enumValue(let node): node.file
        case .service(let node): node.file
        case .method(let node): node.file
        }
    }

    var isPackage: Bool { if case .package = self { true } else { false } }

    /// What a field can be of.
    var isType: Bool {
        switch self {
        case .message, .enumeration: true
        default: false
        }
    }

    /// What may hold names.
    var isScope: Bool {
        switch self {
        case .package, .message, .enumeration, .service: true
        default: false
        }
    }
}

/// All names of all files that were linked.
struct ProtoSymbols {
    private var table: [String: ProtoSymbol] = [:]
    private var files: [FileNode] = []

    subscript(_ name: String) -> ProtoSymbol? { table[name] }

    mutating func add(_ file: FileNode) { files.append(file) }

    /// The symbol that has the name already, if one has.
    mutating func add(_ name: String, _ symbol: ProtoSymbol) -> ProtoSymbol? {
        if let old = table[name] { return old }
        table[name] = symbol
        return nil
    }

    /// A symbol of the file or of what it imports.
    func find(_ name: String, from file: FileNode) -> ProtoSymbol? {
        guard let symbol = table[name] else { return nil }
        let origin = ObjectIdentifier(symbol.file)
        if file.visible.contains(origin) { return symbol }
        switch symbol {
        case .field where file.optionVisible.contains(origin): return symbol
        case .package:
            let isNamed = files.contains {
                let id = ObjectIdentifier($0)
                return (file.visible.contains(id) || file.optionVisible.contains(id))
                    && ($0.package == name || $0.package.hasPrefix(name + "."))
            }
            return isNamed ? symbol : nil
        default: return nil
        }
    }

    /// Looks a name up from the innermost scope outwards. The first part of a dotted name decides
    /// where the rest is looked for. `scope` is the full name of who asks.
    func find(
        _ name: String,
        in scope: String,
        from file: FileNode,
        typesOnly: Bool = false
    ) -> ProtoSymbol? {
        if name.hasPrefix(".") { return find(String(name.dropFirst()), from: file) }
        let first = String(name.prefix { $0 != "." })
        var scope = scope[...]
        while let dot = scope.lastIndex(of: ".") {
            scope = scope[..<dot]
            guard let symbol = find("\(scope).\(first)", from: file) else { continue }
            if first.utf8.count < name.utf8.count {
                if symbol.isScope { return find("\(scope).\(name)", from: file) }
            } else if !typesOnly || symbol.isType {
                return symbol
            }
        }
        return find(name, from: file)
    }

    // MARK: - Hints

    /// The tail of a message about a type that was not found.
    func hint(about name: String, in scope: String, from file: FileNode) -> String {
        if let path = EmbeddedProtos.file(of: name) { return "; import \"\(path)\"" }
        return hint(about: name, in: scope, from: file) { $0.isType }
    }

    /// The tail of a message about an extension that was not found.
    func extensionHint(about name: String, in scope: String, from file: FileNode) -> String {
        hint(about: name, in: scope, from: file) { symbol in
            if case .field(let field) = symbol { field.isExtension } else { false }
        }
    }

    private func hint(
        about name: String,
        in scope: String,
        from file: FileNode,
        among isMeant: (ProtoSymbol) -> Bool
    ) -> String {
        let name = name.hasPrefix(".") ? String(name.dropFirst()) : name
        var outer = scope[...]
        var candidates = [name]
        while let dot = outer.lastIndex(of: ".") {
            outer = outer[..<dot]
            candidates.insert("\(outer).\(name)", at: candidates.count - 1)
        }
        for candidate in candidates {
            if let symbol = table[candidate], isMeant(symbol), find(candidate, from: file) == nil {
                return
                    "; \(candidate) is in \(symbol.file.name), which \(file.name) does not import"
            }
        }
        let last = name.split(separator: ".").last.map(String.init) ?? name
        guard table.count <= 20_000 else { return "" }
        let known = table.filter { isMeant($0.value) && find($0.key, from: file) != nil }
        let words = Set(known.keys.map { $0.split(separator: ".").last.map(String.init) ?? $0 })
        return nearest(to: last, among: words)
    }
}

/// The tail of a message that names the word that was meant, or nothing.
func nearest(to word: String, among words: some Collection<String>) -> String {
    // Among very many words the search takes longer than the hint is worth.
    guard words.count <= 2_000 else { return "" }
    return EditDistance.nearest(to: word, among: Array(words)).map { "; did you mean \($0)?" } ?? ""
}
