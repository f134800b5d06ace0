/// How to read a node as a `Value`: nil means that the reason is in the report.
package struct YAMLValue<Value> {
    package let read: (YAMLNode, YAMLReport) -> Value?

    package init(_ read: @escaping (YAMLNode, YAMLReport) -> Value?) { self.read = read }

    /// Goes on from what was read; what `transform` throws is reported at the node.
    package func map<New>(
        _ transform: @escaping (Value) throws(YAMLMismatch) -> New
    ) -> YAMLValue<New> {
        YAMLValue<New> { node, report in
            guard let value = read(node, report) else { return nil }
            do throws(YAMLMismatch) {
                return try transform(value)
            } catch {
                report.error(error.message, at: node.place)
                return nil
            }
        }
    }

    /// Some other value: `auto`, `ask`, `off`.
    package func or(_ keyword: String, _ meaning: Value) -> YAMLValue {
        YAMLValue { node, report in
            if case .scalar(let scalar) = node.content, scalar.text == keyword { return meaning }
            return read(node, report)
        }
    }
}

/// Why a text does not say what was asked for.
package struct YAMLMismatch: Error, Hashable, Sendable {
    package let message: String
    package init(_ message: String) { self.message = message }
}

extension YAMLValue {
    /// A scalar; `expected` names what is wanted, for the message. `resolve` returns nil for
    /// scalars of another kind.
    static func scalar(
        _ expected: String,
        _ resolve: @escaping (YAMLScalar.Resolved, YAMLScalar) -> Value?
    ) -> YAMLValue {
        YAMLValue { node, report in
            guard node.hasKnownTag(report) else { return nil }
            guard case .scalar(let scalar) = node.content,
                let value = resolve(scalar.resolved(tag: node.tag), scalar)
            else {
                report.error("expected \(expected), found \(node.found)", at: node.place)
                return nil
            }
            return value
        }
    }
}

extension YAMLValue where Value == String {
    /// Text. A plain `123` or `true` is none: it wants quotes.
    package static var string: YAMLValue {
        .scalar("text") { resolved, _ in
            if case .text(let text) = resolved { text } else { nil }
        }.map { text throws(YAMLMismatch) in try withoutNUL(text) }
    }

    /// Any scalar as it is written, numbers too: a word of a command line, a status.
    package static var word: YAMLValue {
        .scalar("a word") { resolved, scalar in
            if case .null = resolved { nil } else { scalar.text }
        }.map { text throws(YAMLMismatch) in try withoutNUL(text) }
    }

    /// Text that is not empty.
    package static var name: YAMLValue {
        string.map { text throws(YAMLMismatch) in
            guard !text.isEmpty else { throw YAMLMismatch("must not be empty") }
            return text
        }
    }

    private static func withoutNUL(_ text: String) throws(YAMLMismatch) -> String {
        guard !text.utf8.contains(0) else { throw YAMLMismatch("must not contain a zero byte") }
        return text
    }
}

extension YAMLValue where Value == Bool {
    /// `true` or `false`; `yes` and `on` are text.
    package static var bool: YAMLValue {
        .scalar("true or false") { resolved, _ in
            if case .bool(let value) = resolved { value } else { nil }
        }
    }
}

extension YAMLValue where Value == Int {
    /// A whole number within a range.
    package static func int(_ range: ClosedRange<Int> = 0...Int.max) -> YAMLValue {
        YAMLValue<Int?>.scalar("a whole number") { resolved, _ in
            if case .int(let number) = resolved { .some(number) } else { nil }
        }.map { number throws(YAMLMismatch) in
            guard let number, range.contains(number) else {
                let most = range.upperBound == .max ? "or more" : "to \(range.upperBound)"
                throw YAMLMismatch("must be \(range.lowerBound) \(most)")
            }
            return number
        }
    }
}

extension YAMLValue where Value == Double {
    /// A number within a range, whole or not.
    package static func number(_ range: ClosedRange<Double>) -> YAMLValue {
        .scalar("a number") { resolved, _ in
            switch resolved {
            case .int(let number): number.map(Double.init) ?? .infinity
            case .float(let number): number
            default: nil
            }
        }.map { number throws(YAMLMismatch) in
            guard range.contains(number) else {
                throw YAMLMismatch("must be \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
    }
}

extension YAMLValue where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One of a type's cases by its word.
    package static var choice: YAMLValue {
        YAMLValue<String>.word.map { word throws(YAMLMismatch) in
            if let value = Value(rawValue: word) { return value }
            let words = Value.allCases.map(\.rawValue)
            throw YAMLMismatch("unknown word \(quoted(word))\(suggestion(for: word, among: words))")
        }
    }
}

extension YAMLNode {
    /// What is here, with its text if that is short to tell.
    package var found: String {
        guard case .scalar(let scalar) = content, !scalar.text.isEmpty else { return kindInWords }
        return "\(kindInWords): \(quoted(scalar.text))"
    }

    /// Reports a tag that means nothing here.
    package func hasKnownTag(_ report: YAMLReport) -> Bool {
        guard let tag, !YAMLTag.core.contains(tag) else { return true }
        report.error("unknown tag \(tag)", at: place)
        return false
    }
}
