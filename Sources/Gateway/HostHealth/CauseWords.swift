import Health
import Loop

/// The board's sentences with this host's wall clock in them.
struct CauseWords {
    let clocks: Clocks

    func text(_ cause: Cause) -> String { cause.sentence(time) }
    func text(_ hold: Hold) -> String { hold.sentence(time) }
    func text(_ report: CheckReport) -> String { report.sentence(time) }

    /// The moment as it is written everywhere.
    func time(_ moment: Moment) -> String {
        switch moment {
        case .instant(let instant): clocks.wall(of: instant).description
        case .unix(let seconds): WallTime(milliseconds: Int64(seconds) * 1000).description
        }
    }

    /// What the probe itself says is wrong, without the reason; nil: nothing.
    static func text(_ outcome: Outcome) -> String? {
        switch outcome.result {
        case .up: nil
        case .degraded(let text): text
        case .failed(let failure): failure.text
        }
    }

    /// What is wrong with an outcome; nil: nothing.
    static func why(_ outcome: Outcome) -> String? {
        switch outcome.result {
        case .up: nil
        case .degraded(let text): text
        case .failed(let failure):
            failure.text.isEmpty ? "\(failure)" : "\(failure); \(failure.text)"
        }
    }
}
