import HTTP
import Loop

extension Scenario {
    /// A gateway whose state folder lies on a disk that takes nothing.
    static let stateOnBadDisks = [
        Scenario(
            "disk-full",
            "a host whose state disk fills up mid-release: the drain is in force but not durable (507), "
                + "the release stops there with nothing stopped on it, and a restart forgets the hold"
        ) { stage in
            let host = try stage.layout.host("west-2")
            let gateway = GatewayCalls(host: host)
            let others = ["east-1", "east-2", "west-1"]
            let disk = try SmallDisk(over: host.stateDirectory)
            try await stage.begin()
            let driver = try stage.release()
            // The lease is on every disk by now.
            try await driver.hasSaid("west-1 guard:")
            // A write under way while the disk fills gives its room back: until one has failed.
            try await gateway.untilStatus("that its disk is full") { state in
                try? disk.fill()
                return !state.durable
            }
            try await stage.expectExit(driver, 1)
            stage.expectLastLine(
                of: driver,
                says: [
                    "drain failed on west-2: west-2 cannot be drained", "not durable",
                    "No space left on device", "v2 is on 1 of 4 hosts, 3 of 4 serve",
                ]
            )
            try stage.expectVersions([
                "west-1": "v2", "west-2": "v1", "east-1": "v1", "east-2": "v1",
            ])
            try await stage.expectServing(others)
            try await expectNotDurable(stage, gateway, why: "No space left on device")
            try await expectForgetful(stage, host)
            try await stage.expectNothingLost()
        },
        Scenario(
            "disk-read-only",
            "a host whose state disk turns read-only: no release begins (exit 2), a drain is in force "
                + "but not durable (507), and a restart forgets the hold"
        ) { stage in
            let host = try stage.layout.host("west-1")
            let gateway = GatewayCalls(host: host)
            let disk = try SmallDisk(over: host.stateDirectory)
            try await stage.begin()
            try await disk.setReadOnly(true)
            let driver = try stage.release()
            try await stage.expectExit(driver, 2)
            stage.expectLastLine(
                of: driver,
                says: [
                    "the lease could not be taken on west-1", "Read-only file system",
                    "nothing was changed",
                ]
            )
            try stage.expectVersions(["west-1": "v1", "west-2": "v1"])
            try await stage.expectServing(stage.hostNames)
            try await expectNotDurable(stage, gateway, why: "Read-only file system")
            try await stage.expectServing(["east-1", "east-2", "west-2"])
            try await expectForgetful(stage, host)
            try await stage.expectNothingLost()
        },
        Scenario(
            "disk-never-wrote",
            "a gateway whose state folder is new and cannot be written fails closed: state-unreadable, "
                + "and its way out works once the disk does"
        ) { stage in
            let host = try stage.layout.host("east-1")
            let gateway = GatewayCalls(host: host)
            let others = ["east-2", "west-1", "west-2"]
            try await stage.begin()
            try stage.control(host.name).kill("healthgate")
            try await stage.expectServing(others)
            let disk = try SmallDisk(over: host.stateDirectory)
            try await disk.setReadOnly(true)
            try await stage.expectSilence(of: host.name) {
                try await stage.control(host.name).startProxy()
                let wayOut = try await stage.wayOut(of: host, after: "Read-only file system")
                // The end of a drain is in force only once the disk has it.
                let refused = try await wayOut.follow()
                stage.expect(refused.status == 507, "the way out was answered \(refused.status)")
                let state = try await gateway.status()
                stage.expect(state.verdict == "draining", "it came back: \(state)")
                try await EventLoop.sleep(for: .seconds(3))
            }
            try await disk.setReadOnly(false)
            let taken = try await stage.wayOut(of: host, after: "Read-only file system").follow()
            stage.expect(taken.status == 200, "the way out was answered \(taken.text)")
            try await stage.expectServing(stage.hostNames)
            try await stage.expectNothingLost()
        },
    ]

    /// A drain that the disk refuses: said, and in force all the same.
    @EventLoop
    private static func expectNotDurable(
        _ stage: Stage,
        _ gateway: GatewayCalls,
        why: String
    ) async throws {
        let answer = try await gateway.tryToDrain(owner: "on-call")
        stage.expect(answer.status == 507, "PUT /drain was answered \(answer.status)")
        for words in ["not durable", why] where !answer.text.contains(words) {
            stage.expect(false, "PUT /drain does not say \"\(words)\": \(answer.text)")
        }
        let state = try await gateway.status()
        stage.expect(state.holds.contains { $0.owner == "on-call" }, "no hold: \(state.holds)")
        stage.expect(
            !state.durable && state.problem?.contains(why) == true,
            "/status says durable \(state.durable), \(state.problem ?? "no problem")"
        )
    }

    /// What the disk last took is what a restarted gateway knows: a host that was not drained. That
    /// is what "not durable" warned of.
    @EventLoop
    private static func expectForgetful(_ stage: Stage, _ host: WorldHost) async throws {
        try await stage.expectSilence(of: host.name) {
            try await EventLoop.sleep(for: .seconds(2))
        }
        try await HostControl(host).restartGateway()
        let holds = try await GatewayCalls(host: host).status().holds
        stage.expect(holds.isEmpty, "after the restart there are \(holds)")
        try await stage.expectServing(stage.hostNames)
    }
}
