import Loop
import Release

/// A gateway's admin API over a `FakeHost`, with the rules of the real one for holds and leases.
@EventLoop
final class FakeGateway: HostGateway {
    private let host: FakeHost
    /// Who is gone: their lease is not live any more.
    private let isGone: @EventLoop (Lease) -> Bool

    init(_ host: FakeHost, isGone: @escaping @EventLoop (Lease) -> Bool) {
        self.host = host
        self.isGone = isGone
    }

    func status(until: Instant) async throws(GatewayError) -> GatewayStatus {
        try reach()
        let behind = host.isUp ? "up" : "down"
        return GatewayStatus(
            verdict: host.holds.isEmpty ? behind : "draining",
            behind: behind,
            cause: host.isUp ? nil : "app1 is down",
            holds: host.holds,
            inflight: GatewayStatus.Inflight(known: true, requests: host.open, total: 0)
        )
    }

    func drain(_ hold: HoldRequest, until: Instant) async throws(GatewayError) -> DrainState {
        try reach()
        try admit(hold.owner, hold.epoch)
        try perform(.drain) {
            if !host.holds.contains(where: { $0.owner == hold.owner }) {
                host.holds.append(DrainState.Hold(owner: hold.owner))
            }
        }
        if !host.isDurable { throw .notDurable("the disk is full") }
        return state
    }

    func undrain(
        owner: String,
        epoch: Int,
        until: Instant
    ) async throws(GatewayError) -> DrainState {
        try reach()
        try admit(owner, epoch)
        try perform(.undrain) { host.holds.removeAll { $0.owner == owner } }
        return state
    }

    func lease(until: Instant) async throws(GatewayError) -> Lease? {
        try reach()
        guard var lease = host.lease else { return nil }
        lease.live = !isGone(lease)
        return lease
    }

    func put(_ lease: Lease, until: Instant) async throws(GatewayError) {
        try reach()
        if let held = host.lease {
            let yields = held.release == lease.release || isGone(held)
            guard yields, lease.epoch >= held.epoch else { throw .superseded(held, "taken") }
        }
        host.lease = lease
    }

    func dropLease(release: String, epoch: Int, until: Instant) async throws(GatewayError) {
        try reach()
        guard let held = host.lease, held.release == release, held.epoch <= epoch else { return }
        host.lease = nil
    }

    func connectivity(
        wait: Duration,
        until: Instant
    ) async throws(GatewayError) -> ConnectivityReport {
        try reach()
        return host.connectivity
    }

    private var state: DrainState {
        DrainState(drained: !host.holds.isEmpty, holds: host.holds, durable: true)
    }

    private func reach() throws(GatewayError) {
        guard host.isReachable, host.isProxyUp else { throw .unreachable("refused") }
    }

    private func admit(_ owner: String, _ epoch: Int) throws(GatewayError) {
        guard let held = host.lease, held.release == owner, epoch < held.epoch else { return }
        throw .superseded(held, "epoch \(epoch) is over")
    }

    private func perform(
        _ action: HostAction,
        _ effect: @EventLoop () -> Void
    ) throws(GatewayError) {
        do {
            try host.act(action, effect)
        } catch let error as GatewayError {
            throw error
        } catch is Killed {
            withUnsafeCurrentTask { $0?.cancel() }
            throw .unreachable("the driver is gone")
        } catch {
            throw .refused(500, "\(error)")
        }
    }
}

/// The driver's process ends here, without a chance to clean anything up.
struct Killed: Error {}
