/// One check of `gateway.yaml` with the defaults filled in: all that is needed to build its probe
/// and to judge its outcomes.
package struct CheckConfiguration: Hashable, Sendable {
    package var name: String
    package var role: Role
    package var target: Target
    /// What a failing check does to the verdict of the host.
    package var effect: Effect
    package var interval: Interval
    /// The interval while the check is not up.
    package var downInterval: Duration
    /// The share of each interval by which it may be shortened or stretched, 0 to 1.
    package var jitter: Double
    /// Covers the whole exchange, from the name's resolution to the last byte.
    package var timeout: Duration
    package var rise: Int
    package var fall: Int
    /// An outcome older than this says nothing any more.
    package var maxAge: Duration
    /// Damping of a check that goes up and down again and again; nil: none.
    package var holdDown: HoldDown?

    package init(
        name: String,
        role: Role,
        target: Target,
        effect: Effect? = nil,
        interval: Interval = .every(.seconds(1)),
        downInterval: Duration = .milliseconds(500),
        jitter: Double = 0.1,
        timeout: Duration = .milliseconds(800),
        rise: Int = 2,
        fall: Int = 3,
        maxAge: Duration = .seconds(5),
        holdDown: HoldDown? = HoldDown()
    ) {
        self.name = name
        self.role = role
        self.target = target
        self.effect = effect ?? (role == .app ? .fail : .inform)
        self.interval = interval
        self.downInterval = downInterval
        self.jitter = jitter
        self.timeout = timeout
        self.rise = rise
        self.fall = fall
        self.maxAge = maxAge
        self.holdDown = holdDown
    }
}

extension CheckConfiguration {
    package enum Role: String, Hashable, Sendable {
        case app, upstream
    }

    package enum Effect: String, CaseIterable, Hashable, Sendable {
        case fail, degrade, inform
    }

    package enum Interval: Hashable, Sendable {
        case every(Duration)
        /// Each poll reaches the target, coalesced within `maxAge`; without polls, once a `maxAge`.
        case onPoll
    }

    /// A check that went down `flaps` times within `within` stays down for `hold` after it is good.
    package struct HoldDown: Hashable, Sendable {
        package var flaps: Int
        package var within: Duration
        package var hold: Duration

        package init(
            flaps: Int = 3,
            within: Duration = .seconds(60),
            hold: Duration = .seconds(30)
        ) {
            self.flaps = flaps
            self.within = within
            self.hold = hold
        }
    }

    /// What is probed, and by which way.
    package struct Target: Hashable, Sendable {
        package var kind: Kind
        /// The target's own `host:port`, good for `Endpoint(_:)`.
        package var address: String
        package var through: Through
        /// Where the probe connects: the sidecar's ingress for an app that is fronted by it, else
        /// `address`. Good for `Endpoint(_:)`. Where it is not `address`, a failed probe is
        /// followed by one to `address`, only to tell who is to blame.
        package var dial: String
        /// The `:authority` or `Host` to send.
        package var authority: String

        package init(
            kind: Kind,
            address: String,
            through: Through = .none,
            dial: String? = nil,
            authority: String? = nil
        ) {
            self.kind = kind
            self.address = address
            self.through = through
            self.dial = dial ?? address
            self.authority = authority ?? address
        }
    }

    /// What stands between the probe and its target.
    package enum Through: String, CaseIterable, Hashable, Sendable {
        case sidecar, none
    }

    /// The kind of probe with what only that kind has.
    package enum Kind: Hashable, Sendable {
        case tcp(TCPExchange)
        /// HTTP/1.1; `path` includes the query.
        case http(path: String, expect: HTTPExpectation)
        /// HTTP/2 with prior knowledge.
        case h2c(path: String, expect: HTTPExpectation)
        /// `grpc.health.v1` Check of one service, "" for the whole server.
        case grpc(service: String)

        /// The scheme in `gateway.yaml`.
        package var scheme: String {
            switch self {
            case .tcp: "tcp"
            case .http: "http"
            case .h2c: "h2c"
            case .grpc: "grpc"
            }
        }
    }

    /// Bytes to send once connected, and bytes that the reply must begin with. Both empty: a mere
    /// connect.
    package struct TCPExchange: Hashable, Sendable {
        package var send: [UInt8]
        package var expect: [UInt8]

        package init(send: [UInt8] = [], expect: [UInt8] = []) {
            self.send = send
            self.expect = expect
        }
    }

    /// What an HTTP answer must be to count as up.
    package struct HTTPExpectation: Hashable, Sendable {
        package var statuses: [ClosedRange<Int>]
        package var bodyContains: String?
        /// Lower-case names; each value must be contained in the header's.
        package var headers: [Header]

        package init(
            statuses: [ClosedRange<Int>] = [200...299],
            bodyContains: String? = nil,
            headers: [Header] = []
        ) {
            self.statuses = statuses
            self.bodyContains = bodyContains
            self.headers = headers
        }
    }

    package struct Header: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }
}
