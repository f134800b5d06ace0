import Glibc
package import Loop

/// A world with a load and drivers, on which a scenario is played; it collects what is not as it
/// must be and goes on, so that one look shows everything.
@EventLoop
package final class Stage {
    struct Settings: Sendable {
        var world = DemoWorld.Options()
        var plan: @Sendable (inout ReleasePlan) -> Void = { _ in }
        var streams = 10
        /// Short, so that a drain is short where streams are not what it is about.
        var streamLife = 2000...3000
        /// Apps that users call; the others are idle.
        var loadedApps = WorldLayout.apps
        /// Fronts that users call; the others stand by.
        var loadedFronts = 1
    }

    let world: DemoWorld
    private let settings: Settings
    private var load: Load?
    private var drivers: [DriverProcess] = []
    private(set) var problems: [String] = []

    var layout: WorldLayout { world.layout }
    var hostNames: [String] { layout.hosts.map(\.name) }

    init(_ settings: Settings, programs: Programs) throws(WorldError) {
        self.settings = settings
        world = try DemoWorld(settings.world, programs: programs)
        try writePlan()
    }

    /// Writes the plan, with what one driver has otherwise.
    func writePlan(_ change: (inout ReleasePlan) -> Void = { _ in }) throws(WorldError) {
        var plan = ReleasePlan(layout)
        settings.plan(&plan)
        change(&plan)
        try SmallFiles.write(plan.text, to: layout.planFile)
    }

    func expect(_ isTrue: Bool, _ words: String) {
        if !isTrue { problems.append(words) }
    }

    // MARK: The world and its users

    /// Starts all at v1, with users calling.
    func begin() async throws {
        try await world.start()
        try await beginLoad()
    }

    func beginLoad() async throws {
        var targets: [SocketAddress] = []
        for front in layout.frontEnvoys.prefix(settings.loadedFronts) {
            guard let address = SocketAddress(front.users) else { continue }
            targets.append(address)
        }
        var load = Load.Settings(targets: targets)
        load.apps = settings.loadedApps
        load.streams = settings.streams
        load.streamLife = settings.streamLife
        let running = Load(load)
        self.load = running
        try await running.start()
        try await EventLoop.sleep(for: .milliseconds(500))
    }

    /// Ends the load and gives its count.
    func endLoad() async throws -> Tally {
        guard let load else { return Tally() }
        try await load.stop()
        return load.tally
    }

    /// Ends the load; users must not have lost anything.
    func expectNothingLost() async throws {
        let tally = try await endLoad()
        expect(tally.failed == 0, "\(tally.failed) calls failed: \(tally.failures)")
        expect(tally.cut == 0, "\(tally.cut) streams were cut: \(tally.cuts)")
        expect(tally.open == 0, "\(tally.open) calls never ended")
        let log = try await AccessLog.read(layout.frontEnvoys, requests: tally.requests)
        expect(log.bad == 0, "bad ends in the access log: \(log.failures)")
    }

    var tally: Tally { load?.tally ?? Tally() }

    func control(_ host: String) throws -> HostControl {
        HostControl(try layout.host(host))
    }

    func gateway(_ host: String) throws -> GatewayCalls {
        GatewayCalls(host: try layout.host(host))
    }

    /// The first Front may send nothing to the host while `body` runs.
    func expectSilence(of host: String, _ body: () async throws -> Void) async throws {
        let address = try layout.host(host).ingress
        let admin = try FrontAdmin(layout.frontEnvoys[0])
        defer { admin.close() }
        let before = try await admin.view().requests(of: address)
        try await body()
        let after = try await admin.view().requests(of: address)
        expect(after == before, "\(host) got \(after - before) requests")
    }

    func expectVersions(_ versions: [String: String?]) throws {
        for (host, version) in versions.sorted(by: { $0.key < $1.key }) {
            let found = try control(host).version()
            expect(
                found == version,
                "\(host) runs \(found ?? "nothing"), not \(version ?? "nothing")"
            )
        }
    }

    /// Every Front must come to route to just these hosts.
    func expectServing(_ hosts: [String], within limit: Duration = .seconds(15)) async throws {
        do {
            try await world.untilServing(Set(hosts), until: .now + limit)
        } catch let error as WorldError {
            problems.append("\(error)")
        }
    }

    // MARK: Drivers

    func drive(_ verb: String, _ arguments: [String] = []) throws -> DriverProcess {
        let log = "\(layout.directory)/driver-\(drivers.count).log"
        let argv = world.driver(verb, arguments)
        let driver = DriverProcess(try ChildProcess(argv, log: log), log: log)
        drivers.append(driver)
        return driver
    }

    func release(_ version: String = "v2") throws -> DriverProcess {
        try drive("run", ["--version", version, "--yes"])
    }

    func expectExit(_ driver: DriverProcess, _ code: Int32) async throws {
        let exit = try await driver.exit()
        expect(exit == .code(code), "the driver ended with \(exit), not with exit code \(code)")
    }

    /// The driver's last line must have all of these words.
    func expectLastLine(of driver: DriverProcess, says words: [String]) {
        let line = driver.text.split(separator: "\n").last.map(String.init) ?? ""
        for part in words where !line.contains(part) {
            expect(false, "the last line does not say \"\(part)\": \(line)")
        }
    }

    // MARK: The end

    /// The last lines of every driver, for whoever must find out why.
    var evidence: [String] {
        drivers.map { "\($0.log):\n\(SmallFiles.tail($0.log, lines: 25))" }
    }

    func end() async {
        for driver in drivers { driver.kill() }
        await world.stop()
    }
}

/// A driver that a scenario watches and ill-treats.
@EventLoop
final class DriverProcess {
    private let child: ChildProcess
    let log: String

    init(_ child: ChildProcess, log: String) {
        self.child = child
        self.log = log
    }

    var text: String { SmallFiles.read(log) ?? "" }

    /// Waits until the driver has said `words`.
    func hasSaid(_ words: String, within limit: Duration = .seconds(90)) async throws {
        let deadline = Instant.now + limit
        while !text.contains(words) {
            if child.hasExited, !text.contains(words) {
                throw WorldError("the driver ended without saying \"\(words)\"")
            }
            guard Instant.now < deadline else {
                throw WorldError("the driver did not say \"\(words)\" in time")
            }
            try await EventLoop.sleep(for: .milliseconds(10))
        }
    }

    func exit(within limit: Duration = .seconds(240)) async throws -> Subprocess.Exit {
        try await child.exit(until: .now + limit)
    }

    func signal(_ number: Int32) { child.signal(number) }

    /// Ends it and the command it runs just now, as a machine that dies does.
    func kill() { child.signalGroup(SIGKILL) }
}
