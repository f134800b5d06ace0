package import Health
package import Loop

/// What `gateway.yaml` says, as plain values with every default filled in. Read and checked in the
/// `healthgate` module, so whoever holds one may trust it: addresses parse, counts are positive,
/// names are unique.
package struct GatewayConfiguration: Hashable, Sendable {
    /// This host's name in statuses, holds and logs.
    package var host: String
    package var listen: Listen
    /// The folder of holds, lease and clean-stop marker.
    package var stateDirectory: String
    /// The sidecar Envoy, where there is one.
    package var sidecar: Sidecar?
    /// How long a stop by SIGTERM may take to tell the edges and to let requests end.
    package var shutdownWithin: Duration
    /// How long to wait after the last edge was told: Envoy's merge window.
    package var settle: Duration
    /// The most a poll may wait for a probe.
    package var answerWithin: Duration
    /// Apps, then upstreams, each in the order of the file.
    package var checks: [CheckConfiguration]
    /// The verdicts whose 503 carries `x-envoy-immediate-health-check-fail`.
    package var excludeOn: Set<Verdict>
    package var access: AdminAccess
    package var limits: Limits
    /// Whether `?verbose` on the health port lists the checks.
    package var verboseAnswers: Bool
    package var logFormat: LogFormat

    package init(
        host: String,
        listen: Listen,
        stateDirectory: String = "/var/lib/healthgate",
        sidecar: Sidecar? = nil,
        shutdownWithin: Duration = .seconds(10),
        settle: Duration = .seconds(1),
        answerWithin: Duration = .milliseconds(250),
        checks: [CheckConfiguration],
        excludeOn: Set<Verdict> = [.draining, .starting],
        access: AdminAccess = AdminAccess(),
        limits: Limits = Limits(),
        verboseAnswers: Bool = false,
        logFormat: LogFormat = .logfmt
    ) {
        self.host = host
        self.listen = listen
        self.stateDirectory = stateDirectory
        self.sidecar = sidecar
        self.shutdownWithin = shutdownWithin
        self.settle = settle
        self.answerWithin = answerWithin
        self.checks = checks
        self.excludeOn = excludeOn
        self.access = access
        self.limits = limits
        self.verboseAnswers = verboseAnswers
        self.logFormat = logFormat
    }
}

extension GatewayConfiguration {
    /// Where to listen.
    package struct Listen: Hashable, Sendable {
        package var health: SocketAddress
        package var admin: SocketAddress
        /// With what each port speaks TLS; nil: it speaks none. `authorities` there: clients must show
        /// a certificate that comes from them.
        package var healthTLS: TLSSettings?
        package var adminTLS: TLSSettings?
        /// How often the files of certificates are looked at.
        package var certificatesEvery: Duration = .seconds(5)

        package init(
            health: SocketAddress,
            admin: SocketAddress,
            healthTLS: TLSSettings? = nil,
            adminTLS: TLSSettings? = nil
        ) {
            self.health = health
            self.admin = admin
            self.healthTLS = healthTLS
            self.adminTLS = adminTLS
        }
    }

    /// The sidecar Envoy of this host.
    package struct Sidecar: Hashable, Sendable {
        /// Its admin interface: in-flight counters, `/ready`, who is to blame.
        package var admin: Endpoint?
        /// The listener through which apps are reached, as users reach them.
        package var ingress: Endpoint?
        /// The clusters whose requests count as in flight; nil: all but the one of this gateway.
        package var appClusters: [String]?

        package init(
            admin: Endpoint? = nil,
            ingress: Endpoint? = nil,
            appClusters: [String]? = nil
        ) {
            self.admin = admin
            self.ingress = ingress
            self.appClusters = appClusters
        }
    }

    package enum LogFormat: String, CaseIterable, Hashable, Sendable {
        case json, logfmt
    }

    /// The two roles of the admin port; to change is to read as well. On loopback, a role of which
    /// nothing is said is everybody's; over a Unix socket, changing is then root's and our own user's.
    package struct AdminAccess: Hashable, Sendable {
        package var read: RoleAccess
        package var change: RoleAccess

        package init(read: RoleAccess = RoleAccess(), change: RoleAccess = RoleAccess()) {
            self.read = read
            self.change = change
        }
    }

    /// Who has a role: whoever shows any of this.
    package struct RoleAccess: Hashable, Sendable {
        package var token: TokenSource?
        /// Names of client certificates.
        package var certificates: [String]
        /// Users who call over a Unix socket.
        package var users: [User]

        package init(
            token: TokenSource? = nil,
            certificates: [String] = [],
            users: [User] = []
        ) {
            self.token = token
            self.certificates = certificates
            self.users = users
        }
    }

    /// A user of this machine, by name or by number.
    package enum User: Hashable, Sendable, CustomStringConvertible {
        case name(String)
        case id(UInt32)

        package var description: String {
            switch self {
            case .name(let name): name
            case .id(let uid): "\(uid)"
            }
        }
    }

    /// Where a token comes from. It is looked up at start and at each reload, never written down.
    package enum TokenSource: Hashable, Sendable {
        case file(String)
        case environment(String)
    }
}
