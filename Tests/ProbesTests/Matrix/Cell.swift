import Health
import Probes

/// What a kind of probe must say in a condition.
enum Cell: Sendable {
    /// At each depth from this one on; those before it are up. Words are a part of the text.
    case fails(Said, throughSidecar: Said? = nil, from: Depth = .handshake, _ words: String = "")
    case degraded(from: Depth, _ words: String)
    case up
    /// It makes no sense for the kind, and why.
    case none(String)

    struct Said: Hashable, Sendable {
        var reason: Reason
        var hop: Hop

        static func upstream(_ reason: Reason) -> Said { Said(reason: reason, hop: .upstream) }
        static func network(_ reason: Reason) -> Said { Said(reason: reason, hop: .network) }
    }

    static func fails(_ reason: Reason, from depth: Depth = .handshake, _ words: String) -> Cell {
        .fails(.upstream(reason), from: depth, words)
    }

    var makesSense: Bool {
        if case .none = self { false } else { true }
    }

    /// What must be said at a depth; nil: up.
    func said(_ depth: Depth, throughSidecar: Bool) -> Said? {
        guard case .fails(let said, let other, let first, _) = self, depth >= first else {
            return nil
        }
        return throughSidecar ? other ?? said : said
    }

    func isDegraded(_ depth: Depth) -> Bool {
        if case .degraded(let first, _) = self { depth >= first } else { false }
    }

    /// Whether a sidecar on the way makes another reason of it.
    var isOtherThroughSidecar: Bool {
        if case .fails(_, .some, _, _) = self { true } else { false }
    }

    var words: String {
        switch self {
        case .fails(_, _, _, let words), .degraded(_, let words), .none(let words): words
        case .up: ""
        }
    }
}
