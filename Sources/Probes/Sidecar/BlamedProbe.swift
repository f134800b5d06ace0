package import Health
package import Loop

/// Asks a target, and when that fails through the sidecar also whoever knows more: the sidecar itself, and
/// the target past it, where that is known.
@EventLoop
package final class BlamedProbe: Probe {
    private let target: ProbeTarget
    private let probe: any Probe
    private let direct: (target: ProbeTarget, probe: any Probe)?
    private let witness: () -> SidecarWitness?
    /// The word on a check must not wait long for the word on who is to blame.
    private static let patience = Duration.milliseconds(250)

    package init(
        _ target: ProbeTarget,
        witness: @escaping () -> SidecarWitness?,
        makeProbe: (ProbeTarget) -> any Probe
    ) {
        self.target = target
        self.witness = witness
        probe = makeProbe(target)
        direct = target.direct.map { ($0, makeProbe($0)) }
    }

    package func run(until deadline: Instant) async -> Outcome {
        let began = Instant.now
        let patience = min(began.duration(to: deadline), Self.patience)
        let outcome = await probe.run(until: deadline)
        guard var failure = outcome.failure, target.through == .sidecar else { return outcome }
        // Behind the ingress Envoy itself says in its answer what is wrong.
        if !target.goesThroughIngress, let witness = witness() {
            failure = await witness.hear(failure, of: target.dial, until: .now + patience)
        }
        if let direct {
            let other = await direct.probe.run(until: .now + patience)
            failure = DirectLook(failure, at: direct.target, other).failure
        }
        return Outcome(
            .failed(failure),
            took: began.duration(to: .now),
            phases: outcome.phases,
            detail: outcome.detail
        )
    }

    package func close() {
        probe.close()
        direct?.probe.close()
    }
}
