import YAML

/// Compares an answer with what is expected of it, and finds every difference.
struct Matcher {
    let schema: Schema
    private(set) var differences: [Difference] = []

    init(_ schema: Schema) { self.schema = schema }

    /// Whether it is as expected; the differences are nobody's.
    func matches(_ expected: Expected, _ got: DynamicValue?) -> Bool {
        var trial = Matcher(schema)
        trial.match(expected, got, "")
        return trial.differences.isEmpty
    }

    /// - Parameter got: nil: absent.
    mutating func match(_ expected: Expected, _ got: DynamicValue?, _ path: String) {
        switch expected.expectation {
        case .any: break
        case .absent:
            if let got, isSet(got, expected.slot) { differ(expected, got, path) }
        case .present:
            if got.map({ isSet($0, expected.slot) }) != true { differ(expected, got, path) }
        case .not(let other):
            if matches(other, got) { differ(expected, got, path) }
        case .all(let others):
            for other in others { match(other, got, path) }
        case .either(let others):
            if !others.contains(where: { matches($0, got) }) { differ(expected, got, path) }
        case .message(let type, let fields): match(type, fields, expected, got, path)
        case .packed(let name, let inner): match(packed: name, inner, expected, got, path)
        case .list(let items): match(list: items, expected, got, path)
        case .map(let entries): match(map: entries, expected, got, path)
        default:
            if got.map({ holds(expected.expectation, $0) }) != true { differ(expected, got, path) }
        }
    }

    /// Of what can be told without a look inside.
    private func holds(_ expectation: Expectation, _ got: DynamicValue) -> Bool {
        switch expectation {
        case .value(let value): isSame(value, got)
        case .containsText(.string(let part)):
            if case .string(let text) = got { text.contains(part) } else { false }
        case .containsText(.bytes(let part)):
            if case .bytes(let bytes) = got { bytes.contains(part) } else { false }
        case .containsItem(let item):
            if case .list(let items) = got { items.contains { matches(item, $0) } } else { false }
        case .unordered(let items): isPermutation(items, got)
        case .regex(let pattern):
            if case .string(let text) = got, let regex = try? Regex(pattern) {
                text.firstMatch(of: regex) != nil
            } else {
                false
            }
        case .compare(let comparison, let bound):
            ValueOrder.of(got, bound).map { comparison.holds($0) } ?? false
        case .length(let range): got.length.map { range.contains($0) } ?? false
        default: false
        }
    }

    private func isSame(_ value: DynamicValue, _ got: DynamicValue) -> Bool {
        switch (value, got) {
        case (.float(let value), .float(let got)): value == got || value.isNaN && got.isNaN
        case (.double(let value), .double(let got)): value == got || value.isNaN && got.isNaN
        default: value == got
        }
    }

    /// Each expected item is some item, no two the same, and none is left.
    private func isPermutation(_ expected: [Expected], _ got: DynamicValue) -> Bool {
        guard case .list(let items) = got, items.count == expected.count else { return false }
        // By augmenting paths: an item that is taken may be given up for another.
        var taken: [Int?] = items.map { _ in nil }
        func place(_ index: Int, _ seen: inout Set<Int>) -> Bool {
            for slot in items.indices where matches(expected[index], items[slot]) {
                guard seen.insert(slot).inserted else { continue }
                guard let other = taken[slot] else {
                    taken[slot] = index
                    return true
                }
                if place(other, &seen) {
                    taken[slot] = index
                    return true
                }
            }
            return false
        }
        return expected.indices.allSatisfy { index in
            var seen: Set<Int> = []
            return place(index, &seen)
        }
    }

    private mutating func match(
        _ type: MessageType,
        _ fields: [ExpectedField],
        _ expected: Expected,
        _ got: DynamicValue?,
        _ path: String
    ) {
        guard case .message(let message)? = got, message.type.fullName == type.fullName else {
            return differ(expected, got, path)
        }
        for field in fields {
            let value =
                field.field.hasPresence ? message[field.field] : message.value(of: field.field)
            match(
                field.expected,
                value,
                path.isEmpty ? field.field.name : "\(path).\(field.field.name)"
            )
        }
    }

    private mutating func match(
        packed name: String,
        _ inner: Expected,
        _ expected: Expected,
        _ got: DynamicValue?,
        _ path: String
    ) {
        guard case .message(let any)? = got, let payload = PackedMessage(any),
            payload.message.type.fullName == name
        else { return differ(expected, got, path) }
        match(inner, .message(payload.message), path)
    }

    private mutating func match(
        list items: [Expected],
        _ expected: Expected,
        _ got: DynamicValue?,
        _ path: String
    ) {
        guard case .list(let found)? = got else { return differ(expected, got, path) }
        guard items.count != found.count else {
            for (index, item) in items.enumerated() {
                match(item, found[index], "\(path)[\(index)]")
            }
            return
        }
        align(items, found, path, expected.place)
    }

    /// A difference that is not of values.
    mutating func note(_ path: String, _ expected: String, _ got: String, _ place: YAMLPlace) {
        differences.append(Difference(path, expected: expected, got: got, at: place))
    }

    /// Says which items are missing, and which are too many.
    mutating func align(
        _ expected: [Expected],
        _ got: [DynamicValue],
        _ path: String,
        _ place: YAMLPlace
    ) {
        for step in Alignment(expected.count, got.count, { matches(expected[$0], got[$1]) }).steps {
            switch step {
            case .pair(let index, let found):
                match(expected[index], got[found], "\(path)[\(found)]")
            case .missing(let index):
                let words = ExpectationText(schema).words(expected[index])
                differences.append(
                    Difference(
                        "\(path)[\(index)]",
                        expected: words,
                        got: "missing",
                        at: expected[index].place
                    )
                )
            case .extra(let found):
                let text = ValueText(schema).words(got[found], expected.first?.slot)
                differences.append(
                    Difference("\(path)[\(found)]", expected: "no more", got: text, at: place)
                )
            }
        }
    }

    private mutating func match(
        map entries: [ExpectedEntry],
        _ expected: Expected,
        _ got: DynamicValue?,
        _ path: String
    ) {
        guard case .map(let found)? = got else { return differ(expected, got, path) }
        for entry in entries {
            match(entry.expected, found[entry.key], "\(path)[\(entry.key.words)]")
        }
    }

    private mutating func differ(_ expected: Expected, _ got: DynamicValue?, _ path: String) {
        differences.append(
            Difference(
                path,
                expected: ExpectationText(schema).words(expected),
                got: got.map { ValueText(schema).words($0, expected.slot) } ?? "absent",
                at: expected.place
            )
        )
    }

    /// A field that cannot tell absence from zero is set when it is not zero.
    private func isSet(_ value: DynamicValue, _ slot: Slot) -> Bool {
        if case .field(let field) = slot, !field.hasPresence { return !value.isZero }
        return true
    }
}

extension DynamicValue {
    /// Characters, bytes or items; nil of what has no length.
    fileprivate var length: Int? {
        switch self {
        case .string(let text): text.count
        case .bytes(let bytes): bytes.count
        case .list(let items): items.count
        case .map(let entries): entries.count
        default: nil
        }
    }
}
