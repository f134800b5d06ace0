import HTTP
import Loop

extension Scenario {
    /// Apps that were fine and are not any more, under load.
    static let appFaults = [
        Scenario(
            "app-faults",
            "an app that hangs, one that is slow, one that is gone: each is down after three failed looks, "
                + "with its reason, the Front leaves out that app of that host, and the rest serves"
        ) { stage in
            try await stage.begin()
            let faults = [
                AppFault(
                    "east-1",
                    "timeout",
                    looksTake: slowLook,
                    { try $0.setFaults([.hang], of: "app1") }
                ),
                // Longer than the timeout of 400 ms: every answer comes, and comes too late.
                AppFault("east-2", "timeout", looksTake: slowLook) {
                    try $0.setFaults([.slow(.milliseconds(900))], of: "app1")
                },
                AppFault("west-1", "upstream_refused", looksTake: .zero...(.milliseconds(300))) {
                    $0.kill("app1")
                },
            ]
            let spared = stage.tally.served["west-2"]?["v1"] ?? 0
            // Side by side: each is on a host of its own.
            let plays = faults.map { fault in EventLoop.task { try await fault.play(on: stage) } }
            for play in plays { try await play.value }
            try await stage.expectServing(stage.hostNames)
            let served = (stage.tally.served["west-2"]?["v1"] ?? 0) - spared
            stage.expect(served > 500, "west-2 answered \(served) calls meanwhile")
            try await stage.expectLosses(onlyOf: faults.map(\.host))
        },
        Scenario(
            "app-flaps",
            "an app that flaps is held down from its third fall on, however well it answers, and for as "
                + "long as was said"
        ) { stage in
            let host = try stage.layout.host("east-1")
            // The half-life lets three falls within half a minute count; the rest keeps this short.
            var config = Template(GatewayConfig(host).text)
            try config.replace(
                "jitter: 10%",
                by: "jitter: 10%, hold_down: { half_life: 60s, maximum: 5s }"
            )
            try config.write(to: host.gatewayConfig)
            try await stage.begin()
            let control = HostControl(host)
            let gateway = GatewayCalls(host: host)
            try control.setFaults([.flap(.milliseconds(1800))], of: "app1")
            let held = try await gateway.untilStatus("that app1 is held down", within: .seconds(30))
            {
                $0.check("app1")?.heldDownUntil != nil
            }
            try control.setFaults([], of: "app1")
            let cause = held.app("app1")?.cause ?? ""
            stage.expect(
                cause.contains("app app1: held down until") && cause.contains("after 3 falls")
                    && cause.contains("not_serving at upstream"),
                "the cause is: \(cause)"
            )
            stage.expect(held.verdict == "down", "the host is \(held.verdict)")
            let fallen = try require(held.check("app1")?.since, "since when app1 is down")
            let until = try require(held.check("app1")?.heldDownUntil, "until when")
            stage.expect(
                (.milliseconds(4980)...(.milliseconds(5020))).contains(until - fallen),
                "held down from \(fallen) until \(until)"
            )
            try await stage.expectApp("app1", of: host, isOut: true)
            // It answers well from here on. One request at the Front would be one too many.
            try await stage.expectNoCalls(of: "app1", to: host) {
                try await gateway.untilStatus("that app1 is up again") { state in
                    state.check("app1")?.state == "up"
                }
            }
            let back = try require(
                try await gateway.status().check("app1")?.since,
                "since when app1 is up"
            )
            stage.expect(
                back - until >= .milliseconds(-20) && back - until < .seconds(2),
                "held down until \(until), and up at \(back)"
            )
            try await stage.expectServing(stage.hostNames)
            // NOT_SERVING is said by health checks only: this app answers every call.
            try await stage.expectNothingLost()
        },
    ]

    /// A look that times out after 400 ms, then asks the app directly for at most 250 ms.
    private static let slowLook = Duration.milliseconds(390)...(.milliseconds(800))

    private static func require<Value>(_ value: Value?, _ words: String) throws(WorldError) -> Value
    {
        guard let value else { throw WorldError("the gateway does not say \(words)") }
        return value
    }
}
