import HTTP
import Loop

/// A fault that comes over app1 of one host while users call, and what must be seen of it.
@EventLoop
struct AppFault {
    let host: String
    private let reason: String
    private let looksTake: ClosedRange<Duration>
    private let begin: @EventLoop @Sendable (HostControl) throws -> Void

    init(
        _ host: String,
        _ reason: String,
        looksTake: ClosedRange<Duration>,
        _ begin: @escaping @EventLoop @Sendable (HostControl) throws -> Void
    ) {
        self.host = host
        self.reason = reason
        self.looksTake = looksTake
        self.begin = begin
    }

    /// The demo's gateways look every 500 ms, give or take 10 %, and three failures make a fall.
    private static let pause = Duration.milliseconds(450)...(.milliseconds(550))
    /// What a busy machine may add to a row of looks.
    private static let lateness = Duration.milliseconds(1500)

    /// Plays it from a host that is up to a host that is up again.
    func play(on stage: Stage) async throws {
        let control = try stage.control(host)
        let gateway = try stage.gateway(host)
        let began = Instant.now
        try begin(control)
        let state = try await gateway.untilStatus("that app1 is down") {
            $0.check("app1")?.state == "down"
        }
        expectTiming(stage, state, took: .now - began)
        expectWords(stage, state)
        try await expectAnswers(stage, gateway)
        try await stage.expectApp("app1", of: stage.layout.host(host), isOut: true)
        try await end(control)
        let back = Instant.now
        try await gateway.untilStatus("that it is up again") { $0.verdict == "up" }
        // Two looks, a quarter of a second apart while it is down, and the one that was under way.
        let limit = Duration.milliseconds(2 * 275) + looksTake.upperBound * 2 + Self.lateness
        stage.expect(.now - back < limit, "\(host) came back after \(Instant.now - back)")
        try await stage.expectApp("app1", of: stage.layout.host(host), isOut: false)
    }

    private func end(_ control: HostControl) async throws {
        if control.process("app1") == nil {
            try control.begin("app1", "v1")
        } else {
            try control.setFaults([], of: "app1")
        }
    }

    /// From the first failure to the third there are two pauses and two looks.
    private func expectTiming(_ stage: Stage, _ state: GatewayState, took: Duration) {
        guard let check = state.check("app1"), let since = check.since,
            let failing = check.failingSince
        else { return stage.expect(false, "\(host) does not say since when: \(state.checks)") }
        let least = (Self.pause.lowerBound + looksTake.lowerBound) * 2
        let most = (Self.pause.upperBound + looksTake.upperBound) * 2 + Self.lateness
        let fall = since - failing
        stage.expect((least...most).contains(fall), "\(host) fell within \(fall)")
        let all = most + Self.pause.upperBound + looksTake.upperBound
        stage.expect(took < all, "\(host)'s fall was known after \(took), not within \(all)")
    }

    private func expectWords(_ stage: Stage, _ state: GatewayState) {
        stage.expect(state.verdict == "down", "\(host) is \(state.verdict)")
        stage.expect(
            state.app("app1")?.verdict == "down" && state.app("app2")?.verdict == "up",
            "\(host)'s apps: \(state.apps)"
        )
        let check = state.check("app1")
        stage.expect(
            check?.reason == reason && check?.hop == "upstream",
            "\(host): \(check?.reason ?? "no reason") at \(check?.hop ?? "no hop"), not \(reason)"
        )
        let cause = state.cause ?? ""
        stage.expect(
            cause.contains("app app1: \(reason) at upstream since") && cause.contains("last good"),
            "\(host)'s cause: \(cause)"
        )
    }

    /// A `down` is no planned exit: its answer does not carry the header of one. The answers were
    /// made when the host fell.
    private func expectAnswers(_ stage: Stage, _ gateway: GatewayCalls) async throws {
        for (path, status) in [("/readyz", 503), ("/readyz/app1", 503), ("/readyz/app2", 200)] {
            let answer = try await gateway.answer(to: path)
            stage.expect(answer.status == status, "\(host) \(path): \(answer.status)")
            let isImmediate = answer.headers["x-envoy-immediate-health-check-fail"] != nil
            stage.expect(!isImmediate, "\(host) \(path) says that the exit was planned")
            guard status == 503 else { continue }
            stage.expect(
                answer.text.contains("\"verdict\":\"down\"")
                    && answer.text.contains("app app1: \(reason)")
                    && answer.text.contains("(3 of 3 failed)"),
                "\(host) \(path): \(answer.text)"
            )
        }
    }
}

extension Stage {
    /// The Front must come to have just this app of the host out, or in, and the other in. It looks
    /// once a second, and takes a host back after two looks.
    func expectApp(_ app: String, of host: WorldHost, isOut: Bool) async throws {
        let admin = try FrontAdmin(layout.frontEnvoys[0])
        defer { admin.close() }
        let deadline = Instant.now + (isOut ? .milliseconds(2500) : .seconds(5))
        while true {
            let view = try await admin.view()
            let others = WorldLayout.apps.filter { $0 != app }
            if view.isOut(host.ingress, apps: [app]) == isOut,
                view.isServing(host.ingress, apps: others)
            {
                let flags = view.clusters[app]?[host.ingress]?.flags ?? []
                expect(
                    flags == (isOut ? ["failed_active_health_check"] : []),
                    "the Front flags \(app) of \(host.name) as \(flags.sorted())"
                )
                return
            }
            guard Instant.now < deadline else {
                let seen = view.clusters.compactMapValues { $0[host.ingress]?.flags.sorted() }
                return expect(
                    false,
                    "\(app) of \(host.name) is not \(isOut ? "out" : "in"): \(seen)"
                )
            }
            try await EventLoop.sleep(for: .milliseconds(20))
        }
    }

    /// The first Front may send this app of the host nothing while `body` runs.
    func expectNoCalls(
        of app: String,
        to host: WorldHost,
        _ body: () async throws -> Void
    ) async throws {
        let admin = try FrontAdmin(layout.frontEnvoys[0])
        defer { admin.close() }
        let before = try await admin.view().clusters[app]?[host.ingress]?.requests ?? 0
        try await body()
        let after = try await admin.view().clusters[app]?[host.ingress]?.requests ?? 0
        expect(after == before, "\(app) of \(host.name) got \(after - before) requests")
    }

    /// Ends the load; calls may have failed on these hosts and on no other.
    func expectLosses(onlyOf hosts: [String]) async throws {
        let tally = try await endLoad()
        let log = try await AccessLog.read(layout.frontEnvoys, requests: tally.requests)
        let addresses = try hosts.map { try layout.host($0).ingress }
        let others = log.failures.filter { failure in
            !addresses.contains { failure.key.hasPrefix("\($0),") }
        }
        expect(others.isEmpty, "calls failed elsewhere: \(others)")
        expect(tally.open == 0, "\(tally.open) calls never ended")
    }
}
