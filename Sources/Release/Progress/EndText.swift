/// The last lines of a release: what the Fronts counted, particulars, and one plain sentence.
package enum EndText {
    package static func lines(_ end: ReleaseEnd, _ impact: ImpactTable) -> [String] {
        var lines = impact.rows.isEmpty ? [] : ImpactText.lines(impact)
        lines += end.details.map { "  \($0)" }
        if let next = end.nextCommand { lines.append("  next: \(next)") }
        // Last, and alone: what people and scripts look for.
        lines.append(end.sentence)
        return lines
    }
}

/// The proof of no impact as a table.
package enum ImpactText {
    private static let heads = [
        "host", "step", "s", "requests", "to it", "errors", "5xx", "resets", "retries", "timeouts",
        "cut",
        "panic",
    ]

    package static func lines(_ table: ImpactTable) -> [String] {
        var rows = [heads]
        rows += table.rows.map { row in
            [row.host, row.step, tenth(row.seconds), "\(row.total.requests)", "\(row.toHost)"]
                + ["\(row.errors)"] + counts(row.total)
        }
        let seconds = table.rows.reduce(0) { $0 + $1.seconds }
        rows.append(
            ["all", "", tenth(seconds), "\(table.total.requests)", "", "\(table.errors)"]
                + counts(table.total)
        )
        var lines = ["what the Fronts counted:"]
        lines += TextTable.lines(rows, left: 2).map { "  " + $0 }
        lines += table.gaps.map { "  not counted: \($0)" }
        return lines
    }

    private static func counts(_ counters: ClusterCounters) -> [String] {
        [
            counters.serverErrors, counters.resets, counters.retries, counters.timeouts,
            counters.cut, counters.panicPicks,
        ].map(String.init)
    }

    private static func tenth(_ seconds: Double) -> String {
        let tenths = Int((seconds * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
