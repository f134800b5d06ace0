/// Reads `.proto` files with all that they import.
///
/// A file is looked for in each import path in turn, and last among the files of `google/protobuf`
/// and `google/rpc` that need not be on disk.
package struct ProtoFiles {
    /// Larger files are no schema that anyone wrote.
    package static let maximumSize = 4 << 20
    private static let maximumFiles = 5_000
    private static let maximumDepth = 100

    private let source: ProtoSource
    private let linker = ProtoLinker()
    /// By each name that was imported.
    private var loaded: [String: FileNode] = [:]
    /// By what tells files apart, whatever path leads to them.
    private var byIdentity: [String: FileNode] = [:]
    /// In the order in which they are linked.
    private var linked: [FileNode] = []
    private var loading: [String] = []

    private init(_ source: ProtoSource) { self.source = source }

    /// The file and all it imports, each after those that it imports itself.
    ///
    /// `path` is a file's path. Imports are looked for in `importPaths`, then in the file's folder.
    package static func load(
        _ path: String,
        importPaths: [String] = []
    ) throws(ProtoProblems) -> [FileDescriptor] {
        let paths = importPaths.map { $0.isEmpty ? "." : $0 }
        let (folder, base) = path.splitAtLastSlash
        let isInPath = { (root: String) in path.hasPrefix(root.hasSuffix("/") ? root : root + "/") }
        let root = paths.first(where: isInPath)
        let name = root.map { path.dropFirst($0.count).drop { $0 == "/" } }.map(String.init) ?? base
        return try load([name], from: .disk(paths + [folder]))
    }

    /// Files by the names that others would import them by.
    package static func load(
        _ names: [String],
        from source: ProtoSource
    ) throws(ProtoProblems) -> [FileDescriptor] {
        var files = ProtoFiles(source)
        for name in names {
            switch files.read(name) {
            case .found(let text, let identity): _ = try files.add(name, text, identity)
            case .missing(let why):
                throw ProtoProblems([ProtoProblem(why, in: name, at: ProtoPlace())])
            }
        }
        // The nodes refer to others that the linker keeps.
        return withExtendedLifetime(files.linker) { files.linked.map(\.descriptor) }
    }

    private func read(_ name: String) -> ProtoSource.Answer {
        let answer = source.read(name)
        if case .missing = answer, let text = EmbeddedProtos.texts[name] {
            return .found(Array(text.utf8), identity: "embedded \(name)")
        }
        return answer
    }

    private mutating func add(
        _ name: String,
        _ text: [UInt8],
        _ identity: String
    ) throws(ProtoProblems) -> FileNode {
        if let file = byIdentity[identity] {
            loaded[name] = file
            return file
        }
        guard text.count <= Self.maximumSize else {
            let message = "the file is larger than \(Self.maximumSize) bytes"
            throw ProtoProblems([ProtoProblem(message, in: name, at: ProtoPlace())])
        }
        loading.append(identity)
        defer { loading.removeLast() }
        let file: FileNode
        do throws(ProtoSyntaxError) {
            file = try ProtoParser.parse(text, name: name)
        } catch {
            throw ProtoProblems([ProtoProblem(error.message, in: name, at: error.place)])
        }
        try addImports(of: file)
        guard linker.link(file) else {
            throw ProtoProblems(
                linker.problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
            )
        }
        loaded[name] = file
        byIdentity[identity] = file
        linked.append(file)
        return file
    }

    private mutating func addImports(of file: FileNode) throws(ProtoProblems) {
        var problems: [ProtoProblem] = []
        var seen: Set<ObjectIdentifier> = []
        for (index, node) in file.imports.enumerated()
        where problems.count < ProtoLinker.maximumProblems {
            switch try imported(node.path) {
            case .success(let imported):
                file.imports[index].file = imported
                if !seen.insert(ObjectIdentifier(imported)).inserted {
                    let message = "\(node.path) is imported twice"
                    problems.append(ProtoProblem(message, in: file.name, at: node.place))
                }
            case .failure(let refusal):
                problems.append(ProtoProblem(refusal.why, in: file.name, at: node.place))
            }
        }
        guard problems.isEmpty else { throw ProtoProblems(problems) }
    }

    /// Why a file cannot be imported, to be told at the import.
    private struct Refusal: Error { let why: String }

    private mutating func imported(
        _ name: String
    ) throws(ProtoProblems) -> Result<FileNode, Refusal> {
        if let file = loaded[name] { return .success(file) }
        switch read(name) {
        case .missing(let why): return .failure(Refusal(why: why))
        case .found(_, let identity) where loading.contains(identity):
            return .failure(Refusal(why: "\(name) imports this file in turn: a circle of imports"))
        case .found(let text, let identity):
            guard loading.count < Self.maximumDepth, linked.count < Self.maximumFiles else {
                let limits = "\(Self.maximumFiles) files, or \(Self.maximumDepth) deep"
                return .failure(Refusal(why: "imports are more than \(limits)"))
            }
            return .success(try add(name, text, identity))
        }
    }
}

extension String {
    /// `a/b/c` is `a/b` and `c`.
    fileprivate var splitAtLastSlash: (folder: String, base: String) {
        guard let slash = lastIndex(of: "/") else { return (".", self) }
        return (
            slash == startIndex ? "/" : String(self[..<slash]), String(self[index(after: slash)...])
        )
    }
}
