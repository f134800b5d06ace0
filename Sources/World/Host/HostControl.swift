import Glibc
package import Loop

/// What a release does on a host: the `command` runtime of the demo world. Each call leaves the host
/// as its name says, whatever it found: a release that resumes calls it again.
@EventLoop
package struct HostControl {
    private let host: WorldHost
    private let layout: WorldLayout

    /// Longer than the longest call of the load: the new version waits for the old one's last word.
    package nonisolated static let grace = Duration.seconds(15)

    package init(_ host: WorldHost) {
        self.host = host
        layout = host.layout
    }

    // MARK: The five commands

    package func pull(_ version: String) throws(WorldError) {
        guard SmallFiles.exists(layout.versionFile(version)) else {
            throw WorldError("manifest unknown: there is no version \(version)")
        }
        try SmallFiles.makeFolder("\(host.directory)/images")
        try SmallFiles.write("pulled\n", to: host.image(version))
    }

    /// Apps first, for they have calls to finish through the sidecar; the gateway asks the sidecar
    /// for calls in flight, so the sidecar goes last.
    package func stop(grace: Duration = grace) async throws {
        try await end(WorldLayout.apps, grace: grace)
        for app in WorldLayout.apps { SmallFiles.remove(host.versionMark(app)) }
        try await end(["healthgate"])
        try await end(["envoy"])
    }

    package func startProxy() async throws {
        try begin("envoy")
        try begin("healthgate")
        try await untilListening("envoy", at: host.sidecarAdmin)
        try await untilListening("healthgate", at: host.gatewayAdmin)
    }

    package func startApps(_ version: String) async throws {
        guard SmallFiles.exists(host.image(version)) else {
            throw WorldError("\(host.name) has no image of \(version): pull it first")
        }
        for app in WorldLayout.apps {
            if ProcessID(file: host.pidFile(app)) != nil, runningVersion(app) != version {
                try await end([app])
            }
            try begin(app, version)
        }
    }

    /// Starts one service, if it does not run, and waits for nothing.
    package func begin(_ service: String, _ version: String = "") throws(WorldError) {
        for folder in ["log", "run", "state", "images"] {
            try SmallFiles.makeFolder("\(host.directory)/\(folder)")
        }
        switch service {
        case "envoy":
            try start(
                service,
                [
                    layout.envoy, "-c", host.sidecarConfig, "--disable-hot-restart",
                    "--concurrency", "1", "--log-level", "warning",
                ],
                supervised: layout.isSupervised
            )
        case "healthgate":
            let argv = [layout.healthgate, "serve", "--config", host.gatewayConfig]
            try start(service, argv, supervised: layout.isSupervised)
        default:
            let options = AppOptions(file: SmallFiles.read(layout.versionFile(version)) ?? "")
            if let refusal = options.refusal { throw WorldError(refusal) }
            try SmallFiles.write(version, to: host.versionMark(service))
            let argv = [
                layout.demo, "app", "--listen", host.appAddress(service), "--name", service,
                "--host", host.name, "--version", version,
                "--fault-file", host.faultFile(service),
            ]
            try start(service, argv + options.arguments(for: service), supervised: false)
        }
    }

    /// The version all apps run at; nil when none runs. Apps at odds are said, never guessed away.
    package func version() -> String? {
        let versions = WorldLayout.apps.map { app in
            ProcessID(file: host.pidFile(app)) == nil ? nil : runningVersion(app)
        }
        if versions.allSatisfy({ $0 == nil }) { return nil }
        let distinct = Set(versions.map { $0 ?? "none" })
        return distinct.count == 1 ? distinct.first : distinct.sorted().joined(separator: "+")
    }

    // MARK: For faults and cleaning up

    /// The process itself, not its supervisor.
    package func process(_ service: String) -> ProcessID? {
        ProcessID(file: Supervisor.childFile(host.pidFile(service)))
            ?? ProcessID(file: host.pidFile(service))
    }

    /// Ends all at once, as a power cut does.
    package func kill() {
        // In reverse, "envoy.pid" is before "envoy.child.pid": a supervisor before what it restarts.
        for name in SmallFiles.names(in: host.runDirectory).reversed() where name.hasSuffix(".pid")
        {
            ProcessID(file: "\(host.runDirectory)/\(name)")?.signal(SIGKILL)
        }
    }

    /// Nothing runs here any more.
    package var isEnded: Bool {
        SmallFiles.names(in: host.runDirectory)
            .allSatisfy {
                !$0.hasSuffix(".pid") || ProcessID(file: "\(host.runDirectory)/\($0)") == nil
            }
    }

    /// Ends one service at once, and its supervisor if it has one.
    package func kill(_ service: String) {
        ProcessID(file: host.pidFile(service))?.signal(SIGKILL)
        process(service)?.signal(SIGKILL)
    }

    /// Lets an app that runs do these things wrong from now on, and no others.
    package func setFaults(_ faults: [Fault], of app: String) throws(WorldError) {
        let words = faults.map(\.description).joined(separator: "\n")
        try SmallFiles.write(words + "\n", to: host.faultFile(app))
        guard let process = process(app) else { throw WorldError("\(app) does not run") }
        process.signal(SIGHUP)
    }

    /// Kills the gateway and starts it again once the old process is gone.
    package func restartGateway() async throws {
        let old = [ProcessID(file: host.pidFile("healthgate")), process("healthgate")]
        kill("healthgate")
        while old.contains(where: { $0?.isAlive == true }) {
            try await EventLoop.sleep(for: .milliseconds(10))
        }
        try await startProxy()
    }

    // MARK: One service

    private func runningVersion(_ app: String) -> String? {
        SmallFiles.read(host.versionMark(app))
    }

    private func start(
        _ service: String,
        _ argv: [String],
        supervised: Bool
    ) throws(WorldError) {
        let pidFile = host.pidFile(service)
        if ProcessID(file: pidFile) != nil { return }
        guard supervised else {
            try Detached.start(argv, log: host.log(service), pidFile: pidFile)
            return
        }
        // The supervisor writes the service's own pid file; a stop finds both.
        let wrapped =
            [layout.demo, "supervise", "--pid-file", pidFile, "--log", host.log(service), "--"]
            + argv
        try Detached.start(wrapped, log: host.log(service), pidFile: pidFile)
    }

    private func end(_ services: [String], grace: Duration = grace) async throws {
        let processes = services.compactMap { service in
            ProcessID(file: host.pidFile(service)).map { (service, $0) }
        }
        for (_, process) in processes { process.signal(SIGTERM) }
        for (service, process) in processes {
            let deadline = ContinuousClock.now + grace
            while process.isAlive, ContinuousClock.now < deadline {
                try await EventLoop.sleep(for: .milliseconds(10))
            }
            if process.isAlive {
                // What a container engine does at the end of its grace.
                process.signal(SIGKILL)
                while process.isAlive { try await EventLoop.sleep(for: .milliseconds(10)) }
            }
            SmallFiles.remove(host.pidFile(service))
        }
        for service in services {
            let orphan = Supervisor.childFile(host.pidFile(service))
            ProcessID(file: orphan)?.signal(SIGKILL)
            SmallFiles.remove(orphan)
        }
    }

    private func untilListening(_ service: String, at address: String) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        guard let socket = SocketAddress(address) else {
            throw WorldError("no address: \(address)")
        }
        while true {
            if let stream = try? await ByteStream.connect(to: socket, until: deadline) {
                stream.close()
                return
            }
            guard ProcessID(file: host.pidFile(service)) != nil else {
                throw WorldError(
                    "\(service) on \(host.name) ended at once\n\(SmallFiles.tail(host.log(service)))"
                )
            }
            guard ContinuousClock.now < deadline else {
                throw WorldError("\(service) on \(host.name) does not listen on \(address)")
            }
            try await EventLoop.sleep(for: .milliseconds(20))
        }
    }
}

/// A version's start options: lines of `APP ARGUMENT…`, `* ARGUMENT…` for every app, or `! WORDS`
/// for a version whose start fails with these words.
struct AppOptions {
    private let lines: [[String]]

    init(file text: String) {
        lines = text.split(separator: "\n").map { line in
            line.split(separator: " ").map(String.init)
        }
    }

    var refusal: String? {
        lines.first { $0.first == "!" }.map { $0.dropFirst().joined(separator: " ") }
    }

    func arguments(for app: String) -> [String] {
        lines.filter { $0.first == app || $0.first == "*" }.flatMap { $0.dropFirst() }
    }
}
