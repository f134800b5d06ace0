import Glibc
package import Loop

/// One Front or two, four hosts, each a real sidecar Envoy, a gateway and two apps, on this machine's
/// loopback addresses. Whatever it started it ends, by process id.
@EventLoop
package final class DemoWorld {
    package struct Options: Sendable {
        package var fronts = 1
        package var isSupervised = false
        /// Admin ports of gateways that want a certificate and a token.
        package var isSecured = false
        package var hasEarlyGateways = false
        /// A database that every gateway checks, until it is closed.
        package var hasDatabase = false
        package var hasFrontDefaults = false
        /// How often a Front looks at a cluster that nobody calls, if not once a second.
        package var idleCheckInterval: String?
        /// Start options of the apps by version.
        package var versions = [
            "v1": "* --start-delay 300ms", "v2": "* --start-delay 1500ms",
        ]
        /// Kept after the end when named; else a temporary folder, removed.
        package var directory: String?

        package init() {}
    }

    package let layout: WorldLayout
    package let options: Options
    private let programs: Programs
    private let ports: PortBase
    private(set) var database: SharedDatabase?

    /// Writes the world's folder; nothing runs yet.
    package init(_ options: Options, programs: Programs) throws(WorldError) {
        self.options = options
        self.programs = programs
        ports = try PortBase()
        let directory: String
        if let named = options.directory {
            directory = named
        } else {
            directory = try SmallFiles.makeTemporaryFolder()
        }
        layout = WorldLayout(
            directory: directory,
            portOffset: ports.offset,
            fronts: options.fronts,
            envoy: programs.envoy,
            healthgate: programs.healthgate,
            demo: programs.demo,
            isSupervised: options.isSupervised,
            isSecured: options.isSecured
        )
        try writeConfigs()
    }

    private func writeConfigs() throws(WorldError) {
        try layout.save()
        for (version, options) in options.versions {
            try SmallFiles.write(options + "\n", to: layout.versionFile(version))
        }
        let envoys = EnvoyConfigs(folder: programs.configs)
        for front in layout.frontEnvoys {
            try SmallFiles.makeFolder(front.directory)
            try envoys.front(
                front,
                withEnvoyDefaults: options.hasFrontDefaults,
                idleCheckInterval: options.idleCheckInterval
            ).write(to: front.config)
        }
        for host in layout.hosts {
            for folder in ["log", "run", "state", "images"] {
                try SmallFiles.makeFolder("\(host.directory)/\(folder)")
            }
            try envoys.sidecar(host).write(to: host.sidecarConfig)
            let gateway = GatewayConfig(
                host,
                isEarly: options.hasEarlyGateways,
                hasDatabase: options.hasDatabase
            )
            try SmallFiles.write(gateway.text, to: host.gatewayConfig)
        }
        try SmallFiles.write(ReleasePlan(layout).text, to: layout.planFile)
    }

    /// Starts everything at `version` and returns once every Front routes to every host.
    package func start(version: String = "v1", within limit: Duration = .seconds(60)) async throws {
        let deadline = Instant.now + limit
        if layout.isSecured { try await layout.makeSecrets() }
        if options.hasDatabase, let address = SocketAddress(layout.databaseAddress) {
            database = try SharedDatabase(address)
        }
        for host in layout.hosts {
            let control = HostControl(host)
            try control.pull(version)
            try await control.startProxy()
            try await control.startApps(version)
        }
        // A Front that finds a host not up looks again only after its idle interval, and then twice.
        for host in layout.hosts { try await untilUp(host, until: deadline) }
        for front in layout.frontEnvoys { try startFront(front) }
        try await untilServing(Set(layout.hosts.map(\.name)), until: deadline)
    }

    private func untilUp(_ host: WorldHost, until deadline: Instant) async throws {
        for app in WorldLayout.apps {
            while await GatewayCalls(host: host).pollThroughSidecar(app) != 200 {
                guard Instant.now < deadline else {
                    throw WorldError("\(app) on \(host.name) did not come up in time")
                }
                try await EventLoop.sleep(for: .milliseconds(20))
            }
        }
    }

    package func startFront(_ front: WorldFront) throws(WorldError) {
        // The flush interval: the access log is compared with the load's count soon after its end.
        let argv = [
            layout.envoy, "-c", front.config, "--disable-hot-restart", "--log-level", "warning",
            "--concurrency", "2", "--file-flush-interval-msec", "250",
        ]
        try Detached.start(argv, log: front.log, pidFile: front.pidFile)
    }

    /// Returns once every Front routes to just these hosts: to them in every app's cluster, to any
    /// other in none.
    package func untilServing(_ hosts: Set<String>, until deadline: Instant) async throws {
        for front in layout.frontEnvoys {
            let admin = try FrontAdmin(front)
            defer { admin.close() }
            while true {
                let view = try? await admin.view()
                if let view, isServing(view, hosts) { break }
                guard ProcessID(file: front.pidFile) != nil else {
                    throw WorldError("\(front.name) ended\n\(SmallFiles.tail(front.log))")
                }
                guard Instant.now < deadline else {
                    let seen = view.map { words($0) } ?? "no answer"
                    throw WorldError(
                        "\(front.name) routes to [\(seen)], not to "
                            + "[\(hosts.sorted().joined(separator: ", "))], in time"
                    )
                }
                try await EventLoop.sleep(for: .milliseconds(50))
            }
        }
    }

    private func isServing(_ view: FrontView, _ hosts: Set<String>) -> Bool {
        layout.hosts.allSatisfy { host in
            hosts.contains(host.name) ? view.isServing(host.ingress) : view.isOut(host.ingress)
        }
    }

    private func words(_ view: FrontView) -> String {
        layout.hosts.filter { !view.isOut($0.ingress) }
            .map { view.isServing($0.ingress) ? $0.name : "\($0.name) in part" }
            .joined(separator: ", ")
    }

    /// The driver on this world's plan.
    package func driver(_ verb: String, _ arguments: [String] = []) -> [String] {
        [layout.healthgate, "release", verb, layout.planFile] + arguments
    }

    /// Ends every process of this world; its folder goes too, unless it was named.
    package func stop() async {
        await Self.end(layout)
        if options.directory == nil { SmallFiles.removeFolder(layout.directory) }
    }

    /// Ends every process of the world in a folder, also one whose starter is long gone, and unmounts
    /// what a scenario mounted there.
    package static func end(_ layout: WorldLayout) async {
        // The driver first: it would see the end of its world as a fault.
        let files =
            [layout.driverPidFile] + layout.frontEnvoys.map(\.pidFile)
            + layout.hosts.flatMap { host in
                // "envoy.pid" before "envoy.child.pid": a supervisor before what it restarts.
                SmallFiles.names(in: host.runDirectory).filter { $0.hasSuffix(".pid") }.reversed()
                    .map { "\(host.runDirectory)/\($0)" }
            }
        let processes = files.compactMap { ProcessID(file: $0) }
        for process in processes { process.signal(SIGKILL) }
        let deadline = Instant.now + .seconds(10)
        while processes.contains(where: \.isAlive), Instant.now < deadline {
            try? await EventLoop.sleep(for: .milliseconds(10))
        }
        SmallDisk.detachAll(under: layout.directory)
    }
}
