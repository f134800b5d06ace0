/// Builds nodes from events on a stack of its own, so that depth costs no stack of the thread.
struct YAMLComposer {
    private struct Collection {
        let place: YAMLPlace
        let tag: String?
        let anchor: String?
        let isMapping: Bool
        var items: [YAMLNode] = []
        var entries: [YAMLEntry] = []
        var keys: [String: YAMLPlace] = [:]
        var pendingKey: YAMLNode?
        var size = Size()
    }

    /// How much a node is once its aliases are resolved.
    private struct Size {
        var nodes = 1
        /// Levels, also those reached by aliases: whatever walks a node needs as much stack.
        var levels = 1

        mutating func hold(_ inner: Size) {
            nodes += inner.nodes
            levels = max(levels, inner.levels + 1)
        }
    }

    let limits: YAMLLimits
    private(set) var root: YAMLNode?
    private(set) var problems: [YAMLProblem] = []
    private var open: [Collection] = []
    private var anchors: [String: (node: YAMLNode, size: Size)] = [:]
    private var total = 0
    private var documents = 0

    init(limits: YAMLLimits) { self.limits = limits }

    mutating func take(_ event: YAMLEvent, at place: YAMLPlace) throws(YAMLError) {
        switch event {
        case .scalar(let scalar, let tag, let anchor):
            try count(1, at: place)
            let node = YAMLNode(.scalar(scalar), tag: tag, place: place)
            try add(node, Size(), anchor: anchor, at: place)
        case .sequenceStart(let tag, let anchor):
            try count(1, at: place)
            open.append(Collection(place: place, tag: tag, anchor: anchor, isMapping: false))
        case .mappingStart(let tag, let anchor):
            try count(1, at: place)
            open.append(Collection(place: place, tag: tag, anchor: anchor, isMapping: true))
        case .collectionEnd:
            guard let done = open.popLast() else { return }
            let content: YAMLNode.Content =
                done.isMapping ? .mapping(done.entries) : .sequence(done.items)
            let node = YAMLNode(content, tag: done.tag, place: done.place)
            try add(node, done.size, anchor: done.anchor, at: done.place)
        case .alias(let name):
            // An anchor is known once its node is complete: nothing can contain itself.
            guard let target = anchors[name] else {
                throw stop("the alias *\(name) has no anchor &\(name) before it", place)
            }
            try count(target.size.nodes, at: place)
            try add(target.node, target.size, anchor: nil, at: place)
        case .documentStart:
            documents += 1
            guard documents == 1 else { throw stop("a second document begins here", place) }
        case .streamEnd, .other: break
        }
    }

    private mutating func count(_ nodes: Int, at place: YAMLPlace) throws(YAMLError) {
        total += nodes
        guard total <= limits.nodes else {
            throw stop("more than \(limits.nodes) nodes, aliases counted in full", place)
        }
        guard open.count < limits.depth else {
            throw stop("nested deeper than \(limits.depth) levels", place)
        }
    }

    /// Puts a complete node into the innermost open collection.
    private mutating func add(
        _ node: YAMLNode,
        _ size: Size,
        anchor: String?,
        at place: YAMLPlace
    ) throws(YAMLError) {
        guard open.count + size.levels <= limits.depth else {
            throw stop("nested deeper than \(limits.depth) levels", place)
        }
        if let anchor { anchors[anchor] = (node, size) }
        guard !open.isEmpty else {
            root = node
            return
        }
        let last = open.count - 1
        open[last].size.hold(size)
        if !open[last].isMapping {
            open[last].items.append(node)
        } else if let key = open[last].pendingKey {
            open[last].pendingKey = nil
            open[last].entries.append(YAMLEntry(key: key, value: node))
        } else {
            checkKey(node, in: last)
            open[last].pendingKey = node
        }
    }

    private mutating func checkKey(_ key: YAMLNode, in index: Int) {
        guard case .scalar(let scalar) = key.content else {
            problems.append(YAMLProblem("\(key.kindInWords) cannot be a key", at: key.place))
            return
        }
        if scalar.style == .plain, scalar.text == "<<" {
            problems.append(YAMLProblem("merge keys (<<) are not part of YAML 1.2", at: key.place))
        } else if let first = open[index].keys.updateValue(key.place, forKey: scalar.text) {
            let origin = "line \(first.line), column \(first.column)"
            let message = "the key \(quoted(scalar.text)) is there twice, first in \(origin)"
            problems.append(YAMLProblem(message, at: key.place))
        }
    }

    /// The end of the reading, with what was found before.
    private func stop(_ message: String, _ place: YAMLPlace) -> YAMLError {
        YAMLError(problems + [YAMLProblem(message, at: place)])
    }
}

/// A text for a message: quoted, short, on one line.
package func quoted(_ text: String) -> String {
    let short = text.count > 60 ? text.prefix(59) + "…" : text[...]
    var result = "\""
    for scalar in short.unicodeScalars {
        switch scalar {
        case "\"", "\\": result += "\\" + String(scalar)
        case _ where scalar.properties.generalCategory == .control:
            result += "\\u{" + String(scalar.value, radix: 16) + "}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
