import Loop
import Release

/// A host in a scripted world: what runs on it, who holds it, and what goes wrong there.
@EventLoop
final class FakeHost {
    let name: String
    let address: String
    var running: RunningVersion = .version("v1")
    /// The proxy, and the gateway with it.
    var isProxyUp = true
    /// Whether the apps that run are healthy.
    var isHealthy = true
    var holds: [DrainState.Hold] = []
    var lease: Lease?
    /// Requests and streams that are still open when it is drained.
    var open = 0
    var failing: Set<HostAction> = []
    var connectivity = ConnectivityReport(ok: true, upstreams: [])
    var isReachable = true
    var isDurable = true
    /// Versions that never become healthy.
    var sick: Set<String> = []
    /// Versions whose health the gateway believes, and no Front does.
    var shunned: Set<String> = []
    /// All that was done to it, in order.
    var done: [HostAction] = []
    /// Requests of users that reached it, by the version that answered.
    var served: [String: Int] = [:]
    /// Requests that were open when its containers were stopped.
    var cut = 0
    /// Called when something is about to be done, and when it was.
    var before: (@EventLoop (HostAction) throws -> Void)?
    var after: (@EventLoop (HostAction) throws -> Void)?

    init(_ name: String, _ address: String) {
        self.name = name
        self.address = address
    }

    var isUp: Bool {
        guard isProxyUp, isHealthy, case .version(let version) = running else { return false }
        return !sick.contains(version)
    }

    /// What a Front's check gets.
    var passesChecks: Bool {
        guard isUp, holds.isEmpty, case .version(let version) = running else { return false }
        return !shunned.contains(version)
    }

    func act(_ action: HostAction, _ effect: @EventLoop () -> Void) throws {
        try before?(action)
        if failing.contains(action) {
            throw RuntimeError(action: action.rawValue, why: "exit code 1", output: ["no space"])
        }
        done.append(action)
        effect()
        try after?(action)
    }
}

extension FakeHost: HostRuntime {
    func pull(_ version: String) async throws { try act(.pull) {} }

    func stop(_ version: String) async throws {
        try act(.stop) {
            running = .none
            isProxyUp = false
            cut += open
            open = 0
        }
    }

    func startProxy(_ version: String) async throws { try act(.startProxy) { isProxyUp = true } }

    func startApps(_ version: String) async throws {
        try act(.startApps) { running = .version(version) }
    }

    func running() async throws -> RunningVersion { running }
}
