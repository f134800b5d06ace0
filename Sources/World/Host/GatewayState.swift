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
        let since: String?
        let failingSince: String?
        let heldDownUntil: String?

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
    let since: String
    let holds: [Hold]
    let durable: Bool
    let problem: String?
    let apps: [App]
    let checks: [Check]
    let edges: [Edge]

    func app(_ name: String) -> App? { apps.first { $0.name == name } }
    func check(_ name: String) -> Check? { checks.first { $0.name == name } }
}
