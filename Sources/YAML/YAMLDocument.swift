/// Bounds on a document, so that no input can make reading it expensive.
package struct YAMLLimits: Sendable {
    package var bytes: Int
    package var depth: Int
    /// Nodes after all aliases are resolved: a few lines of aliases to aliases mean millions.
    package var nodes: Int

    package init(bytes: Int = 1 << 20, depth: Int = 64, nodes: Int = 100_000) {
        self.bytes = bytes
        self.depth = depth
        self.nodes = nodes
    }
}

/// Reads YAML by libyaml into nodes.
package enum YAMLDocument {
    /// The one document in `bytes`; an empty file is a null scalar. `file` is for messages only.
    /// A syntax fault ends the reading; duplicate keys and the like are all told.
    package static func parse(
        _ bytes: [UInt8],
        file: String,
        limits: YAMLLimits = YAMLLimits()
    ) throws(YAMLError) -> YAMLNode {
        guard bytes.count <= limits.bytes else {
            let start = YAMLPlace(file: file, line: 1, column: 1)
            let message = "\(bytes.count) bytes are more than the \(limits.bytes) that are read"
            throw YAMLError([YAMLProblem(message, at: start)])
        }
        // `withUnsafeBufferPointer` does not pass on a typed throw through its own result type.
        let result = bytes.withUnsafeBufferPointer { buffer -> Result<YAMLNode, YAMLError> in
            do throws(YAMLError) {
                return .success(try compose(buffer, file: file, limits: limits))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private static func compose(
        _ bytes: UnsafeBufferPointer<UInt8>,
        file: String,
        limits: YAMLLimits
    ) throws(YAMLError) -> YAMLNode {
        var events = YAMLEvents(bytes, file: file)
        var composer = YAMLComposer(limits: limits)
        while true {
            let (event, place) = try events.next()
            if case .streamEnd = event { break }
            try composer.take(event, at: place)
        }
        guard composer.problems.isEmpty else { throw YAMLError(composer.problems) }
        let start = YAMLPlace(file: file, line: 1, column: 1)
        return composer.root ?? YAMLNode(.scalar(YAMLScalar("")), place: start)
    }
}
