import Health
import Probes

/// What a kind of probe must say in a condition.
enum Cell: Sendable {
    /// At each depth from this one on; those before it are up. Words are a part of the text.
    case fails(Said, throughSidecar: Said? = nil, from: Depth = .handshake, _ words: String = "")
    /// What the server says may get lost in a sidecar, if the reset that follows it is faster.
    case cutOff(Reason, _ words: String)
    case degraded(from: Depth, _ words: String)
    case up
    /// It makes no sense for the kind, and why.
    case none(String)

    struct Said: Hashable, Sendable {
        var reason: Reason
        var hop: Hop

        static func upstream(_ reason: Reason) -> Said { Said(reason: reason, hop: .upstream) }
        static func sidecar(_ reason: Reason) -> Said { Said(reason: reason, hop: .sidecar) }
        static func network(_ reason: Reason) -> Said { Said(reason: reason, hop: .network) }
    }

    static func fails(_ reason: Reason, from depth: Depth = .handshake, _ words: String) -> Cell {
        .fails(.upstream(reason), from: depth, words)
    }

    var makesSense: Bool {
        if case .none = self { false } else { true }
    }

    /// What may be said at a depth; empty: it is up.
    func said(_ depth: Depth, throughSidecar: Bool) -> [Said] {
        switch self {
        case .fails(let said, let other, let first, _) where depth >= first:
            [throughSidecar ? other ?? said : said]
        case .cutOff(let reason, _):
            throughSidecar
                ? [.upstream(reason), .upstream(.upstreamRefused)] : [.upstream(reason)]
        default: []
        }
    }

    func isDegraded(_ depth: Depth) -> Bool {
        if case .degraded(let first, _) = self { depth >= first } else { false }
    }

    /// What the text must have in it, for one of these reasons.
    func words(_ said: Said?) -> String {
        switch self {
        case .fails(let direct, _, _, let words): said == direct ? words : ""
        case .cutOff(let reason, let words): said?.reason == reason ? words : ""
        case .degraded, .up, .none: ""
        }
    }
}
