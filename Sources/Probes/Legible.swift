/// Words of others as an operator may see them: one line, nothing that a terminal obeys, not for ever.
func legible(_ text: String, most: Int = 200) -> String {
    let shown = text.unicodeScalars.prefix(most).map { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator:
            scalar.escaped(asASCII: true)
        default: String(scalar)
        }
    }
    return shown.joined() + (text.unicodeScalars.count > most ? "…" : "")
}

/// The first of them, and how many more there are.
func some(_ words: [String], most: Int = 3) -> String {
    let more = words.count - most
    return words.prefix(most).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
}
