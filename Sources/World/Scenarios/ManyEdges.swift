import GRPC
import Loop

extension Scenario {
    /// Many edges ask one gateway that passes each poll through.
    static let manyEdges = [
        Scenario(
            "many-edges",
            "polls by 8 edges at once, with interval: on-poll, reach an app once for each max_age",
            { $0.world.fronts = 8 }
        ) { stage in
            let host = try stage.layout.host("east-1")
            var config = Template(GatewayConfig(host).text)
            for app in WorldLayout.apps {
                try config.replace(
                    "authority: \(app) }",
                    by: "authority: \(app), interval: on-poll, max_age: \(maxAge.seconds)s }"
                )
            }
            try config.write(to: host.gatewayConfig)
            try await stage.world.start()
            let before = try await Count.read(host)
            // Nothing happens meanwhile: this is how long the polls are counted.
            try await EventLoop.sleep(for: .seconds(10))
            let after = try await Count.read(host)
            let span = after.at - before.at
            for app in WorldLayout.apps {
                let polls = (after.polls[app] ?? 0) - (before.polls[app] ?? 0)
                let looks = (after.looks[app] ?? 0) - (before.looks[app] ?? 0)
                // 8 edges, a poll a second each; a busy machine may miss some.
                stage.expect(polls >= 50, "only \(polls) polls of \(app) within \(span)")
                // One look may have been due at either end.
                let most = Int(span / maxAge) + 2
                stage.expect(
                    (1...most).contains(looks),
                    "\(polls) polls reached \(app) \(looks) times, not at most \(most)"
                )
                stage.expect(looks > 5, "\(app) was looked at only \(looks) times within \(span)")
            }
            try await stage.expectServing(stage.hostNames)
        }
    ]

    private static let maxAge = Duration.seconds(1)
}

/// How often a host was polled and its apps were looked at so far.
@EventLoop
private struct Count {
    let at: Instant
    /// By app, from edges whose polls are periodic.
    let polls: [String: Int]
    let looks: [String: Int]

    static func read(_ host: WorldHost) async throws -> Count {
        let edges = try await GatewayCalls(host: host).status().edges
        var looks: [String: Int] = [:]
        for app in WorldLayout.apps {
            guard let endpoint = Endpoint(host.appAddress(app)) else {
                throw WorldError("no address: \(host.appAddress(app))")
            }
            let client = GRPCClient(endpoint, authority: app)
            defer { client.close() }
            let answer = try await client.unary(
                DemoMessage.healthChecks,
                [],
                until: .now + .seconds(5)
            )
            guard let count = DemoMessage(answer)?.count else {
                throw WorldError("\(app) does not say how often it was looked at")
            }
            looks[app] = Int(count)
        }
        let polls = Dictionary(grouping: edges, by: \.authority).mapValues { rows in
            rows.reduce(0) { $0 + $1.polls }
        }
        return Count(at: .now, polls: polls, looks: looks)
    }
}
