package import Health
package import Probes

/// One attempt as JSON: `healthgate probe --json`.
package struct ProbeDocument {
    package let json: JSON

    package init(_ target: ProbeTarget, _ outcome: Outcome) {
        let failure = outcome.failure
        let hops = ProbeText(target, outcome).hops.map { step in
            JSON.members([
                "hop": .string(step.hop.rawValue),
                "place": .text(step.place),
                "state": .string(
                    step.state == .unknown ? "unknown" : step.state == .ok ? "ok" : "broken"
                ),
            ])
        }
        let server: ServerTarget? =
            if case .server(let server) = target.kind { server } else { nil }
        json = .members([
            "target": .string(target.description),
            "depth": .text(server?.depth.rawValue),
            "experimental": server?.service.isExperimental == true ? .bool(true) : .null,
            "through": .string(target.through.rawValue),
            "verdict": .string(outcome.level.rawValue),
            "reason": .text(failure?.reason.rawValue),
            "hop": .text(failure?.hop?.rawValue),
            "text": .text(CauseWords.text(outcome)),
            "detail": .string(outcome.detail),
            "took_ms": .milliseconds(outcome.took),
            "phases_ms": StatusDocument.phases(outcome),
            "hops": .array(hops),
        ])
    }
}
