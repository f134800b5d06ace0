/// What a sample app can be told to do wrong, by `--fault`.
package enum Fault: Hashable, Sendable, CustomStringConvertible {
    /// Its start never ends: it runs, but never listens.
    case neverHealthy
    /// Listens and answers calls, but its health service says NOT_SERVING.
    case notServing
    /// Accepts calls and health checks and answers none.
    case hang
    /// Answers calls; its health service hangs.
    case hangHealth
    /// Says SERVING and hangs every call.
    case hangCalls
    /// Ends with an error some time after it began to listen.
    case exitAfter(Duration)
    /// Ends with an error at once.
    case crash
    /// Says SERVING and answers each call with another call's text.
    case wrongAnswer
    /// Answers everything, health too, only after a while.
    case slow(Duration)
    /// Turns its health from SERVING to NOT_SERVING and back, again and again.
    case flap(Duration)

    package static let names = [
        "never-healthy", "not-serving", "hang", "hang-health", "hang-calls", "exit-after=5s",
        "crash", "wrong-answer", "slow=500ms", "flap=2s",
    ]

    package init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        let time = parts.count == 2 ? Duration(unit: parts[1]) : nil
        switch (parts.first, time) {
        case ("never-healthy", nil): self = .neverHealthy
        case ("not-serving", nil): self = .notServing
        case ("hang", nil): self = .hang
        case ("hang-health", nil): self = .hangHealth
        case ("hang-calls", nil): self = .hangCalls
        case ("exit-after", let time?): self = .exitAfter(time)
        case ("crash", nil): self = .crash
        case ("wrong-answer", nil): self = .wrongAnswer
        case ("slow", let time?): self = .slow(time)
        case ("flap", let time?): self = .flap(time)
        default: return nil
        }
        // "crash=1" is not "crash".
        if parts.count == 2, time == nil { return nil }
    }

    package var description: String {
        switch self {
        case .neverHealthy: "never-healthy"
        case .notServing: "not-serving"
        case .hang: "hang"
        case .hangHealth: "hang-health"
        case .hangCalls: "hang-calls"
        case .exitAfter(let time): "exit-after=\(time.milliseconds)ms"
        case .crash: "crash"
        case .wrongAnswer: "wrong-answer"
        case .slow(let time): "slow=\(time.milliseconds)ms"
        case .flap(let time): "flap=\(time.milliseconds)ms"
        }
    }
}

extension Duration {
    /// "250ms", "2s", "1.5s", "3m"; nil for anything else, a bare number too.
    package init?(unit text: String) {
        let units: [(suffix: String, milliseconds: Double)] = [
            ("ms", 1), ("s", 1000), ("m", 60_000),
        ]
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }),
            let number = Double(text.dropLast(unit.suffix.count)), number >= 0, number < 1e9
        else { return nil }
        self = .milliseconds(Int64(number * unit.milliseconds))
    }

    package var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
