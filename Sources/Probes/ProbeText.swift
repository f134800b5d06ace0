package import Health
import Loop

/// One attempt as an operator reads it: what it came to, hop by hop, phase by phase.
package struct ProbeText {
    private let target: ProbeTarget
    private let outcome: Outcome

    package init(_ target: ProbeTarget, _ outcome: Outcome) {
        self.target = target
        self.outcome = outcome
    }

    /// A few lines: the verdict, the target's own words, why, the way, the phases.
    package var lines: [String] {
        var lines = head
        if !hops.isEmpty {
            let way = hops.map { "\($0.hop.rawValue) \($0.state.rawValue)" }
            lines.append("  way:    " + (["this host"] + way).joined(separator: " → "))
        }
        let phases = outcome.phases.map { "\($0.name.rawValue) \(milliseconds($0.took))" }
        if !phases.isEmpty { lines.append("  phases: \(phases.joined(separator: ", "))") }
        return lines
    }

    /// The same as a screen: a line for each hop and each phase.
    package var trace: [String] {
        var lines = head
        if !hops.isEmpty { lines += ["", "  way", "    this host"] }
        for (index, hop) in hops.enumerated() {
            let place = hop.place.map { " \($0)" } ?? ""
            let indent = String(repeating: "  ", count: index + 2)
            let broken =
                hop.state == .broken ? outcome.failure.map { ", \($0.reason.rawValue)" } : nil
            lines.append(
                "\(indent)└ \(hop.hop.rawValue)\(place): \(hop.state.rawValue)\(broken ?? "")"
            )
        }
        if !outcome.phases.isEmpty { lines += ["", "  phase      begins at  takes"] }
        var begin = Duration.zero
        for phase in outcome.phases {
            lines.append(row(phase.name.rawValue, begin, phase.took))
            begin += phase.took
        }
        let rest = outcome.took - begin
        // What follows the last phase: the wait in vain, the farewell, and the word on who is to blame.
        if !outcome.phases.isEmpty, rest > .microseconds(50) {
            lines.append(row("rest", begin, rest))
        }
        return lines
    }

    /// A hop on the way to the target, and how it is.
    package struct Step: Hashable, Sendable {
        package enum State: String, Hashable, Sendable {
            case ok
            case broken = "BROKEN"
            /// Beyond what is broken.
            case unknown = "?"
        }

        package let hop: Hop
        package let place: String?
        package let state: State
    }

    /// What lies between here and the target; nothing for what is on this machine.
    package var hops: [Step] {
        let broken = outcome.failure?.hop
        var isBeyond = false
        return places.map { hop, place in
            let state: Step.State = isBeyond ? .unknown : hop == broken ? .broken : .ok
            if hop == broken { isBeyond = true }
            return Step(hop: hop, place: place, state: state)
        }
    }

    private var places: [(Hop, String?)] {
        let address = target.address.description
        return switch target.kind {
        case .disk, .exec, .docker: []
        case .envoy: [(.sidecar, address)]
        default:
            if target.through == .none {
                [(.network, nil), (.upstream, address)]
            } else if target.goesThroughIngress {
                [(.sidecar, target.dial.description), (.upstream, address)]
            } else {
                [(.sidecar, address), (.network, nil), (.upstream, target.beyond?.description)]
            }
        }
    }

    private var head: [String] {
        var lines = ["\(target)\(depth): \(verdict) in \(milliseconds(outcome.took))"]
        if !outcome.detail.isEmpty { lines.append("  \(outcome.detail)") }
        if let failure = outcome.failure {
            lines.append("  \(failure.reason.rawValue): \(failure.text)")
        }
        return lines
    }

    private var depth: String {
        guard case .server(let server) = target.kind else { return "" }
        let experimental = server.service.isExperimental ? ", experimental" : ""
        return " (\(server.depth.rawValue)\(experimental))"
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

    private func row(_ name: String, _ begin: Duration, _ took: Duration) -> String {
        "    \(padded(name, 9))\(padded("+" + milliseconds(begin), 11))\(milliseconds(took))"
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 1))
    }

    private func milliseconds(_ duration: Duration) -> String {
        let microseconds = duration / .microseconds(1)
        return "\((microseconds / 10).rounded() / 100) ms"
    }
}
