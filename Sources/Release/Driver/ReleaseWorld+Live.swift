import Loop
import Suites

extension ReleaseWorld {
    /// The plan's real Fronts, gateways and hosts.
    package static func live(
        _ plan: PlanConfiguration,
        file: String,
        observer: any ReleaseObserver,
        clock: any ReleaseClock
    ) async throws -> ReleaseWorld {
        let addresses = Set(plan.hosts.map(\.address.description))
        let ways = AdminWays(SSHTunnels())
        var fronts: [any FrontAdmin] = []
        for front in plan.fronts {
            // A Front may have thousands of clusters beside ours.
            let admin = try await ways.client(front.admin, of: front.name, maxBody: 64 << 20)
            fronts.append(FrontClient(front, admin, addresses: addresses))
        }
        var gateways: [(host: String, gateway: any HostGateway)] = []
        var runtimes: [String: any HostRuntime] = [:]
        for host in plan.hosts {
            let name = host.name
            let admin = try await ways.client(host.gateway, of: name)
            gateways.append((name, GatewayClient(admin)))
            runtimes[name] = CommandRuntime(host.commands, limits: plan.limits) { line in
                observer.observe(.output(host: name, line))
            }
        }
        // Shaking hands by ssh takes longer than most calls may.
        await ways.tunnels.open(until: .now + .seconds(10))
        return ReleaseWorld(
            plan: plan,
            planFile: file,
            fronts: fronts,
            gateways: gateways,
            runtimes: runtimes,
            clock: clock,
            journal: FileJournal(plan.journal),
            observer: observer,
            suites: plan.apiTests.map { HostSuites($0.suites, authority: $0.authority) },
            tunnels: ways.tunnels
        )
    }
}
