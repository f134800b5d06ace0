/// Rows of cells in columns.
enum TextTable {
    /// - Parameter left: so many columns begin at the left, the others end at the right.
    static func lines(_ rows: [[String]], left: Int) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                // Nothing follows the last column that must be kept in line.
                if column < left {
                    return column == columns - 1 ? row[column] : row[column] + space
                }
                return space + row[column]
            }
            return cells.joined(separator: "  ")
        }
    }
}
