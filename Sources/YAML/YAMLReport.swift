/// Collects what is wrong while a document is read, so that all errors are told at once.
package final class YAMLReport {
    private var foundErrors: [YAMLProblem] = []
    private var foundWarnings: [YAMLProblem] = []

    package init() {}

    /// In the order of the file.
    package var errors: [YAMLProblem] { foundErrors.inOrder }
    /// What is legal and probably not meant.
    package var warnings: [YAMLProblem] { foundWarnings.inOrder }

    package func error(_ message: String, at place: YAMLPlace) {
        foundErrors.append(YAMLProblem(message, at: place))
    }

    package func warn(_ message: String, at place: YAMLPlace) {
        foundWarnings.append(YAMLProblem(message, at: place))
    }

    /// Reads a whole document. Returns nil if anything was wrong, then `errors` says what.
    package func read<Value>(_ root: YAMLNode, as value: YAMLValue<Value>) -> Value? {
        let result = value.read(root, self)
        return foundErrors.isEmpty ? result : nil
    }
}

extension [YAMLProblem] {
    /// By place, each problem once: a node reached by two aliases is read twice.
    fileprivate var inOrder: [YAMLProblem] {
        var seen: Set<YAMLProblem> = []
        return filter { seen.insert($0).inserted }
            .enumerated()
            .sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
            .map(\.element)
    }
}
