import Glibc
import HTTP
import Health
package import Loop
package import Probes

/// A gateway from its start to its end: `healthgate serve`.
///
/// It reads the configuration and the drain state, then opens its ports, answers 503 from the first
/// connection until every required app has proved itself, and leaves in the order that loses
/// nothing: edges told, merge window over, requests done, ports closed.
@EventLoop
package final class GatewayService {
    package let gateway: RunningGateway
    package private(set) var healthAddress: SocketAddress
    package private(set) var adminAddress: SocketAddress

    /// Reads the configuration, at start and at each reload.
    package typealias Load = @EventLoop @Sendable () async throws -> GatewayConfiguration

    private let loadConfiguration: Load
    private let healthServer: HTTPServer
    private let adminServer: HTTPServer
    private let admin: AdminPort
    private let certificates: CertificateWatch
    /// The port stays as it was opened, whatever a reload says of `listen`.
    private let place: AdminRules.Place
    private let ended = Waiter<Void>()
    private var isStopping = false

    /// Why a gateway did not start, for an operator.
    package struct StartError: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// Starts: when this returns the ports are open and the first probes are under way.
    package init(
        loadConfiguration: @escaping Load,
        log write: @escaping @Sendable (String) -> Void = GatewayLog.toStandardError,
        makeProbe: @escaping (ProbeTarget) -> any Probe
    ) async throws {
        var configuration = try await loadConfiguration()
        let share = DescriptorShare(
            configuration.limits,
            available: Descriptors.reserve(DescriptorShare.wanted(configuration.limits))
        )
        configuration.limits = share.limits
        self.loadConfiguration = loadConfiguration
        let listen = configuration.listen
        let rules = try await GatewayService.rules(configuration, at: AdminRules.Place(listen))
        let gateway = RunningGateway(
            configuration,
            log: GatewayLog(configuration.logFormat, write: write),
            makeProbe: makeProbe,
            listensOn: { Set([listen.health.port].compactMap { $0 }) }
        )
        self.gateway = gateway
        let reload = ReloadCall()
        admin = AdminPort(gateway, rules: rules) {
            await reload.body?() ?? .refused("not started yet")
        }
        place = AdminRules.Place(listen)
        healthServer = try HTTPServer(
            listen.health,
            tls: listen.healthTLS.map { try .server($0) },
            handler: gateway.port,
            limits: .health(configuration.limits)
        )
        adminServer = try HTTPServer(
            listen.admin,
            tls: listen.adminTLS.map { try .server($0) },
            handler: admin,
            limits: .admin(configuration.limits)
        )
        let sealed = [(healthServer, listen.healthTLS), (adminServer, listen.adminTLS)]
        certificates = CertificateWatch(
            sealed.compactMap { server, settings in settings.map { (server, $0) } },
            every: listen.certificatesEvery,
            log: { gateway.history.add($0, $1) }
        )
        healthAddress = healthServer.address
        adminAddress = adminServer.address
        reload.body = { [weak self] in await self?.reload() ?? .refused("it is stopping") }
        gateway.ports = [("health", healthServer), ("admin", adminServer)]
        for (name, server) in gateway.ports {
            let offences = OffenceLog(port: name) { gateway.log($0, $1) }
            server.onOffence = { offences.add($0, $1) }
        }
        // Where descriptors run out, those of the admin port go first.
        healthServer.onStarved = { [weak adminServer, weak healthServer] in
            adminServer?.shed() == true || healthServer?.shed() == true
        }
        if let shortage = share.shortage {
            gateway.log("few descriptors", ["what": .string(shortage)])
        }
        // Polls are answered from here on; nothing comes up before its state can be kept.
        await gateway.store.initialise()
        gateway.run()
        gateway.log(
            "started",
            [
                "host": .string(configuration.host),
                "health": .string(healthAddress.description),
                "admin": .string(adminAddress.description),
                "verdict": .text(gateway.health.board.verdict(for: .host)?.rawValue),
                "cause": .text(
                    gateway.health.board.cause(for: .host).map {
                        CauseWords(clocks: .now).text($0)
                    }
                ),
            ]
        )
        SystemdNotice.send("READY=1")
    }

    /// Looks up who may call; refuses what would leave the port open to strangers.
    private static func rules(
        _ configuration: GatewayConfiguration,
        at place: AdminRules.Place
    ) async throws -> AdminRules {
        // Always one turn of file work, so that of two reloads the later one wins.
        let access = configuration.access
        let found = await Files.offLoop { () -> Result<AdminLookup, StartError> in
            do throws(StartError) {
                return .success(try AdminLookup(access))
            } catch {
                return .failure(error)
            }
        }
        let lookup = try found.get()
        let (read, change) = (lookup.read, lookup.change)
        if let refusal = AdminRules.refusal(at: place, read: read, change: change) {
            throw StartError(description: refusal)
        }
        return AdminRules(
            read: read,
            change: change,
            at: place,
            host: configuration.host,
            owners: lookup.owners
        )
    }

    /// Reads the configuration anew. A bad one is refused whole, and the old one goes on.
    @discardableResult
    package func reload() async -> AdminPort.ReloadResult {
        do {
            let configuration = try await loadConfiguration()
            let rules = try await GatewayService.rules(configuration, at: place)
            try certificates.renew()
            let leftOut = gateway.adopt(configuration)
            admin.rules = rules
            gateway.reloads.done += 1
            gateway.history.add(
                "reload",
                ["needs_restart": .array(leftOut.map { .string($0) })]
            )
            return .done(leftOut: leftOut)
        } catch {
            gateway.reloads.refused += 1
            gateway.history.add("reload refused", ["why": .string("\(error)")])
            return .refused("\(error)")
        }
    }

    /// Leaves: draining from now on; waits for edges and requests within `shutdown_within`.
    package func stop() async {
        guard !isStopping else { return }
        isStopping = true
        SystemdNotice.send("STOPPING=1")
        let deadline = Instant.now + gateway.configuration.shutdownWithin
        gateway.health.stop()
        // Edges learn of it by their next polls while the disk works.
        let marked = await gateway.store.setStoppedCleanly(true)
        if case .notDurable(let why) = marked {
            gateway.log("clean stop not marked", ["why": .string(why)])
        }
        _ = await DrainProgress.wait(for: gateway, until: deadline) { $0.isTold }
        let hasEdges = !gateway.port.edges.checkers.isEmpty
        let settle = min(gateway.configuration.settle, max(deadline - .now, .zero))
        if hasEdges, settle > .zero { try? await EventLoop.sleep(for: settle) }
        let progress = await DrainProgress.wait(for: gateway, until: deadline) { $0.isOver }
        gateway.log(
            "stopped",
            [
                "told": .string(
                    "\(progress.edges.count - progress.untold.count) of \(progress.edges.count)"
                ),
                "left": .array(progress.left.map { .string($0) }),
            ]
        )
        gateway.monitor.stop()
        certificates.close()
        admin.close()
        gateway.port.close()
        await adminServer.close(within: .milliseconds(200))
        await healthServer.close(within: .milliseconds(500))
        ended.fulfil(.success(()))
    }

    /// Returns after `stop`.
    package func waitUntilStopped() async {
        try? await ended.wait(until: nil, "serve")
    }

    /// Runs until SIGTERM or SIGINT; SIGHUP reloads; a second SIGTERM ends the process at once.
    package static func run(
        loadConfiguration: @escaping Load,
        makeProbe: @escaping @EventLoop @Sendable (ProbeTarget) -> any Probe
    ) async throws {
        // A log that nobody reads any more must not end the gateway.
        signal(SIGPIPE, SIG_IGN)
        try await EventLoop.task {
            let service = try await GatewayService(
                loadConfiguration: loadConfiguration,
                makeProbe: { makeProbe($0) }
            )
            let hangUp = SignalHandler(SIGHUP) {
                EventLoop.task { await service.reload() }
            }
            let onStop = {
                if service.isStopping { exit(1) }
                EventLoop.task { await service.stop() }
                return
            }
            let terminate = SignalHandler(SIGTERM) { onStop() }
            let interrupt = SignalHandler(SIGINT) { onStop() }
            await service.waitUntilStopped()
            _ = consume hangUp
            _ = consume terminate
            _ = consume interrupt
        }.value
    }
}

/// Set once the service exists: the admin port is made before it.
@EventLoop
private final class ReloadCall {
    var body: (() async -> AdminPort.ReloadResult)?
}

extension AdminRules.Place {
    fileprivate init(_ listen: GatewayConfiguration.Listen) {
        self.init(listen.admin, verifiesClients: listen.adminTLS?.authorities != nil)
    }
}
