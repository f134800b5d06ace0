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
        let all: Comment = "\(kind), \(condition), \(depth), \(target.through): \(outcome) \(outcome.failure?.text ?? "")"
        #expect(!Seen.tellsSecret(target, outcome), all)
        guard let said = cell.said(depth, throughSidecar: target.through == .sidecar) else {
            #expect(outcome.level == (cell.isDegraded(depth) ? .degraded : .up), all)
            return
        }
        // What the server says of it is lost in the sidecar, if the reset that follows is faster.
        if condition == .clear, outcome.failure?.reason == .tlsHandshake { return }
        #expect(outcome.failure.map { [$0.reason.rawValue, $0.hop?.rawValue] } == said.names, all)
        if target.through == .none || !cell.isOtherThroughSidecar {
            #expect(outcome.failure?.text.contains(cell.words) == true, all)
        }
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

extension Cell.Said {
    fileprivate var names: [String?] { [reason.rawValue, hop.rawValue] }
}
