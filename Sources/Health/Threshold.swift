/// How good an outcome, or a settled check, is.
package enum Level: String, Hashable, Sendable {
    case up, degraded, down
}

/// How far a check is towards another state, as in "2 of 3 towards up".
package struct Progress: Hashable, Sendable, CustomStringConvertible {
    package let count: Int
    package let needed: Int
    package let towards: Level

    package init(count: Int, needed: Int, towards: Level) {
        self.count = count
        self.needed = needed
        self.towards = towards
    }

    package var description: String { "\(count) of \(needed) towards \(towards.rawValue)" }
}

/// Counts outcomes in a row. It knows nothing of time and nothing of what the outcomes were about.
///
/// The edge has no damping for a 503, so one lost probe must not show: `fall` failures in a row make
/// down, `rise` passes in a row make up. Between up and degraded the same counts hold.
package struct Threshold: Hashable, Sendable {
    package private(set) var rise: Int
    package private(set) var fall: Int
    /// Nothing until enough outcomes in a row agreed for the first time.
    package private(set) var settled: Level?
    package private(set) var passes = 0
    package private(set) var fails = 0
    private var ups = 0
    private var notUps = 0

    package init(rise: Int, fall: Int) {
        self.rise = max(1, rise)
        self.fall = max(1, fall)
    }

    /// Takes other limits and keeps what was counted and settled.
    package mutating func adopt(rise: Int, fall: Int) {
        self.rise = max(1, rise)
        self.fall = max(1, fall)
    }

    package mutating func count(_ level: Level) {
        passes = level == .down ? 0 : passes + 1
        fails = level == .down ? fails + 1 : 0
        ups = level == .up ? ups + 1 : 0
        notUps = level == .up ? 0 : notUps + 1
        settled = next
    }

    /// Settles down without waiting for `fall`: for a check that was believed for too long already.
    package mutating func giveUp() {
        settled = .down
    }

    private var next: Level? {
        if fails >= fall { return .down }
        switch settled {
        case .up:
            return notUps >= fall ? .degraded : .up
        case .degraded:
            return ups >= rise ? .up : .degraded
        case .down, nil:
            guard passes >= rise else { return settled }
            return ups >= rise ? .up : .degraded
        }
    }

    /// Nothing when the last outcomes agree with the settled level.
    package var progress: Progress? {
        switch settled {
        case .up where fails > 0, .degraded where fails > 0:
            Progress(count: fails, needed: fall, towards: .down)
        case .up where notUps > 0:
            Progress(count: notUps, needed: fall, towards: .degraded)
        case .degraded where ups > 0:
            Progress(count: ups, needed: rise, towards: .up)
        case .down where passes > 0:
            Progress(count: passes, needed: rise, towards: .up)
        case nil where fails > 0:
            Progress(count: fails, needed: fall, towards: .down)
        case nil:
            Progress(count: passes, needed: rise, towards: .up)
        default:
            nil
        }
    }
}
