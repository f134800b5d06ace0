import Health
import Probes

/// The matrix as the README shows it: what all kinds have in common, and what each has of its own.
enum MatrixTable {
    static let begin = "<!-- fault matrix -->\n"
    static let end = "<!-- end of the fault matrix -->\n"

    static var markdown: String {
        let lines = common + [""] + own
        return begin + lines.joined(separator: "\n") + "\n" + end
    }

    /// A line a condition, with the kinds that say something else.
    private static var common: [String] {
        let head = ["| for all kinds | the probe says | but |", "|---|---|---|"]
        return head
            + shared.map { condition in
                let usual = Row.common[condition].map { words($0, .handshake) } ?? ""
                let others = Matrix.rows.compactMap { row -> String? in
                    guard let cell = row.cells[condition], cell.makesSense else { return nil }
                    let said = words(cell, first(row))
                    guard said != usual else { return nil }
                    return "\(row.kind): \(said)"
                }
                return "| \(condition.rawValue) | \(usual) | \(others.joined(separator: "; ")) |"
            }
    }

    private static var own: [String] {
        let conditions = Condition.allCases.filter { Row.common[$0] == nil }
        let head = "| kind | \(conditions.map(\.rawValue).joined(separator: " | ")) |"
        let rule = "|---|" + conditions.map { _ in "---|" }.joined()
        return [head, rule]
            + Matrix.rows.compactMap { row in
                let cells = conditions.map { row.cells[$0].map { words($0, first(row)) } ?? "" }
                guard cells.contains(where: { $0 != "–" }) else { return nil }
                return "| \(name(row)) | \(cells.joined(separator: " | ")) |"
            }
    }

    /// Up comes first, and needs no line.
    private static var shared: [Condition] {
        Condition.allCases.filter { Row.common[$0] != nil && $0 != .up && $0 != .sealed }
    }

    private static func name(_ row: Row) -> String {
        let isExperimental = ServerTarget.Service(rawValue: row.kind)?.isExperimental == true
        return isExperimental ? "\(row.kind), *experimental*" : row.kind
    }

    private static func first(_ row: Row) -> Depth { row.depths.first ?? .handshake }

    /// From the first depth on, it need not be said.
    private static func words(_ cell: Cell, _ first: Depth) -> String {
        let since = { (depth: Depth) in depth > first ? " from \(depth.rawValue)" : "" }
        switch cell {
        case .up: return "up"
        case .none: return "–"
        case .degraded(let depth, _): return "degraded\(since(depth))"
        case .cutOff(let reason, _):
            return "`\(reason.rawValue)`, or behind a sidecar `upstream_refused`"
        case .fails(let said, let other, let depth, _):
            let reason = "`\(said.reason.rawValue)`\(since(depth))"
            return reason + (other.map { ", behind a sidecar `\($0.reason.rawValue)`" } ?? "")
        }
    }
}
