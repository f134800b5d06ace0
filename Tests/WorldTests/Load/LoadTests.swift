import GRPC
import Loop
import Testing
import World

@EventLoop @Suite struct `A load` {
    private func app(_ name: String, _ faults: Set<Fault> = []) throws -> SampleApp {
        let any = try #require(SocketAddress("127.0.0.1:0"))
        let app = SampleApp(
            .init(listen: any, name: name, host: "east-1", version: "v1", faults: faults)
        )
        try app.start()
        return app
    }

    private func settings(_ app: SampleApp) -> Load.Settings {
        var settings = Load.Settings(targets: [app.address])
        settings.apps = ["app1"]
        settings.streams = 4
        settings.streamLife = 200...300
        settings.streamPeriodMs = 20
        settings.callDeadline = .seconds(2)
        return settings
    }

    /// Waits until the load has seen enough, not for a time.
    private func until(_ load: Load, _ isEnough: (Tally) -> Bool) async throws {
        let deadline = Instant.now + .seconds(30)
        while !isEnough(load.tally) {
            try #require(Instant.now < deadline, "\(load.tally)")
            try await EventLoop.sleep(for: .milliseconds(5))
        }
    }

    @Test func `counts every call and stream of a sound app as good`() async throws {
        let app = try app("app1")
        let load = Load(settings(app))
        try await load.start()
        try await until(load) { $0.answered >= 200 && $0.complete >= 8 }
        try await load.stop()
        #expect(load.tally.failures == [:])
        #expect(load.tally.cuts == [:])
        #expect(load.tally.open == 0)
        #expect(load.tally.sent == load.tally.answered)
        #expect(
            load.tally.served == [
                "east-1": ["v1": load.tally.answered + load.tally.complete]
            ]
        )
        #expect(load.lag.sends == load.tally.sent)
        await app.stop(within: .zero)
    }

    @Test func `counts what is lost when the app dies under it`() async throws {
        let app = try app("app1")
        let load = Load(settings(app))
        try await load.start()
        try await until(load) { $0.answered >= 50 && $0.opened >= 4 }
        await app.stop(within: .zero)
        try await until(load) { $0.failed >= 20 && $0.cut >= 4 }
        try await load.stop()
        #expect(load.tally.open == 0)
        #expect(load.tally.sent == load.tally.answered + load.tally.failed)
        #expect(load.tally.opened == load.tally.complete + load.tally.cut)
    }

    @Test func `goes on sending by the clock while nothing is answered`() async throws {
        let app = try app("app1", [.hangCalls])
        var settings = settings(app)
        settings.streams = 0
        settings.callDeadline = .milliseconds(500)
        let load = Load(settings)
        try await load.start()
        try await until(load) { $0.sent >= 300 }
        try await load.stop()
        #expect(load.tally.answered == 0)
        #expect(load.tally.failed == load.tally.sent)
        #expect(load.tally.failures.keys.allSatisfy { $0.hasPrefix("DEADLINE_EXCEEDED") })
        await app.stop(within: .zero)
    }

    @Test func `counts a wrong answer as failed`() async throws {
        let app = try app("app1", [.wrongAnswer])
        let load = Load(settings(app))
        try await load.start()
        try await until(load) { $0.sent >= 20 && $0.cut >= 1 }
        try await load.stop()
        #expect(load.tally.answered == 0)
        #expect(load.tally.failures["wrong answer"] == load.tally.sent)
        await app.stop(within: .zero)
    }

    @Test func `counts an answer by another app as failed: a wrong route is no success`()
        async throws
    {
        let app = try app("app2")
        let load = Load(settings(app))
        try await load.start()
        try await until(load) { $0.sent >= 20 }
        try await load.stop()
        #expect(load.tally.answered == 0)
        await app.stop(within: .zero)
    }
}
