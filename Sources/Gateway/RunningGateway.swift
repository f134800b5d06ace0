import HTTP
import Health
package import Loop
package import Probes

/// The parts of a gateway that runs, joined: what the admin port shows and changes.
@EventLoop
package final class RunningGateway {
    package internal(set) var configuration: GatewayConfiguration
    package let health: HostHealth
    package let monitor: Monitor
    package let port: HealthPort
    package let store: DrainStore
    package private(set) var sidecar: Sidecar?
    package let history: EventHistory
    package internal(set) var log: GatewayLog
    /// What the admin port has turned away.
    package private(set) lazy var refusedCalls = RefusedCalls { [unowned self] in
        log("calls refused", $0)
    }
    package let started = Instant.now
    /// Counts of what is worth a metric and has no home elsewhere.
    package internal(set) var reloads = (done: 0, refused: 0)

    /// The open ports by name, for their counts.
    var ports: [(name: String, server: HTTPServer)] = []

    /// TLS handshakes that failed, on all ports.
    package var refusedHandshakes: Int { ports.reduce(0) { $0 + $1.server.met[.handshake] } }

    private let listensOn: () -> Set<Int>
    private var release: Timer?

    /// Reads the drain state; nothing listens and nothing is probed yet.
    package init(
        _ configuration: GatewayConfiguration,
        log: GatewayLog,
        makeProbe: @escaping (ProbeTarget) -> any Probe,
        listensOn: @escaping () -> Set<Int>
    ) {
        self.configuration = configuration
        self.log = log
        self.listensOn = listensOn
        history = EventHistory()
        store = DrainStore(
            StateFolder(configuration.stateDirectory),
            wayOut: RunningGateway.wayOut(configuration.listen)
        )
        let checks = configuration.checks.map(\.check)
        let board = HealthBoard(
            checks: checks,
            drain: Drain(store.state),
            plannedStart: store.state.isDrained || store.state.stoppedCleanly,
            excludeOn: configuration.excludeOn,
            at: .now
        )
        health = HostHealth(board, apps: checks.map(\.id).filter { $0.kind == .app }.map(\.name))
        monitor = Monitor(health, probes: configuration.limits.probes, makeProbe: makeProbe)
        port = HealthPort(
            health,
            monitor: monitor,
            edges: configuration.limits.edges,
            options: HealthPort.Options(configuration)
        )
        store.onChange = { [unowned self] in health.setDrain(Drain(store.state)) }
        health.onChange { [unowned self] change in
            history.add(change, of: health)
            // The word of a clean stop is over once the host has served again.
            if store.state.stoppedCleanly, health.board.verdict(for: .host)?.serves == true {
                EventLoop.task { [self] in _ = await store.setStoppedCleanly(false) }
            }
        }
        _ = history.follow { [unowned self] in self.log($0) }
    }

    /// Begins to probe.
    package func run() {
        makeSidecar()
        monitor.run(configuration.checks)
        releaseMemory()
    }

    /// A start and a reload need much that polls and probes do not.
    private func releaseMemory() {
        release = Timer(after: .milliseconds(500)) { ProcessMemory.release() }
    }

    /// Takes another configuration. What only a start can take is said in words.
    package func adopt(_ new: GatewayConfiguration) -> [String] {
        var left: [String] = []
        if new.listen != configuration.listen { left.append("listen") }
        if new.stateDirectory != configuration.stateDirectory { left.append("state_dir") }
        if new.limits != configuration.limits { left.append("limits") }
        let sidecarChanged = new.sidecar != configuration.sidecar
        configuration = new
        log.format = new.logFormat
        port.options = HealthPort.Options(new)
        health.reload(new.checks.map(\.check), excludeOn: new.excludeOn)
        monitor.run(new.checks)
        if sidecarChanged {
            sidecar?.close()
            monitor.witness?.close()
        }
        makeSidecar()
        releaseMemory()
        return left
    }

    private func makeSidecar() {
        sidecar = nil
        monitor.witness = configuration.sidecar?.admin.map { SidecarWitness(admin: $0) }
        guard let endpoint = configuration.sidecar?.admin else { return }
        let apps = configuration.checks.filter { $0.id.kind == .app }
        sidecar = Sidecar(
            admin: endpoint,
            clusters: configuration.sidecar?.appClusters,
            apps: Set(apps.map(\.target.address.description)),
            gateway: listensOn(),
            monitor: monitor
        )
    }

    private static func wayOut(_ listen: GatewayConfiguration.Listen) -> String {
        let admin = listen.admin
        let scheme = listen.adminTLS == nil ? "http" : "https"
        let url = "\(scheme)://\(admin.unixPath == nil ? admin.description : "localhost")/drain"
        let by = admin.unixPath.map { "--unix-socket \($0) " } ?? ""
        return "When that is known, and the host may serve: "
            + "curl -X DELETE \(by)'\(url)?owner=\(DrainStore.unreadableOwner)'"
    }
}

extension HealthPort.Options {
    init(_ configuration: GatewayConfiguration) {
        self.init(
            answerWithin: configuration.answerWithin,
            verbose: configuration.verboseAnswers
        )
    }
}
