import Gateway
import Health
import Probes
import YAML

/// What a check takes where it says nothing itself.
struct CheckDefaults {
    var interval: Check.Interval = .every(.seconds(1))
    var timeout: Duration = .milliseconds(800)
    var rise = 2
    var fall = 3
    var downInterval: Duration = .milliseconds(500)
    var jitter = 0.1
    var through: ProbeTarget.Through?
    var maxAge: Duration
    var holdDown: HoldDown? = .standard

    init(maxAge: Duration) { self.maxAge = maxAge }

    /// These defaults with what a section says otherwise, be it `defaults` or a check.
    func overridden(by section: YAMLSection) -> CheckDefaults {
        var result = self
        result.interval = section.optional("interval", .interval, default: interval)
        result.timeout = section.optional("timeout", .time, default: timeout)
        result.rise = section.optional("rise", .int(1...1000), default: rise)
        result.fall = section.optional("fall", .int(1...1000), default: fall)
        result.downInterval = section.optional("down_interval", .period, default: downInterval)
        result.jitter = section.optional("jitter", .percent(0...0.5), default: jitter)
        result.through = section.optional("through", .choice) ?? through
        result.holdDown = section.optional("hold_down", .holdDown, default: holdDown)
        return result
    }
}

extension YAMLValue where Value == CheckDefaults {
    static func defaults(maxAge: Duration) -> YAMLValue {
        .section { section in CheckDefaults(maxAge: maxAge).overridden(by: section) }
    }
}

extension YAMLValue where Value == Duration {
    /// Between two probes of a check.
    fileprivate static var period: YAMLValue {
        .duration(.milliseconds(10)...Duration.seconds(3600))
    }
}

extension YAMLValue where Value == Check.Interval {
    /// A duration, or `on-poll`.
    fileprivate static var interval: YAMLValue {
        YAMLValue<Duration>.period
            .map { period throws(YAMLMismatch) in Check.Interval.every(period) }
            .or("on-poll", .onPoll)
    }
}

extension YAMLValue where Value == HoldDown? {
    /// `off`, or how flaps are punished.
    fileprivate static var holdDown: YAMLValue {
        YAMLValue.section { section in
            let standard = HoldDown.standard
            let suppress = section.optional(
                "suppress",
                .number(1...100),
                default: standard.suppress
            )
            let reuse = section.optional("reuse", .number(0.01...100), default: standard.reuse)
            if reuse > suppress {
                section.report.error(
                    "reuse is above suppress: nothing would ever be held down",
                    at: section.place(of: "reuse")
                )
            }
            return HoldDown(
                halfLife: section.optional("half_life", .time, default: standard.halfLife),
                suppress: suppress,
                reuse: reuse,
                maximum: section.optional("maximum", .time, default: standard.maximum)
            )
        }.or("off", nil)
    }
}
