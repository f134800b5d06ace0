/// A hold that we ask for.
package struct HoldRequest: Codable, Hashable, Sendable {
    package var owner: String
    package var reason: String
    package var epoch: Int

    package init(owner: String, reason: String, epoch: Int) {
        self.owner = owner
        self.reason = reason
        self.epoch = epoch
    }
}

/// The holds of a host; it is drained while there is one.
package struct DrainState: Codable, Hashable, Sendable {
    package struct Hold: Codable, Hashable, Sendable {
        package var owner: String
        package var reason: String?
        package var since: String?

        package init(owner: String, reason: String? = nil, since: String? = nil) {
            self.owner = owner
            self.reason = reason
            self.since = since
        }
    }

    package var drained: Bool
    package var holds: [Hold]
    package var durable: Bool?

    package init(drained: Bool, holds: [Hold], durable: Bool? = nil) {
        self.drained = drained
        self.holds = holds
        self.durable = durable
    }
}

/// `GET /status`, as far as a release looks at it.
package struct GatewayStatus: Decodable, Hashable, Sendable {
    package struct Check: Decodable, Hashable, Sendable {
        package var name: String
        package var kind: String?
        package var state: String
        package var effect: String?
        package var reason: String?
        package var hop: String?
        package var text: String?
        package var target: String?

        package init(
            name: String,
            kind: String? = nil,
            target: String? = nil,
            state: String,
            effect: String? = nil,
            reason: String? = nil,
            hop: String? = nil,
            text: String? = nil
        ) {
            self.name = name
            self.kind = kind
            self.target = target
            self.state = state
            self.effect = effect
            self.reason = reason
            self.hop = hop
            self.text = text
        }

        /// "orders-db is down: refused at upstream (connection refused)".
        package var words: String {
            var words = "\(name) is \(state)"
            if let reason { words += ": \(reason)" }
            if let hop { words += " at \(hop)" }
            if let text, !text.isEmpty { words += " (\(text))" }
            return words
        }
    }

    package struct Inflight: Decodable, Hashable, Sendable {
        /// Whether there is a sidecar and it answers.
        package var known: Bool
        /// Open requests in the sidecar's app clusters, less the gateway's own probes.
        package var requests: Int?
        /// All that ever came there, less the gateway's own probes.
        package var total: Int?

        package init(known: Bool, requests: Int? = nil, total: Int? = nil) {
            self.known = known
            self.requests = requests
            self.total = total
        }
    }

    package var host: String?
    package var verdict: String
    /// What the verdict would be without any hold.
    package var behind: String
    package var cause: String?
    package var holds: [DrainState.Hold]
    package var checks: [Check]
    package var inflight: Inflight

    package init(
        host: String? = nil,
        verdict: String,
        behind: String,
        cause: String? = nil,
        holds: [DrainState.Hold] = [],
        checks: [Check] = [],
        inflight: Inflight = Inflight(known: false)
    ) {
        self.host = host
        self.verdict = verdict
        self.behind = behind
        self.cause = cause
        self.holds = holds
        self.checks = checks
        self.inflight = inflight
    }

    /// Whether the host would serve if nothing held it.
    package var isUpBehind: Bool { behind == "up" || behind == "degraded" }

    /// The checks that are not up, or else the cause, in words.
    package var faults: [String] {
        let failing = checks.filter { $0.state != "up" }
        return failing.isEmpty ? [cause ?? "verdict \(behind)"] : failing.map(\.words)
    }
}

/// The outcome of every upstream, probed at its full depth through the sidecar.
package struct ConnectivityReport: Decodable, Hashable, Sendable {
    package var ok: Bool
    package var upstreams: [GatewayStatus.Check]
    /// What all that fails has in common, in words.
    package var inCommon: String?

    enum CodingKeys: String, CodingKey {
        case ok, upstreams
        case inCommon = "in_common"
    }

    package init(ok: Bool, upstreams: [GatewayStatus.Check], inCommon: String? = nil) {
        self.ok = ok
        self.inCommon = inCommon
        self.upstreams = upstreams
    }
}
