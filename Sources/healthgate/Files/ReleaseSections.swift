import Release
import YAML

extension YAMLValue where Value == PlanConfiguration.Drain {
    static var drain: YAMLValue {
        .section { section in
            let standard = PlanConfiguration.Drain()
            let auto = YAMLValue<Duration>.time
                .map { time throws(YAMLMismatch) in Duration?.some(time) }
                .or("auto", nil)
            return PlanConfiguration.Drain(
                excludeWithin: section.optional(
                    "exclude_within",
                    auto,
                    default: standard.excludeWithin
                ),
                quietFor: section.optional("quiet_for", .wait, default: standard.quietFor),
                streamsWithin: section.optional(
                    "streams_within",
                    .duration(.zero...Duration.seconds(86_400)),
                    default: standard.streamsWithin
                ),
                onTimeout: section.optional("on_timeout", .choice, default: standard.onTimeout)
            )
        }
    }
}

extension YAMLValue where Value == PlanConfiguration.HealthWait {
    static var healthWait: YAMLValue {
        .section { section in
            let standard = PlanConfiguration.HealthWait()
            let hold = section.optional("hold", .wait, default: standard.hold)
            let deadline = section.optional("deadline", .time, default: standard.deadline)
            if hold >= deadline {
                section.report.error(
                    "hold \(Quantity.words(hold)) does not fit into the deadline "
                        + Quantity.words(deadline),
                    at: section.place
                )
            }
            return PlanConfiguration.HealthWait(hold: hold, deadline: deadline)
        }
    }
}

extension YAMLValue where Value == Int? {
    /// Of the section `guard`.
    static var minAvailable: YAMLValue {
        .section { section in .some(section.optional("min_available", .int(0...1000))) }
    }
}

extension YAMLValue where Value == PlanConfiguration.FailureAction {
    static var onFailure: YAMLValue {
        YAMLValue.choice.map { action throws(YAMLMismatch) in
            guard action == .stop else {
                throw YAMLMismatch("\(action.rawValue) is not in this build; supported: stop")
            }
            return action
        }
    }
}
