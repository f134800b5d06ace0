/// A point in time to be written for people. Only the caller knows the wall clock.
package enum Moment: Hashable, Sendable {
    case instant(ContinuousClock.Instant)
    /// Seconds since 1970.
    case unix(Int)
}

/// Writes a moment, such as `14:02:11`.
package typealias TimeText = (Moment) -> String

extension CheckReport {
    /// One true sentence, such as "app orders: not_serving at upstream since 14:02:11 (3 of 3 failed),
    /// last good 14:02:08".
    package func sentence(_ time: TimeText) -> String {
        switch state {
        case .up: "\(id): up since \(time(.instant(since)))\(movement)"
        case .degraded: "\(id): degraded since \(time(.instant(since)))\(complaint)\(movement)"
        case .stale: staleness(time)
        case .pending: pending(time)
        case .down: down(time)
        }
    }

    private func down(_ time: TimeText) -> String {
        if let end = heldDownUntil {
            return "\(id): held down until \(time(.instant(end))) after \(falls) falls"
                + lastFault(time)
        }
        guard let failing = failing(time) else {
            return "\(id): down since \(time(.instant(since)))\(movement)\(lastFault(time))"
        }
        return failing
    }

    private func pending(_ time: TimeText) -> String {
        let held = heldAt.map { ", counts as \($0.rawValue) since the reload until then" } ?? ""
        guard let failing = failing(time) else {
            return "\(id): not yet up, needs \(check.rise) passes in a row\(held)"
        }
        return failing + held
    }

    private func failing(_ time: TimeText) -> String? {
        guard let since = failingSince, let failure = last?.outcome.failure else { return nil }
        let count = fails <= check.fall ? "\(fails) of \(check.fall) failed" : "\(fails) failed"
        let good = lastGood.map { "last good \(time(.instant($0.at)))" } ?? "never good so far"
        return "\(id): \(failure) since \(time(.instant(since))) (\(count)), \(good)\(failure.tail)"
    }

    private func staleness(_ time: TimeText) -> String {
        let seen = evidence.map { " since \(time(.instant($0)))" } ?? ""
        let good = lastGood.map { ", last good \(time(.instant($0.at)))" } ?? ""
        return "\(id): stale, no outcome\(seen) (older than \(check.maxAge))\(good)"
    }

    private func lastFault(_ time: TimeText) -> String {
        guard let fault = lastFailure, let failure = fault.outcome.failure else { return "" }
        return ", last failed \(time(.instant(fault.at))): \(failure)\(failure.tail)"
    }

    private var complaint: String {
        guard case .degraded(let text) = last?.outcome.result, !text.isEmpty else { return "" }
        return ": \(text)"
    }

    private var movement: String { progress.map { ", \($0)" } ?? "" }
}

extension Outcome.Failure: CustomStringConvertible {
    /// The reason and the hop, such as "refused at sidecar".
    package var description: String {
        reason.rawValue + (hop.map { " at \($0.rawValue)" } ?? "")
    }

    var tail: String { text.isEmpty ? "" : "; \(text)" }
}

extension Hold {
    package func sentence(_ time: TimeText) -> String {
        let why = reason.isEmpty ? "" : ": \(reason)"
        return "drained by \(owner) since \(time(.unix(since)))\(why)"
    }
}

extension SharedFault {
    fileprivate func sentence(_ count: Int) -> String {
        switch self {
        case .sidecar: "the sidecar: none of \(count) checks gets into it"
        case .resolver: "this host's resolver: it finds none of the names of \(count) checks"
        case .network: "this host's network: all \(count) remote checks fail"
        }
    }
}

extension Cause {
    /// One true sentence that an on-call engineer understands.
    package func sentence(_ time: TimeText) -> String {
        switch self {
        case .check(let report, let others):
            return report.sentence(time) + Self.also(others, "check")
        case .shared(let fault, let count, let first):
            return "\(fault.sentence(count)); first \(first.sentence(time))"
        case .drain(let holds):
            guard let first = holds.first else { return "drained" }
            return first.sentence(time) + Self.also(holds.count - 1, "hold")
        case .stopping:
            return "healthgate is stopping"
        case .reloaded(let at, let was):
            let old = was.map { "; before: " + $0.sentence(time) } ?? ""
            return "waiting for outcomes newer than the reload at \(time(.instant(at)))\(old)"
        }
    }

    private static func also(_ count: Int, _ what: String) -> String {
        switch count {
        case ...0: ""
        case 1: "; and 1 more \(what)"
        default: "; and \(count) more \(what)s"
        }
    }
}
