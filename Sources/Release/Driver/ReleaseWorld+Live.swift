import Glibc
import Loop

extension ReleaseWorld {
    /// The plan's real Fronts, gateways and hosts.
    package static func live(
        _ plan: PlanConfiguration,
        file: String,
        observer: any ReleaseObserver,
        clock: any ReleaseClock
    ) async throws -> ReleaseWorld {
        let addresses = Set(plan.hosts.map(\.address.description))
        var fronts: [any FrontAdmin] = []
        for front in plan.fronts {
            let token = try await secret(front.token, of: front.name)
            fronts.append(
                FrontClient(front, at: front.admin, addresses: addresses, token: token)
            )
        }
        var gateways: [(host: String, gateway: any HostGateway)] = []
        var runtimes: [String: any HostRuntime] = [:]
        for host in plan.hosts {
            let token = try await secret(host.token, of: host.name)
            gateways.append((host.name, GatewayClient(host.gateway, token: token)))
            let name = host.name
            runtimes[name] = CommandRuntime(host.commands, limits: plan.limits) { line in
                observer.observe(.output(host: name, line))
            }
        }
        return ReleaseWorld(
            plan: plan,
            planFile: file,
            fronts: fronts,
            gateways: gateways,
            runtimes: runtimes,
            clock: clock,
            journal: FileJournal(plan.journal),
            observer: observer
        )
    }

    private static func secret(
        _ source: PlanConfiguration.TokenSource?,
        of name: String
    ) async throws -> String? {
        let text: String
        switch source {
        case nil: return nil
        case .file(let path):
            guard let bytes = try await Files.read(path) else {
                throw Refusal(.usage, "\(name)'s token file \(path) does not exist")
            }
            text = String(decoding: bytes, as: UTF8.self)
        case .environment(let variable):
            guard let value = getenv(variable) else {
                throw Refusal(.usage, "\(name)'s token variable \(variable) is not set")
            }
            text = String(cString: value)
        }
        return text.split(whereSeparator: \.isWhitespace).first.map(String.init)
    }
}
