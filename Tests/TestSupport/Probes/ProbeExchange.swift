package import Probes

/// What a server said to a probe, turn by turn, and the machine that it was said to.
package struct ProbeExchange: Sendable, CustomStringConvertible {
    package let description: String
    package let said: [[UInt8]]
    /// So many bytes at the end prove nothing more.
    package let spare: Int
    package let isUp: Bool
    package let makeMachine: @Sendable () -> any ProbeMachine

    /// Of all machines.
    package static let all =
        postgres + mysql + redis + memcached + amqp + mongodb + kafka

    package static let password = "pencil"

    init(
        _ description: String,
        _ said: [[UInt8]],
        spare: Int = 0,
        isUp: Bool = true,
        makeMachine: @escaping @Sendable () -> any ProbeMachine
    ) {
        self.description = description
        self.said = said
        self.spare = spare
        self.isUp = isUp
        self.makeMachine = makeMachine
    }
}

/// Bytes from their hexadecimal digits.
func unhex(_ hex: String) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map {
        UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
}

/// Whether a text is one line in which nothing moves a cursor or turns the direction of writing.
package func isPlain(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
