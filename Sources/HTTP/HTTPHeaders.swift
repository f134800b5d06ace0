/// Header fields in the order they came. Names are stored and compared in lower case.
package struct HTTPHeaders: Hashable, Sendable {
    fileprivate struct Field: Hashable, Sendable {
        let name: String
        let value: String
    }

    private var fields: [Field] = []

    package init() {}

    package var isEmpty: Bool { fields.isEmpty }
    package var count: Int { fields.count }

    /// The value of the field. Reading a repeated field joins its values by `", "` (RFC 9110
    /// section 5.3), so that a second value is never overlooked; writing replaces all of them.
    package subscript(_ name: String) -> String? {
        get {
            let name = name.lowercased()
            var joined: String?
            for field in fields where field.name == name {
                joined = joined.map { "\($0), \(field.value)" } ?? field.value
            }
            return joined
        }
        set {
            let name = name.lowercased()
            let place = fields.firstIndex { $0.name == name }
            fields.removeAll { $0.name == name }
            guard let newValue else { return }
            // No field of this name stood before `place`, so it is still within bounds.
            fields.insert(Field(name: name, value: newValue), at: place ?? fields.endIndex)
        }
    }

    /// Each value of a repeated field by itself.
    package func values(_ name: String) -> [String] {
        let name = name.lowercased()
        return fields.compactMap { $0.name == name ? $0.value : nil }
    }

    package func contains(_ name: String) -> Bool {
        let name = name.lowercased()
        return fields.contains { $0.name == name }
    }

    /// Adds a field behind those that are there, also of the same name.
    package mutating func add(_ name: String, _ value: String) {
        fields.append(Field(name: name.lowercased(), value: value))
    }

    package mutating func reserveCapacity(_ count: Int) {
        fields.reserveCapacity(count)
    }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { add(name, value) }
    }
}

extension HTTPHeaders: Sequence {
    package struct Iterator: IteratorProtocol {
        fileprivate var fields: IndexingIterator<[Field]>

        package mutating func next() -> (name: String, value: String)? {
            fields.next().map { ($0.name, $0.value) }
        }
    }

    package var underestimatedCount: Int { fields.count }
    package func makeIterator() -> Iterator { Iterator(fields: fields.makeIterator()) }
}

extension HTTPHeaders: CustomStringConvertible {
    package var description: String {
        map { "\($0.name): \($0.value)" }.joined(separator: "\n")
    }
}
