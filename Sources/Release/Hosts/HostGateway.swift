package import Loop

/// The gateway of one host, as the driver needs it: over its admin API in earnest, by a script in
/// tests.
@EventLoop
package protocol HostGateway: AnyObject, Sendable {
    func status(until: Instant) async throws(GatewayError) -> GatewayStatus
    /// Adds our hold; comes back only once it is on the gateway's disk.
    func drain(_ hold: HoldRequest, until: Instant) async throws(GatewayError) -> DrainState
    /// Takes our hold away, and no other; says which are left.
    func undrain(owner: String, epoch: Int, until: Instant) async throws(GatewayError) -> DrainState
    func lease(until: Instant) async throws(GatewayError) -> Lease?
    func put(_ lease: Lease, until: Instant) async throws(GatewayError)
    func dropLease(release: String, epoch: Int, until: Instant) async throws(GatewayError)
    /// Probes every upstream through the sidecar, again until all are up or `wait` is over.
    func connectivity(
        wait: Duration,
        until: Instant
    ) async throws(GatewayError) -> ConnectivityReport
}

/// Why a gateway did not do what was asked.
package enum GatewayError: Error, Hashable, Sendable, CustomStringConvertible {
    case unreachable(String)
    /// Somebody with a higher epoch, or another live release, holds the lease.
    case superseded(Lease?, String)
    /// It drains, but only in memory: a restart would forget it.
    case notDurable(String)
    case refused(Int, String)

    package var description: String {
        switch self {
        case .unreachable(let why): "the gateway does not answer: \(why)"
        case .superseded(_, let text): "the gateway follows another release: \(text)"
        case .notDurable(let text): "the gateway drains in memory only: \(text)"
        case .refused(let status, let text): "the gateway answers \(status): \(text)"
        }
    }
}
