package import Loop

/// What `release.yaml` says, as plain values with every default filled in. Read and checked in the
/// `healthgate` module: addresses parse, names are unique, the canary and the sites exist.
package struct PlanConfiguration: Hashable, Sendable {
    /// The name of what is released; also the lease's.
    package var name: String
    package var fronts: [Front]
    /// In the order in which they are taken: by `order.sites`, the canary first, then as written.
    package var hosts: [Host]
    /// The canary stands first in `hosts`.
    package var canary: String?
    package var pauseAfterCanary: Pause
    /// The journal's file.
    package var journal: String
    package var limits: CommandLimits
    /// How many hosts must serve, checked before each drain and while a host is out.
    package var minAvailable: Int
    package var drain: Drain
    package var health: HealthWait
    /// Nil: there are no API tests.
    package var apiTests: APITests?
    package var onFailure: FailureAction
    package var onEarlyFailure: EarlyFailureAction

    package init(
        name: String,
        fronts: [Front],
        hosts: [Host],
        canary: String? = nil,
        pauseAfterCanary: Pause = .none,
        journal: String,
        limits: CommandLimits = CommandLimits(),
        minAvailable: Int = 1,
        drain: Drain = Drain(),
        health: HealthWait = HealthWait(),
        apiTests: APITests? = nil,
        onFailure: FailureAction = .stop,
        onEarlyFailure: EarlyFailureAction = .restore
    ) {
        self.name = name
        self.fronts = fronts
        self.hosts = hosts
        self.canary = canary
        self.pauseAfterCanary = pauseAfterCanary
        self.journal = journal
        self.limits = limits
        self.minAvailable = minAvailable
        self.drain = drain
        self.health = health
        self.apiTests = apiTests
        self.onFailure = onFailure
        self.onEarlyFailure = onEarlyFailure
    }
}

extension PlanConfiguration {
    /// What is called on a host before users reach it.
    package struct APITests: Hashable, Sendable {
        /// Files of suites, or patterns of the shell's kind.
        package var suites: [String]
        /// What `:authority` says, for suites that name none.
        package var authority: String?

        package init(suites: [String], authority: String? = nil) {
            (self.suites, self.authority) = (suites, authority)
        }
    }

    /// A Front Envoy.
    package struct Front: Hashable, Sendable {
        package var name: String
        package var admin: Admin
        /// The clusters that hold the hosts; nil: those in which a host's address is found.
        package var clusters: [String]?

        package init(name: String, admin: Admin, clusters: [String]? = nil) {
            self.name = name
            self.admin = admin
            self.clusters = clusters
        }
    }

    package struct Host: Hashable, Sendable {
        package var name: String
        package var site: String
        /// As the Fronts show it in `/clusters`.
        package var address: SocketAddress
        /// The gateway's admin port; its token is that of the role *change*.
        package var gateway: Admin
        package var commands: Commands

        package init(
            name: String,
            site: String,
            address: SocketAddress,
            gateway: Admin,
            commands: Commands
        ) {
            self.name = name
            self.site = site
            self.address = address
            self.gateway = gateway
            self.commands = commands
        }
    }

    /// The `command` runtime of one host: an argv each, run on the driver's machine. `{host}`,
    /// `{site}` and `{address}` are filled in already, `{version}` by `Commands.fill(_:version:)`.
    package struct Commands: Hashable, Sendable {
        package var pull: [String]
        package var stop: [String]
        package var startProxy: [String]
        package var startApps: [String]
        /// Prints the version that runs on the host, and nothing when none runs.
        package var version: [String]

        package init(
            pull: [String],
            stop: [String],
            startProxy: [String],
            startApps: [String],
            version: [String]
        ) {
            self.pull = pull
            self.stop = stop
            self.startProxy = startProxy
            self.startApps = startApps
            self.version = version
        }

        /// The argv with each `{version}` replaced. No shell is involved: a value stays one word.
        package static func fill(_ argv: [String], version: String) -> [String] {
            argv.map { word in
                word.split(separator: "{version}", omittingEmptySubsequences: false)
                    .joined(separator: version)
            }
        }
    }

    package struct CommandLimits: Hashable, Sendable {
        /// The most any command may take.
        package var within: Duration
        /// How long a pull may say nothing.
        package var quietPull: Duration

        package init(within: Duration = .seconds(300), quietPull: Duration = .seconds(60)) {
            self.within = within
            self.quietPull = quietPull
        }
    }

    /// What happens once the canary is back in rotation.
    package enum Pause: Hashable, Sendable {
        case none
        case ask
        case wait(Duration)
    }

    package struct Drain: Hashable, Sendable {
        /// The most a Front may take to show the host excluded; nil: from its own check intervals.
        package var excludeWithin: Duration?
        /// How long the counters must stand still, at the least.
        package var quietFor: Duration
        /// How long open requests and streams may go on.
        package var streamsWithin: Duration
        package var onTimeout: TimeoutAction

        package init(
            excludeWithin: Duration? = nil,
            quietFor: Duration = .seconds(2),
            streamsWithin: Duration = .seconds(120),
            onTimeout: TimeoutAction = .fail
        ) {
            self.excludeWithin = excludeWithin
            self.quietFor = quietFor
            self.streamsWithin = streamsWithin
            self.onTimeout = onTimeout
        }
    }

    /// What a drain does whose streams do not end: fail the step, or cut and count them.
    package enum TimeoutAction: String, CaseIterable, Hashable, Sendable {
        case fail, cut
    }

    package struct HealthWait: Hashable, Sendable {
        /// How long health must last to count, behind the drain and back in rotation.
        package var hold: Duration
        /// How long to wait for it.
        package var deadline: Duration

        package init(hold: Duration = .seconds(5), deadline: Duration = .seconds(300)) {
            self.hold = hold
            self.deadline = deadline
        }
    }

    /// What happens to a host whose step failed after its containers were stopped.
    package enum FailureAction: String, CaseIterable, Hashable, Sendable {
        case stop, rollback, hold
    }

    /// What happens to a host whose step failed before its containers were stopped: back into
    /// rotation with the old version, or down.
    package enum EarlyFailureAction: String, CaseIterable, Hashable, Sendable {
        case restore, stop
    }
}
