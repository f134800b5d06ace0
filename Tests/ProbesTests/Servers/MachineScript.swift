import Health
import Probes
import Testing

/// What comes of an exchange in which the server says these things one after the other.
func lastTurn(_ machine: any ProbeMachine, _ said: [[UInt8]]) -> ProbeTurn {
    var machine = machine
    var turn = machine.start()
    for bytes in said {
        guard turn.next == .receive else { return turn }
        turn = machine.receive(bytes)
    }
    return turn
}

func lastTurn(_ machine: any ProbeMachine, _ said: String...) -> ProbeTurn {
    lastTurn(machine, said.map { Array($0.utf8) })
}

extension ProbeTurn {
    var failure: Outcome.Failure? {
        guard case .finish(.failed(let failure), _) = next else { return nil }
        return failure
    }

    var detail: String? {
        guard case .finish(_, let detail) = next else { return nil }
        return detail
    }

    var isUp: Bool {
        guard case .finish(.up, _) = next else { return false }
        return true
    }

    /// All that an operator may be shown of it.
    var shown: String {
        guard case .finish(let result, let detail) = next else { return "" }
        return switch result {
        case .up: detail
        case .degraded(let words): "\(detail) \(words)"
        case .failed(let failure): "\(detail) \(failure.text)"
        }
    }
}
