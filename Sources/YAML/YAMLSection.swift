/// A mapping with fixed keys while it is read. Whatever is asked for is known; at the end the rest
/// is reported as unknown.
package final class YAMLSection {
    package let place: YAMLPlace
    package let report: YAMLReport
    private let entries: [YAMLEntry]
    private var asked: Set<String> = []
    private var ignoresRest = false

    init(_ entries: [YAMLEntry], place: YAMLPlace, report: YAMLReport) {
        self.entries = entries
        self.place = place
        self.report = report
    }

    /// The node under a key, which is known from now on.
    package func node(_ key: String) -> YAMLNode? {
        asked.insert(key)
        return entries.first { $0.name == key }?.value
    }

    /// The place of a key's value, else of the mapping.
    package func place(of key: String) -> YAMLPlace { node(key)?.place ?? place }

    /// nil if the key is absent or its value wrong; the latter is reported.
    package func optional<Value>(_ key: String, _ value: YAMLValue<Value>) -> Value? {
        node(key).flatMap { value.read($0, report) }
    }

    package func optional<Value>(
        _ key: String,
        _ value: YAMLValue<Value>,
        default preset: Value
    ) -> Value {
        optional(key, value) ?? preset
    }

    /// Reports an absent key.
    package func required<Value>(_ key: String, _ value: YAMLValue<Value>) -> Value? {
        guard node(key) != nil else {
            report.error("the key \(key) is missing", at: place)
            return nil
        }
        return optional(key, value)
    }

    /// A key that this build knows and cannot serve.
    package func refuse(_ key: String, _ reason: String) {
        guard let entry = entries.first(where: { $0.name == key }) else { return }
        asked.insert(key)
        report.error(reason, at: entry.key.place)
    }

    /// Reports no unknown keys: something else is wrong, in whose light they may be right.
    package func ignoreRest() { ignoresRest = true }

    func refuseUnasked() {
        guard !ignoresRest else { return }
        let free = asked.filter { name in !entries.contains { $0.name == name } }
        for entry in entries where !asked.contains(entry.name) {
            let hint = suggestion(for: entry.name, among: asked.sorted(), likely: free.sorted())
            report.error("unknown key \(quoted(entry.name))\(hint)", at: entry.key.place)
        }
    }
}
