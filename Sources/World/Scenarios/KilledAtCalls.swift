import Glibc
import HTTP
import Loop

extension Scenario {
    /// The driver is killed around the actions that are calls to a gateway.
    static let killedAtCalls = [
        Scenario(
            "driver-killed-at-calls",
            "a driver killed before or after the drain and the undrain, each before its record, leaves "
                + "what the gateway holds; resume finishes, also without the journal",
            { settings in
                settings.plan = { plan in
                    plan.hosts = ["west-1", "west-2"]
                    plan.relayed = ["west-1"]
                    plan.minAvailable = 1
                }
            }
        ) { stage in
            try await stage.begin()
            let relay = try GatewayRelay(stage.layout.host("west-1"))
            do {
                try await killAtEachCall(stage, relay)
                try await stage.expectExit(try stage.drive("resume", ["--yes"]), 0)
            } catch {
                await relay.close()
                throw error
            }
            await relay.close()
            try stage.expectVersions([
                "west-1": "v2", "west-2": "v2", "east-1": "v1", "east-2": "v1",
            ])
            try await stage.expectServing(stage.hostNames)
            try await stage.expectNothingLost()
        }
    ]

    @EventLoop
    private static func killAtEachCall(_ stage: Stage, _ relay: GatewayRelay) async throws {
        let others = ["east-1", "east-2", "west-2"]
        var drivers = 0
        // Whether west-1 serves afterwards, and at what version. Not before its return is proved.
        let points: [(method: String, isAfter: Bool, isIn: Bool, version: String)] = [
            ("PUT", false, true, "v1"), ("PUT", true, false, "v1"),
            ("DELETE", false, false, "v2"), ("DELETE", true, true, "v2"),
        ]
        for point in points {
            let driver = try drivers == 0 ? stage.release() : stage.drive("resume", ["--yes"])
            drivers += 1
            relay.next = .init(method: point.method, path: "/drain", isAfter: point.isAfter) {
                driver.kill()
            }
            let exit = try await driver.exit()
            let place = "\(point.isAfter ? "after" : "before") \(point.method) /drain"
            stage.expect(
                exit == .signal(SIGKILL) && relay.next == nil,
                "the driver was not killed \(place): \(exit)"
            )
            let holds = try await stage.gateway("west-1").status().holds
            stage.expect(holds.isEmpty == point.isIn, "\(place) west-1 has the holds \(holds)")
            try stage.expectVersions(["west-1": point.version])
            try await stage.expectServing(point.isIn ? stage.hostNames : others)
            // From a machine that knows nothing of what was done.
            if point.isAfter { SmallFiles.remove(stage.layout.journalFile) }
        }
    }
}
