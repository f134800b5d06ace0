extension EventHistory.Event {
    /// On one line, for a person: when, what kind, and its fields in words.
    var line: String {
        let words = fields.map { "\($0.name) \(EventHistory.Event.words($0.value))" }
        let text = "\(at) \(kind)" + (words.isEmpty ? "" : ": " + words.joined(separator: ", "))
        return text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    private static func words(_ value: JSON) -> String {
        if case .string(let text) = value { text } else { value.description }
    }
}
