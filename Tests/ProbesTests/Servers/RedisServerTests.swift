import HTTP
import Health
import Loop
import Probes
import TestSupport
import Testing

@EventLoop
@Suite(.timeLimit(.minutes(2))) struct `A real Redis` {
    private static func depths(_ target: ServerTarget) -> [ServerTarget] {
        Depth.allCases.map {
            var deep = target
            deep.depth = $0
            return deep
        }
    }

    @Test func `is up at each depth, logs nothing of it and keeps no connection`() async throws {
        let server = try await ServerProcess.redis(["--requirepass", "hunter2"])
        let secret = try await SecretFile("hunter2")
        let target = ServerTarget(.redis, depth: .query, password: secret.place, database: "1")
        try await server.log.says("Ready to accept connections")
        let before = server.lines
        for deep in Self.depths(target) {
            for _ in 0..<20 {
                let outcome = await ask(deep, server.address)
                #expect(outcome.result == .up, "\(deep.depth): \(outcome)")
                #expect(
                    outcome.phases.last?.name == Outcome.Phase.Name(rawValue: deep.depth.rawValue)
                )
            }
        }
        #expect(server.lines == before)
        let clients = try await eventually {
            try await server.redis("-a", "hunter2", "info", "clients")
                .contains("connected_clients:1\r\n")
        }
        #expect(clients)
        let stats = try await server.redis("-a", "hunter2", "info", "stats")
        #expect(stats.contains("rejected_connections:0\r\n"))
        // Nothing was written.
        #expect(
            try await server.redis("-a", "hunter2", "info", "keyspace").contains("db0") == false
        )
    }

    @Test func `says auth for each fault of credentials, and is alive below that`() async throws {
        let server = try await ServerProcess.redis(["--requirepass", "hunter2"])
        let wrong = try await SecretFile("hunter3")
        let right = try await SecretFile("secret")
        try await server.redis(
            "-a",
            "hunter2",
            "acl",
            "setuser",
            "me",
            "on",
            ">secret",
            "~healthgate:*",
            "+type",
            "+info",
            "+quit"
        )
        try await server.redis("-a", "hunter2", "acl", "setuser", "poor", "on", ">secret", "+quit")
        let me = ServerTarget(.redis, depth: .role, user: "me", password: right.place)
        let poor = ServerTarget(.redis, depth: .query, user: "poor", password: right.place)
        for deep in Self.depths(me) { #expect(await ask(deep, server.address).passed) }
        for deep in Self.depths(poor) {
            let failure = await ask(deep, server.address).failure
            #expect(failure?.reason == (deep.depth < .query ? nil : .auth), "\(deep.depth)")
        }
        for target in [
            ServerTarget(.redis, depth: .query),
            ServerTarget(.redis, depth: .query, password: wrong.place),
            ServerTarget(.redis, depth: .query, user: "me", password: wrong.place),
            ServerTarget(.redis, depth: .query, user: "me"),
        ] {
            for deep in Self.depths(target) {
                let outcome = await ask(deep, server.address)
                let wanted: Reason? = deep.depth == .handshake ? nil : .auth
                #expect(outcome.failure?.reason == wanted, "\(target): \(outcome)")
                #expect(!"\(outcome)".contains("hunter3"))
            }
        }
        let open = try await ServerProcess.redis()
        let needless = ServerTarget(.redis, depth: .query, password: wrong.place)
        let failure = await ask(needless, open.address).failure
        #expect(failure?.reason == .auth)
        #expect(failure?.text.contains("knows no password") == true)
        let beyond = ServerTarget(.redis, depth: .query, database: "99")
        #expect(await ask(beyond, open.address).failure?.reason == .status)
    }

    @Test func `tells primary and replica, and a replica without its primary`() async throws {
        let primary = try await ServerProcess.redis(["--repl-diskless-sync-delay", "0"])
        let replica = try await ServerProcess.redis([
            "--replicaof", "127.0.0.1 \(primary.port)", "--repl-timeout", "2",
        ])
        var target = ServerTarget(.redis, depth: .role, role: .replica, maxLag: .seconds(15))
        let isLinked = try await eventually { await ask(target, replica.address).result == .up }
        #expect(isLinked)
        #expect(await ask(target, primary.address).failure?.reason == .role)
        target.role = .primary
        #expect(await ask(target, primary.address).detail == "Redis, primary")
        #expect(await ask(target, replica.address).failure?.reason == .role)
        target.role = nil
        try await primary.stop()
        let isAlone = try await eventually { await ask(target, replica.address).level == .degraded }
        #expect(isAlone)
        try await replica.redis("config", "set", "replica-serve-stale-data", "no")
        for deep in Self.depths(target) {
            let wanted: Reason? = deep.depth < .query ? nil : .notServing
            #expect(await ask(deep, replica.address).failure?.reason == wanted)
        }
    }
}
