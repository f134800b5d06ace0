package import Health

/// One attempt as an operator reads it: what it came to, hop by hop, phase by phase.
package struct ProbeText {
    private let target: ProbeTarget
    private let outcome: Outcome

    package init(_ target: ProbeTarget, _ outcome: Outcome) {
        self.target = target
        self.outcome = outcome
    }

    package var lines: [String] {
        var lines = ["\(target): \(verdict) in \(milliseconds(outcome.took))"]
        if !outcome.detail.isEmpty { lines.append("  \(outcome.detail)") }
        if let failure = outcome.failure {
            lines.append("  \(failure.reason.rawValue): \(failure.text)")
        }
        if !hops.isEmpty { lines.append("  way:    \(way)") }
        let phases = outcome.phases.map { "\($0.name.rawValue) \(milliseconds($0.took))" }
        if !phases.isEmpty { lines.append("  phases: \(phases.joined(separator: ", "))") }
        return lines
    }

    private var verdict: String {
        switch outcome.result {
        case .up: "UP"
        case .degraded(let text): "DEGRADED, \(text)"
        case .failed(let failure):
            "DOWN"
                + (failure.hop.map {
                    " at \($0 == .network ? "the network" : "the \($0.rawValue)")"
                } ?? "")
        }
    }

    /// What lies between here and the target; nothing for what is on this machine.
    private var hops: [Hop] {
        switch target.kind {
        case .disk, .exec, .docker: []
        case .envoy: [.sidecar]
        default:
            target.through == .sidecar ? [.sidecar, .network, .upstream] : [.network, .upstream]
        }
    }

    /// Which hops have been passed, and which one is broken.
    private var way: String {
        let broken = outcome.failure?.hop
        var words = ["this host"]
        var isBeyond = false
        for hop in hops {
            let mark = isBeyond ? "?" : hop == broken ? "BROKEN" : "ok"
            words.append("\(hop.rawValue) \(mark)")
            if hop == broken { isBeyond = true }
        }
        return words.joined(separator: " → ")
    }

    private func milliseconds(_ duration: Duration) -> String {
        let microseconds = duration / .microseconds(1)
        return "\((microseconds / 10).rounded() / 100) ms"
    }
}
