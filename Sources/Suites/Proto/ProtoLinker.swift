/// Joins files, each after those it imports, and tells what is wrong with them.
final class ProtoLinker {
    var symbols = ProtoSymbols()
    /// All of one file: nothing is linked after it.
    private(set) var problems: [ProtoProblem] = []
    /// descriptor.proto as it is embedded, for files that have options and do not import their own.
    private lazy var standard = ProtoLinker.standard()

    /// Links one file and says whether all is well with it.
    func link(_ file: FileNode) -> Bool {
        setVisibility(of: file)
        register(file)
        for node in file.allMessages { checkNumbers(of: node) }
        for node in file.allEnums { checkNumbers(of: node) }
        for field in file.extensions { checkNumber(of: field) }
        resolve(file)
        guard problems.isEmpty else { return false }
        interpretOptions(of: file)
        guard problems.isEmpty else { return false }
        checkRules(of: file)
        return problems.isEmpty
    }

    /// More problems than anyone reads are not looked into.
    static let maximumProblems = 20

    var hasEnoughProblems: Bool { problems.count >= Self.maximumProblems }

    func report(_ message: @autoclosure () -> String, in file: FileNode, at place: ProtoPlace) {
        guard !hasEnoughProblems else { return }
        problems.append(ProtoProblem(message(), in: file.name, at: place))
    }

    func report(
        _ message: @autoclosure () -> String,
        _ node: ProtoNode,
        at place: ProtoPlace? = nil
    ) {
        report(message(), in: node.file, at: place ?? node.place)
    }

    /// The message of `google.protobuf` that holds options of a kind.
    func optionsMessage(_ name: String) -> MessageNode? {
        if case .message(let node)? = symbols["google.protobuf.\(name)"] { return node }
        if case .message(let node)? = standard?.symbols["google.protobuf.\(name)"] { return node }
        return nil
    }

    /// Keeps the nodes alive that symbols refer to.
    private var files: [FileNode] = []

    private static func standard() -> ProtoLinker? {
        let name = EmbeddedProtos.descriptor
        guard let text = EmbeddedProtos.texts[name],
            let file = try? ProtoParser.parse(Array(text.utf8), name: name)
        else { return nil }
        let linker = ProtoLinker()
        return linker.link(file) ? linker : nil
    }

    // MARK: - Imports

    private func setVisibility(of file: FileNode) {
        files.append(file)
        symbols.add(file)
        file.visible = [ObjectIdentifier(file)]
        for node in file.imports {
            guard let imported = node.file else { continue }
            if node.kind == .option {
                file.optionVisible.formUnion(imported.exposed)
            } else {
                file.visible.formUnion(imported.exposed)
            }
        }
    }

    // MARK: - Names

    private func register(_ file: FileNode) {
        var package = file.package[...]
        while !package.isEmpty {
            if let old = symbols.add(String(package), .package(file)), !old.isPackage {
                let message = "package \(package) has the name of something in \(old.file.name)"
                report(message, in: file, at: file.packagePlace)
            }
            package = package[..<(package.lastIndex(of: ".") ?? package.startIndex)]
        }
        let scope = file.package.isEmpty ? "" : file.package + "."
        for node in file.messages { register(node, in: scope) }
        for node in file.enums { register(node, in: scope) }
        for node in file.extensions { register(node, in: scope) { .field($0) } }
        for node in file.services {
            register(node, in: scope) { .service($0) }
            for method in node.methods {
                register(method, in: node.fullName + ".") { .method($0) }
            }
        }
    }

    /// Long names, once for each field in them, would cost a lot.
    private static let maximumName = 2_000

    private func register<Node: ProtoNode>(
        _ node: Node,
        in scope: String,
        _ symbol: (Node) -> ProtoSymbol
    ) {
        guard scope.utf8.count + node.name.utf8.count <= Self.maximumName else {
            node.fullName = node.name
            return report("the full name is longer than \(Self.maximumName) letters", node)
        }
        node.fullName = scope + node.name
        guard let old = symbols.add(node.fullName, symbol(node)) else { return }
        let elsewhere = old.file === node.file ? "" : " in \(old.file.name)"
        var why = ""
        if node is EnumValueNode {
            why = "; an enum value is a name of the scope that its enum stands in"
        } else if case .message(let entry) = old, entry.isMapEntry {
            why = ", for the entries of a map"
        }
        report("\(node.fullName) is already defined\(elsewhere)\(why)", node)
    }

    private func register(_ node: MessageNode, in scope: String) {
        register(node, in: scope) { .message($0) }
        let inner = node.fullName + "."
        for field in node.fields {
            register(field, in: inner) { .field($0) }
            node.fieldsByName[field.name] = field
        }
        for oneof in node.oneofs { register(oneof, in: inner) { .oneof($0) } }
        for field in node.extensions { register(field, in: inner) { .field($0) } }
        for range in node.extensionRanges { range.fullName = node.fullName }
        for nested in node.messages { register(nested, in: inner) }
        for nested in node.enums { register(nested, in: inner) }
    }

    private func register(_ node: EnumNode, in scope: String) {
        register(node, in: scope) { .enumeration($0) }
        for value in node.values { register(value, in: scope) { .enumValue($0) } }
    }
}

extension FileNode {
    /// What a file that imports this one may use: this, and what it imports publicly.
    fileprivate var exposed: Set<ObjectIdentifier> {
        var (found, rest): (Set<ObjectIdentifier>, [FileNode]) = ([], [self])
        while let file = rest.popLast() {
            guard found.insert(ObjectIdentifier(file)).inserted else { continue }
            rest += file.imports.compactMap { $0.kind == .public ? $0.file : nil }
        }
        return found
    }

    /// Messages in messages too.
    var allMessages: [MessageNode] {
        var (found, rest): ([MessageNode], [MessageNode]) = ([], messages.reversed())
        while let node = rest.popLast() {
            found.append(node)
            rest += node.messages.reversed()
        }
        return found
    }

    var allEnums: [EnumNode] { enums + allMessages.flatMap(\.enums) }
    var allExtensions: [FieldNode] { extensions + allMessages.flatMap(\.extensions) }
    var allFields: [FieldNode] { allMessages.flatMap(\.fields) + allExtensions }

    /// Each node that can have options, an outer one before the inner ones.
    var allNodes: [ProtoNode] {
        var nodes: [ProtoNode] = allMessages
        for node in allMessages { nodes += node.oneofs as [ProtoNode] + node.extensionRanges }
        nodes += allFields as [ProtoNode]
        for node in allEnums { nodes += [node] + node.values as [ProtoNode] }
        for node in services { nodes += [node] + node.methods as [ProtoNode] }
        return nodes
    }
}
