extension Duration {
    /// For people: "250ms", "41s", "2m 5s".
    package var words: String {
        let (seconds, attoseconds) = components
        if seconds == 0 { return "\(attoseconds / 1_000_000_000_000_000)ms" }
        if seconds < 60 { return "\(seconds)s" }
        let rest = seconds % 60
        return rest == 0 ? "\(seconds / 60)m" : "\(seconds / 60)m \(rest)s"
    }
}

/// "1 host", "3 hosts".
func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
}
