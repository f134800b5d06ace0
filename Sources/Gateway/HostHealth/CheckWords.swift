import Health
import Loop
import Probes

extension Check {
    /// The check as the board judges it.
    init(_ configuration: CheckConfiguration) {
        let target = configuration.target
        let effect: Effect =
            switch configuration.effect {
            case .fail: .fail
            case .degrade: .degrade
            case .inform: .inform
            }
        let interval: Check.Interval =
            switch configuration.interval {
            case .every(let interval): .every(interval)
            case .onPoll: .onPoll
            }
        self.init(
            configuration.id,
            target: target.words,
            definition: "\(target)",
            effect: effect,
            rise: configuration.rise,
            fall: configuration.fall,
            interval: interval,
            downInterval: configuration.downInterval,
            maxAge: configuration.maxAge,
            holdDown: configuration.holdDown.map { policy in
                // Falls fade by half in `within`: as many as `flaps` in that time are too many.
                HoldDown(
                    halfLife: policy.within,
                    suppress: Double(policy.flaps - 1),
                    reuse: 0.75,
                    maximum: policy.hold
                )
            }
        )
    }
}

extension CheckConfiguration {
    var id: CheckID {
        switch role {
        case .app: .app(name)
        case .upstream: .upstream(name)
        }
    }
}

extension ProbeTarget {
    /// The target as people write it.
    var words: String {
        switch kind {
        case .tcp: "tcp://\(address)"
        case .http(let path, _): "http://\(address)\(path)"
        case .h2c(let path, _): "h2c://\(address)\(path)"
        case .grpc(let service): "grpc://\(address)\(service.isEmpty ? "" : "/\(service)")"
        }
    }
}

extension Drain {
    /// The holds in force, as the board takes them.
    init(_ state: DrainState) {
        self.init(
            state.holds.map { hold in
                Hold(
                    owner: hold.owner,
                    reason: hold.reason,
                    since: Int(hold.since.milliseconds / 1000),
                    epoch: hold.epoch
                )
            }
        )
    }
}
