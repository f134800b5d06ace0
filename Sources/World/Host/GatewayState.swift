import FoundationEssentials

/// A gateway's `/status`, as far as scenarios judge it.
struct GatewayState: Decodable, Hashable, Sendable {
    struct Hold: Decodable, Hashable, Sendable {
        let owner: String
        let reason: String
    }

    struct App: Decodable, Hashable, Sendable {
        let name: String
        let verdict: String
        let cause: String?
    }

    struct Check: Decodable, Hashable, Sendable {
        let name: String
        let state: String
        let reason: String?
        let hop: String?
        let text: String?
        let since: StatedTime?
        let failingSince: StatedTime?
        let heldDownUntil: StatedTime?

        private enum CodingKeys: String, CodingKey {
            case name, state, reason, hop, text, since
            case failingSince = "failing_since"
            case heldDownUntil = "held_down_until"
        }
    }

    struct Edge: Decodable, Hashable, Sendable {
        let name: String
        let authority: String
        let polls: Int
    }

    let verdict: String
    let cause: String?
    let since: StatedTime
    let holds: [Hold]
    let durable: Bool
    let problem: String?
    let apps: [App]
    let checks: [Check]
    let edges: [Edge]

    func app(_ name: String) -> App? { apps.first { $0.name == name } }
    func check(_ name: String) -> Check? { checks.first { $0.name == name } }
}

/// A time of day as a gateway writes it. What did not change may be told a millisecond off the next
/// time: it is a moment of the boot clock, told by the wall's.
struct StatedTime: Decodable, Hashable, Sendable, CustomStringConvertible {
    private let seconds: Double
    let description: String

    init(from decoder: any Decoder) throws {
        description = try decoder.singleValueContainer().decode(String.self)
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        seconds = try style.parse(description).timeIntervalSince1970
    }

    func isSame(as other: StatedTime) -> Bool { abs(seconds - other.seconds) < 0.02 }

    static func - (a: StatedTime, b: StatedTime) -> Duration {
        .milliseconds(Int64(((a.seconds - b.seconds) * 1000).rounded()))
    }
}
