import GRPC
import Loop

extension Scenario {
    /// Starts of single hosts, in any order.
    static let coldStarts = [
        Scenario(
            "cold-starts",
            "100 cold starts in random order with random delays: not one early 200",
            { $0.world.versions["v1"] = "* --start-delay 0ms" }
        ) { stage in
            // Four hosts side by side, each 25 times.
            let runs = stage.layout.hosts.map { host in
                EventLoop.task {
                    for _ in 0..<25 { try await startOnce(host, stage) }
                }
            }
            for run in runs { try await run.value }
        }
    ]

    @EventLoop
    private static func startOnce(_ host: WorldHost, _ stage: Stage) async throws {
        let control = HostControl(host)
        try control.pull("v1")
        var isStarted = false
        let start = EventLoop.task {
            for service in (["envoy", "healthgate"] + WorldLayout.apps).shuffled() {
                try control.begin(service, "v1")
                try await EventLoop.sleep(for: .milliseconds(Int64.random(in: 0...400)))
            }
            isStarted = true
        }
        defer { start.cancel() }
        let deadline = Instant.now + .seconds(30)
        var passed: Set<String> = []
        while passed.count < WorldLayout.apps.count {
            for app in WorldLayout.apps {
                let status = await GatewayCalls(host: host).pollThroughSidecar(app)
                guard status == 200, passed.insert(app).inserted else { continue }
                for app in WorldLayout.apps where try await !isServing(app, of: host) {
                    stage.expect(false, "\(host.name) said 200 before \(app) was there")
                }
            }
            guard Instant.now < deadline else { throw WorldError("\(host.name) never came up") }
        }
        _ = try await start.value
        stage.expect(isStarted, "\(host.name) said 200 before everything was started")
        control.kill()
        while !control.isEnded { try await EventLoop.sleep(for: .milliseconds(10)) }
    }

    @EventLoop
    private static func isServing(_ app: String, of host: WorldHost) async throws -> Bool {
        guard let endpoint = Endpoint(host.appAddress(app)) else { return false }
        let client = GRPCClient(endpoint, authority: app)
        defer { client.close() }
        let answer = try? await client.unary(
            HealthMessages.check,
            [],
            until: .now + .seconds(2)
        )
        return answer == [0x08, 1]
    }
}
