import Glibc
package import Loop

/// One release of v2 over a world at v1, under load, counted.
@EventLoop
package final class DemoRun {
    package enum Variant: String, CaseIterable, Sendable {
        /// The driver as it should be used.
        case careful
        /// Host by host, stop and start: what a release was before.
        case naive
        /// The driver, told not to wait for streams nor for silence.
        case noSilence = "no-silence"
        /// Gateways that say 200 as soon as their sidecar runs.
        case earlyYes = "early-yes"
        /// A Front with Envoy's defaults: panic at 50 %, merge window 1 s, checks 5 s x 3.
        case frontDefaults = "front-defaults"
    }

    private let variant: Variant
    private let world: DemoWorld
    private let isOnTerminal: Bool
    private let say: (String) -> Void
    private let judgesLag: Bool
    private var driver: ChildProcess?

    package init(
        _ variant: Variant,
        fronts: Int = 1,
        directory: String? = nil,
        programs: Programs,
        isOnTerminal: Bool,
        judgesLag: Bool = true,
        say: @escaping (String) -> Void
    ) throws(WorldError) {
        var options = DemoWorld.Options()
        options.fronts = fronts
        options.directory = directory
        options.hasEarlyGateways = variant == .earlyYes
        options.hasFrontDefaults = variant == .frontDefaults
        // A wrong "up" is only seen while the apps are not.
        if variant == .earlyYes { options.versions["v2"] = "* --start-delay 6s" }
        self.variant = variant
        self.isOnTerminal = isOnTerminal
        self.judgesLag = judgesLag
        self.say = say
        world = try DemoWorld(options, programs: programs)
        try SmallFiles.write(plan(for: variant, world.layout).text, to: world.layout.planFile)
    }

    package var layout: WorldLayout { world.layout }

    /// Runs to the end and stops everything, also when it throws or its task is cancelled.
    package func run() async throws -> DemoReport {
        let result: Result<DemoReport, any Error>
        do { result = .success(try await release()) } catch { result = .failure(error) }
        // A cancelled task must not hurry the end of what it started.
        _ = await EventLoop.task { [self] in
            await endDriver()
            await world.stop()
        }.result
        return try result.get()
    }

    private func release() async throws -> DemoReport {
        say(
            "starting \(layout.fronts) Front and \(layout.hosts.count) hosts at v1 in \(layout.directory)"
        )
        try await world.start()
        var settings = Load.Settings(targets: try targets())
        if variant == .frontDefaults { settings.streamLife = 9000...12000 }
        let load = Load(settings)
        let watch = try DrainWatch(layout)
        let before = try await FrontCount.read(layout.frontEnvoys)
        load.onStream = { watch.streamLived(from: $0, to: $1) }
        watch.start()
        try await load.start()
        say(
            "load: \(settings.callsPerSecond) calls a second and \(settings.streams) streams; releasing v2"
        )
        // Both versions are to be seen on every host: let v1 serve before the first drain.
        try await EventLoop.sleep(for: .seconds(1))

        var report = DemoReport()
        report.judgesLag = judgesLag
        report.hosts = layout.hosts.map(\.name)
        report.expectsDrains = variant != .naive
        // A stream opened after the last host came back would live over no drain.
        watch.onAllReturned = { load.letStreamsEnd() }
        report.releaseFailure = try await (variant == .naive ? releaseNaively() : runDriver())
        try await EventLoop.sleep(for: .seconds(2))
        load.letStreamsEnd()
        try await load.stop()
        await watch.stop()
        try await collect(into: &report, load, watch, before)
        return report
    }

    private func targets() throws(WorldError) -> [SocketAddress] {
        var targets: [SocketAddress] = []
        for front in layout.frontEnvoys {
            guard let address = SocketAddress(front.users) else {
                throw WorldError("no address: \(front.users)")
            }
            targets.append(address)
        }
        return targets
    }

    // MARK: The release

    private func releaseNaively() async throws -> String? {
        for host in layout.hosts {
            let control = HostControl(host)
            try control.pull("v2")
            try await control.stop()
            try await control.startProxy()
            try await control.startApps("v2")
        }
        try await world.untilServing(Set(layout.hosts.map(\.name)), until: .now + .seconds(60))
        return nil
    }

    /// Nil when the driver said 0.
    private func runDriver() async throws -> String? {
        // The driver draws its live table itself where it has our terminal.
        let log = isOnTerminal ? "/dev/stdout" : "\(layout.directory)/driver.log"
        let driver = try ChildProcess(
            world.driver("run", ["--version", "v2", "--yes"]),
            log: log
        )
        self.driver = driver
        try ProcessID(driver.pid)?.write(to: layout.driverPidFile)
        let tail = EventLoop.task { [self] in
            if !isOnTerminal { try await follow(log) }
        }
        let exit = try await driver.exit(until: .now + .seconds(600))
        self.driver = nil
        try? await EventLoop.sleep(for: .milliseconds(200))
        tail.cancel()
        return exit == .code(0) ? nil : "the driver ended with \(exit)"
    }

    private func follow(_ log: String) async throws {
        var shown = 0
        while true {
            let lines = (SmallFiles.read(log) ?? "").split(separator: "\n")
            for line in lines.dropFirst(shown) { say("  \(line)") }
            shown = lines.count
            try await EventLoop.sleep(for: .milliseconds(150))
        }
    }

    private func endDriver() async {
        guard let driver, !driver.hasExited else { return }
        driver.signal(SIGTERM)
        if (try? await driver.exit(until: .now + .seconds(15))) == nil { driver.signal(SIGKILL) }
    }

    // MARK: The count

    private func collect(
        into report: inout DemoReport,
        _ load: Load,
        _ watch: DrainWatch,
        _ before: FrontCount
    ) async throws {
        report.tally = load.tally
        report.lag = load.lag
        report.duration = load.duration
        report.fewestServing = watch.fewestServing
        report.streamsOverDrains = watch.streamsOverDrains
        report.streamsOverNone = watch.streamsOverNone
        report.log = try await AccessLog.read(
            layout.frontEnvoys,
            requests: report.tally.requests
        )
        let after = try await FrontCount.read(layout.frontEnvoys)
        report.frontRequests = after.users - before.users
        report.upstreamRequests = after.upstream - before.upstream
        report.panics = after.panics - before.panics
        for host in layout.hosts where HostControl(host).version() == "v2" {
            if try await isServingEverywhere(host) { report.released.append(host.name) }
        }
    }

    private func isServingEverywhere(_ host: WorldHost) async throws -> Bool {
        for front in layout.frontEnvoys {
            let admin = try FrontAdmin(front)
            defer { admin.close() }
            guard try await admin.view().isServing(host.ingress) else { return false }
        }
        return true
    }
}

private func plan(for variant: DemoRun.Variant, _ layout: WorldLayout) -> ReleasePlan {
    var plan = ReleasePlan(layout)
    switch variant {
    case .careful, .naive: break
    case .noSilence:
        plan.quietFor = "0s"
        plan.streamsWithin = "0s"
        plan.onTimeout = "cut"
        // An app that waits for its last stream would do the driver's work.
        plan.stopGrace = "500ms"
    case .earlyYes: plan.hold = "0s"
    case .frontDefaults: plan.deadline = "120s"
    }
    return plan
}
