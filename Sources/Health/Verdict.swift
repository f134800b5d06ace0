/// The word on the whole host, or on one app.
package enum Verdict: String, Hashable, Sendable, CaseIterable {
    case starting, up, degraded, down, draining

    /// Whether an edge may send users: the health answer is 200, else 503.
    package var serves: Bool { self == .up || self == .degraded }

    /// The worse of two, of those that checks can lead to.
    package static func worse(_ a: Verdict, _ b: Verdict) -> Verdict {
        a.rank >= b.rank ? a : b
    }

    var rank: Int {
        switch self {
        case .up: 0
        case .degraded: 1
        case .starting: 2
        case .down: 3
        case .draining: 4
        }
    }
}

/// Whom a verdict is about.
package enum Scope: Hashable, Sendable, CustomStringConvertible {
    case host
    case app(String)

    package var description: String {
        switch self {
        case .host: "host"
        case .app(let name): "app \(name)"
        }
    }
}

/// What a check adds to the verdict.
enum Weight: Hashable, Sendable {
    case nothing, degrades, delays, fails

    var verdict: Verdict {
        switch self {
        case .nothing: .up
        case .degrades: .degraded
        case .delays: .starting
        case .fails: .down
        }
    }
}

/// How many checks weigh how much: the verdict of any number of checks without looking at them again.
struct Tally: Hashable, Sendable {
    private var degrading = 0
    private var delaying = 0
    private var failing = 0

    mutating func add(_ weight: Weight) { change(weight, by: 1) }
    mutating func remove(_ weight: Weight) { change(weight, by: -1) }

    private mutating func change(_ weight: Weight, by step: Int) {
        switch weight {
        case .nothing: break
        case .degrades: degrading += step
        case .delays: delaying += step
        case .fails: failing += step
        }
    }

    var verdict: Verdict {
        if failing > 0 { return .down }
        if delaying > 0 { return .starting }
        return degrading > 0 ? .degraded : .up
    }
}
