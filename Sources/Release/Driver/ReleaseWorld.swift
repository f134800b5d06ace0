package import Loop
package import Suites

/// Everything outside that a release looks at or acts on. Tests bring a scripted one.
@EventLoop
package final class ReleaseWorld {
    package let plan: PlanConfiguration
    /// As it was given, for the commands that we tell people.
    package let planFile: String
    package let fronts: [any FrontAdmin]
    /// In the plan's order.
    package let gateways: [(host: String, gateway: any HostGateway)]
    package let runtimes: [String: any HostRuntime]
    package let clock: any ReleaseClock
    package let journal: any Journal
    package let observer: any ReleaseObserver
    /// Nil: there are no API tests.
    package let suites: HostSuites?
    private let tunnels: SSHTunnels?

    package init(
        plan: PlanConfiguration,
        planFile: String = "",
        fronts: [any FrontAdmin],
        gateways: [(host: String, gateway: any HostGateway)],
        runtimes: [String: any HostRuntime],
        clock: any ReleaseClock,
        journal: any Journal,
        observer: any ReleaseObserver,
        suites: HostSuites? = nil,
        tunnels: SSHTunnels? = nil
    ) {
        self.plan = plan
        self.planFile = planFile
        self.fronts = fronts
        self.gateways = gateways
        self.runtimes = runtimes
        self.clock = clock
        self.journal = journal
        self.observer = observer
        self.suites = suites
        self.tunnels = tunnels
    }

    /// Ends what was opened to look at it.
    package func close() { tunnels?.close() }

    package func gateway(of host: String) throws -> any HostGateway {
        guard let found = gateways.first(where: { $0.host == host }) else {
            throw StepFailure("\(host) has no gateway in the plan")
        }
        return found.gateway
    }

    package func runtime(of host: String) throws -> any HostRuntime {
        guard let runtime = runtimes[host] else {
            throw StepFailure("\(host) has no runtime in the plan")
        }
        return runtime
    }

    /// Asks every Front at once.
    package func look() async -> FleetView {
        let deadline = clock.now + .seconds(2)
        // At once, so that one that hangs delays the look by its deadline and not by everyone's.
        let looks = fronts.map { front in
            EventLoop.task { await front.look(until: deadline) }
        }
        var readings: [FrontReading] = []
        for (front, look) in zip(fronts, looks) {
            let reading = try? await look.value
            readings.append(reading ?? .unknown(front: front.name, why: "interrupted"))
        }
        return FleetView(readings)
    }

    /// Every counter that the proof of no impact is made of.
    func snapshot() async -> ImpactSnapshot {
        var snapshot = ImpactSnapshot()
        for front in fronts {
            let deadline = clock.now + .seconds(2)
            guard case .seen(let view) = await front.look(until: deadline) else { continue }
            let names = Set(view.clusters.map(\.name))
            snapshot.clusters[view.name] = await front.counters(of: names, until: deadline)
            var requests: [String: Int] = [:]
            var errors: [String: Int] = [:]
            for host in view.clusters.flatMap(\.hosts) {
                requests[host.address, default: 0] += host.counters.requests
                errors[host.address, default: 0] += host.counters.errors
            }
            snapshot.requests[view.name] = requests
            snapshot.errors[view.name] = errors
        }
        return snapshot
    }

    /// Tells every second that a command goes on, until it is cancelled.
    func tick(_ what: String, host: String, _ step: StepName?) -> Task<Void, any Error> {
        let began = clock.now
        return EventLoop.task { [self] in
            while true {
                try await EventLoop.sleep(for: .seconds(1))
                observer.observe(
                    .waiting(
                        host: host,
                        step,
                        reason: what,
                        elapsed: clock.now - began,
                        limit: plan.limits.within
                    )
                )
            }
        }
    }

    var guardHosts: [Guard.Host] {
        plan.hosts.map { Guard.Host(name: $0.name, address: $0.address.description) }
    }

    /// The hosts that every Front that answers shows as serving.
    func serving(in fleet: FleetView) -> [String] {
        plan.hosts.filter { fleet.serves($0.address.description) == true }.map(\.name)
    }
}
