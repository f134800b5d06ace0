import Glibc
import YAML

/// What `${NAME}`, `${env:NAME}` and `${file:PATH}` in a suite stand for.
package struct Variables: Sendable {
    /// By name: a whole node, so that a variable may also be a list or a mapping.
    private(set) var values: [String: YAMLNode] = [:]
    /// Names that cases give a value later.
    private(set) var awaited: Set<String> = []
    /// How large each value is when it is written out.
    private var sizes: [String: Int] = [:]
    let secrets: Secrets
    /// Where relative paths of files begin.
    let folder: String

    init(folder: String, secrets: Secrets) {
        self.folder = folder
        self.secrets = secrets
    }

    /// The tag of what is not known before a case has run.
    static let awaitedTag = "!captured"
    /// Of what a node is with its variables: a few that refer to each other may stand for gigabytes.
    private static let most = 16 << 20

    mutating func set(_ name: String, _ node: YAMLNode) {
        values[name] = node
        sizes[name] = node.size
        awaited.remove(name)
    }

    mutating func await(_ name: String) {
        if values[name] == nil { awaited.insert(name) }
    }

    func adding(_ row: [String: YAMLNode], _ report: YAMLReport) -> Variables {
        var all = self
        for (name, node) in row { all.set(name, resolve(node, report)) }
        return all
    }

    /// The node with all references replaced; what is awaited gets a tag of its own. What cannot be
    /// replaced is reported, and stays.
    func resolve(_ node: YAMLNode, _ report: YAMLReport) -> YAMLNode {
        var size = 0
        let resolved = resolve(node, report, &size)
        guard size > Self.most else { return resolved }
        report.error("this is larger than 16 MiB with its variables", at: node.place)
        return node
    }

    /// - Parameter size: counts what references bring in.
    private func resolve(_ node: YAMLNode, _ report: YAMLReport, _ size: inout Int) -> YAMLNode {
        switch node.content {
        case .sequence(let items):
            return node.with(.sequence(items.map { resolve($0, report, &size) }))
        case .mapping(let entries):
            return node.with(
                .mapping(
                    entries.map { YAMLEntry(key: $0.key, value: resolve($0.value, report, &size)) }
                )
            )
        case .scalar(let scalar):
            guard scalar.text.contains("${") else { return node }
            return resolve(scalar, node, report, &size)
        }
    }

    private func resolve(
        _ scalar: YAMLScalar,
        _ node: YAMLNode,
        _ report: YAMLReport,
        _ size: inout Int
    ) -> YAMLNode {
        var text = ""
        var rest = scalar.text[...]
        while let begin = rest.firstRange(of: "${") {
            let before = rest[..<begin.lowerBound]
            text += before
            rest = rest[begin.upperBound...]
            // `$${` is `${` itself.
            if before.hasSuffix("$") {
                text = String(text.dropLast()) + "${"
                continue
            }
            guard let end = rest.firstIndex(of: "}") else {
                report.error("${ without } (for the signs themselves write $${)", at: node.place)
                return node
            }
            let name = String(rest[..<end])
            rest = rest[rest.index(after: end)...]
            guard let value = value(of: name, at: node.place, report) else { return node }
            size += sizes[name] ?? 0
            guard size <= Self.most else { return node }
            if value.tag == Self.awaitedTag { return node.tagged(Self.awaitedTag) }
            // The whole scalar: the value keeps its kind.
            if text.isEmpty, rest.isEmpty {
                return YAMLNode(value.content, tag: node.tag ?? value.tag, place: node.place)
            }
            guard case .scalar(let inner) = value.content else {
                report.error(
                    "${\(name)} is \(value.kindInWords), and cannot be a part of a text",
                    at: node.place
                )
                return node
            }
            text += inner.text
        }
        text += rest
        return node.with(.scalar(YAMLScalar(text, style: .doubleQuoted)))
    }

    private func value(of name: String, at place: YAMLPlace, _ report: YAMLReport) -> YAMLNode? {
        if name.hasPrefix("env:") {
            let key = String(name.dropFirst(4))
            guard let value = getenv(key).map({ String(cString: $0) }) else {
                report.error("the environment has no \(quoted(key))", at: place)
                return nil
            }
            secrets.add(value)
            return .text(value, at: place)
        }
        if name.hasPrefix("file:") {
            let path = resolved(String(name.dropFirst(5)), in: folder)
            do throws(SuiteFileError) {
                let bytes = try SuiteFiles.read(path, limit: 1 << 20)
                let text = String(decoding: bytes, as: UTF8.self)
                let line = String(text.drop { $0.isNewline }.prefix { !$0.isNewline })
                secrets.add(line)
                return .text(line, at: place)
            } catch {
                report.error(error.description, at: place)
                return nil
            }
        }
        if let value = values[name] { return value }
        if awaited.contains(name) { return YAMLNode.text("", at: place).tagged(Self.awaitedTag) }
        let known = Array(values.keys) + awaited
        let hint = suggestion(for: name, among: known)
        report.error("there is no variable \(quoted(name))\(hint)", at: place)
        return nil
    }
}

extension YAMLNode {
    /// Bytes of text, and one for each node.
    fileprivate var size: Int {
        switch content {
        case .scalar(let scalar): scalar.text.utf8.count + 1
        case .sequence(let items): items.reduce(1) { $0 + $1.size }
        case .mapping(let entries): entries.reduce(1) { $0 + $1.key.size + $1.value.size }
        }
    }

    func with(_ content: Content) -> YAMLNode { YAMLNode(content, tag: tag, place: place) }

    func tagged(_ tag: String?) -> YAMLNode { YAMLNode(content, tag: tag, place: place) }

    static func text(_ text: String, at place: YAMLPlace) -> YAMLNode {
        YAMLNode(.scalar(YAMLScalar(text, style: .doubleQuoted)), place: place)
    }
}
