package import Health
import Loop
package import Probes

/// One check of `gateway.yaml` with the defaults filled in: how it is judged, and all that is
/// needed to build its probe.
package struct CheckConfiguration: Hashable, Sendable {
    /// How its outcomes are judged.
    package let check: Check
    package let target: ProbeTarget
    /// Covers the whole exchange, from the name's resolution to the last byte.
    package let timeout: Duration
    /// The share of each interval by which it may be shortened or stretched, 0 to 1.
    package let jitter: Double

    package init(
        _ id: CheckID,
        _ target: ProbeTarget,
        effect: Effect? = nil,
        interval: Check.Interval = .every(.seconds(1)),
        downInterval: Duration = .milliseconds(500),
        jitter: Double = 0.1,
        timeout: Duration = .milliseconds(800),
        rise: Int = 2,
        fall: Int = 3,
        maxAge: Duration = .seconds(5),
        holdDown: HoldDown? = .standard
    ) {
        check = Check(
            id,
            target: target.description,
            definition: target.definition,
            effect: effect,
            rise: rise,
            fall: fall,
            interval: interval,
            downInterval: downInterval,
            maxAge: maxAge,
            holdDown: holdDown,
            way: target.way(of: id.kind)
        )
        self.target = target
        self.timeout = timeout
        self.jitter = jitter
    }
}

extension ProbeTarget {
    fileprivate func way(of kind: CheckID.Kind) -> Check.Way {
        if self.kind.isLocal { return .local }
        if through == .sidecar { return kind == .app ? .ingress : .sidecar }
        guard let address = address.address else {
            return address.host == "localhost" ? .local : .network(byName: true)
        }
        return address.isLoopback || address.unixPath != nil ? .local : .network(byName: false)
    }
}
