/// A piece of a document with its place. Aliases are resolved: a node that was reached by an alias
/// has the place of its anchor.
package struct YAMLNode: Hashable, Sendable {
    package indirect enum Content: Hashable, Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        /// In the order of the document; keys are scalars and unique.
        case mapping([YAMLEntry])
    }

    package let content: Content
    /// The tag as written out: `tag:yaml.org,2002:str` for `!!str`, `!regex` for itself.
    package let tag: String?
    package let place: YAMLPlace

    package init(_ content: Content, tag: String? = nil, place: YAMLPlace) {
        self.content = content
        self.tag = tag
        self.place = place
    }

    /// The value of a key of a mapping.
    package subscript(_ key: String) -> YAMLNode? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.name == key }?.value
    }

    /// What this is, in words for a message: "a list", "a number".
    package var kindInWords: String {
        switch content {
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .scalar(let scalar):
            switch scalar.resolved(tag: tag) {
            case .null: "nothing"
            case .bool: "true or false"
            case .int, .float: "a number"
            case .text: "text"
            }
        }
    }
}

/// A key with its value.
package struct YAMLEntry: Hashable, Sendable {
    package let key: YAMLNode
    package let value: YAMLNode

    package init(key: YAMLNode, value: YAMLNode) {
        self.key = key
        self.value = value
    }

    package var name: String {
        guard case .scalar(let scalar) = key.content else { return "" }
        return scalar.text
    }
}
