/// A page as it fits into a window: the first line whole, over as many rows as it needs, the others
/// cut at the edge.
struct ScreenPage {
    let lines: [String]

    init(_ text: String, columns: Int, rows: Int) {
        let all = text.split(separator: "\n", omittingEmptySubsequences: false)
        var lines = ScreenPage.wrapped(all.first ?? "", columns)
        for line in all.dropFirst() {
            lines.append(line.count > columns ? line.prefix(columns - 1) + "…" : String(line))
        }
        if lines.count > rows {
            let hidden = lines.count - rows + 1
            lines = lines.prefix(rows - 1) + ["… \(hidden) more lines"]
        }
        self.lines = lines
    }

    /// Broken between words where that is possible.
    private static func wrapped(_ line: Substring, _ columns: Int) -> [String] {
        var lines: [String] = []
        var rest = line
        while rest.count > columns {
            let room = rest.prefix(columns + 1)
            let space = room.lastIndex(of: " ").flatMap { $0 == room.startIndex ? nil : $0 }
            let end = space ?? rest.index(rest.startIndex, offsetBy: columns)
            lines.append(String(rest[..<end]))
            rest = rest[end...].drop { $0 == " " }
        }
        return lines + [String(rest)]
    }
}
