import YAML

/// Values that must not be shown. Read and written on the event loop's thread, or before it starts.
package final class Secrets: @unchecked Sendable {
    private var values: Set<String> = []

    package init() {}

    /// What is short is in every other word, and no secret.
    func add(_ value: String) {
        guard value.utf8.count >= Self.least else { return }
        // As it is, and as answers and errors quote it.
        values.insert(value)
        values.insert(String(MessageText.quotedText(value).dropFirst().dropLast()))
        values.insert(String(quoted(value).dropFirst().dropLast()))
    }

    /// The text without them, and without what is left of one where the text was cut.
    package func masked(_ text: String) -> String {
        let longestFirst = values.sorted { $0.count > $1.count }
        let whole = longestFirst.reduce(text) { $0.replacing($1, with: Self.mask) }
        guard !longestFirst.isEmpty, whole.contains(Self.cut) else { return whole }
        let parts = whole.split(separator: Self.cut, omittingEmptySubsequences: false)
        let masked = parts.dropLast().map { part in
            longestFirst.lazy.compactMap { self.masked(endOf: part, $0) }.first ?? String(part)
        }
        return (masked + parts.suffix(1).map(String.init)).joined(separator: String(Self.cut))
    }

    private func masked(endOf part: Substring, _ value: String) -> String? {
        for length in stride(from: min(value.count, part.count), through: Self.least, by: -1)
        where part.hasSuffix(value.prefix(length)) {
            return part.dropLast(length) + Self.mask
        }
        return nil
    }

    private static let least = 4
    private static let mask = "***"
    private static let cut: Character = "…"
}
