import Health
import Loop

/// Says in one sentence why a verdict is what it is.
struct CauseWords {
    let clocks: Clocks

    /// Names the check, hop, reason, since when and the last good time; the drain's owners.
    func text(_ cause: Cause) -> String {
        switch cause {
        case .check(let report, let others):
            let more = others == 0 ? "" : " (and \(others) more)"
            return text(report) + more
        case .drain(let holds):
            return "drained by " + holds.map(text).joined(separator: "; ")
        case .stopping:
            return "healthgate is stopping"
        case .reloaded(let instant, let was):
            let before = was.map { "; before it: \(text($0))" } ?? ""
            return "a reload at \(clocks.wall(of: instant)) changed the checks, and not all of "
                + "them have settled since\(before)"
        }
    }

    func text(_ hold: Hold) -> String {
        "\(hold.owner) (\(hold.reason)) since \(WallTime(milliseconds: Int64(hold.since) * 1000))"
    }

    func text(_ report: CheckReport) -> String {
        var words = "\(report.id) is \(report.state.rawValue)"
        switch report.state {
        case .pending:
            if let progress = report.progress { words += ", \(progress)" }
        case .stale:
            words += ": no outcome since \(report.evidence.map(time) ?? "the start")"
        case .up, .degraded, .down: break
        }
        if let held = report.heldDownUntil {
            words += ", held down until \(time(held)) after \(report.falls) falls"
        }
        if let outcome = report.last?.outcome, let why = Self.why(outcome) { words += ": \(why)" }
        if let failing = report.failingSince {
            words += "; failing since \(time(failing))"
        } else {
            words += "; since \(time(report.since))"
        }
        if report.state != .up {
            words += "; last good \(report.lastGood.map { time($0.at) } ?? "never")"
        }
        return words
    }

    private func time(_ instant: Instant) -> String { clocks.wall(of: instant).description }

    /// What is wrong with an outcome; nil: nothing.
    static func why(_ outcome: Outcome) -> String? {
        switch outcome.result {
        case .up: return nil
        case .degraded(let text): return text
        case .failed(let failure):
            let hop = failure.hop.map { " at \($0.rawValue)" } ?? ""
            let text = failure.text.isEmpty ? "" : " (\(failure.text))"
            return "\(failure.reason.rawValue)\(hop)\(text)"
        }
    }
}
