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

/// Every prefix of a good exchange, in one piece and byte by byte, and every byte of it altered: an
/// end or a wait, and no trap. What a server may say is also said before it is asked.
func takesAnyBytes(_ said: [[UInt8]], _ makeMachine: () -> any ProbeMachine) {
    let all = said.flatMap(\.self)
    for count in 0...all.count {
        _ = lastTurn(makeMachine(), [Array(all[..<count])])
        _ = lastTurn(makeMachine(), all[..<count].map { [$0] })
    }
    let values: [UInt8] = [0, 1, 0x0a, 0x0d, 0x24, 0x2a, 0x2d, 0x39, 0x7f, 0x80, 0xce, 0xff]
    for turn in said.indices {
        for index in said[turn].indices {
            for value in values {
                var altered = said
                altered[turn][index] = value
                _ = lastTurn(makeMachine(), altered)
            }
        }
    }
}
