import Health
import Probes
import Testing

/// What a probe said in a cell of the matrix.
struct Seen {
    let kind: String
    let condition: Condition
    let depth: Depth
    let target: ProbeTarget
    let outcome: Outcome

    init(
        _ kind: String,
        _ condition: Condition,
        _ depth: Depth,
        _ target: ProbeTarget,
        _ outcome: Outcome
    ) {
        self.kind = kind
        self.condition = condition
        self.depth = depth
        self.target = target
        self.outcome = outcome
    }

    func check(_ cell: Cell) {
        let all: Comment =
            "\(kind), \(condition), \(depth), \(target.through): \(outcome) \(outcome.failure?.text ?? "")"
        #expect(!Seen.tellsSecret(target, outcome), all)
        let wanted = cell.said(depth, throughSidecar: target.through == .sidecar)
        guard !wanted.isEmpty else {
            #expect(outcome.level == (cell.isDegraded(depth) ? .degraded : .up), all)
            return
        }
        let said = outcome.failure.flatMap { failure in
            failure.hop.map { Cell.Said(reason: failure.reason, hop: $0) }
        }
        #expect(wanted.contains { $0 == said }, all)
        #expect(outcome.failure?.text.contains(cell.words(said)) == true, all)
        // Whose certificate it was is told though it was not trusted.
        guard condition.isDistrusted else { return }
        for words in ["by test CA", "for localhost, 127.0.0.1", "expire"] {
            #expect(outcome.detail.contains(words), all)
        }
    }

    /// The password, or the wrong one, in anything that anyone is shown.
    static func tellsSecret(_ target: ProbeTarget, _ outcome: Outcome) -> Bool {
        let shown = "\(outcome)\n\(ProbeText(target, outcome).lines)"
        return ["pencil", "stylus"].contains { shown.contains($0) }
    }
}
