import Glibc
import HTTP
import Loop

extension Scenario {
    /// A gateway that takes another configuration while it is polled.
    static let reloads = [
        Scenario(
            "reload",
            "a good reload, by SIGHUP or by POST, changes no verdict: not one failed poll; a bad one is "
                + "refused with file:line:col and changes nothing"
        ) { stage in
            try await stage.begin()
            let host = try stage.layout.host("east-1")
            let reload = Reload(host, stage)
            let before = try await reload.gateway.status()
            let seen = try await HealthFailures.read(stage.layout)
            let poller = Poller(host, ["/readyz", "/readyz/app1", "/readyz/app2"])
            try await stage.expectSteady(host) {
                try await reload.addCheckBySignal()
                try await reload.changeCheckByPost()
                try await reload.dropCheckByPost()
                try await reload.refuseByPost()
                try await reload.refuseBySignal()
            }
            let polls = await poller.stop()
            let after = try await reload.gateway.status()
            stage.expect(polls.failed.isEmpty, "failed polls: \(polls.failed)")
            // Five reloads, each awaited: far more often than any edge looks.
            stage.expect(polls.passed > 100, "only \(polls.passed) polls were made")
            stage.expect(
                after.since.isSame(as: before.since) && after.verdict == "up",
                "the verdict changed: \(before.since) \(before.verdict), "
                    + "\(after.since) \(after.verdict)"
            )
            let now = try await HealthFailures.read(stage.layout)
            stage.expect(now == seen, "the Front's checks failed: \(seen), then \(now)")
            try await stage.expectNothingLost()
        }
    ]
}

/// The reloads of one host's gateway, each by its own way.
@EventLoop
private struct Reload {
    let gateway: GatewayCalls
    private let host: WorldHost
    private let stage: Stage
    private let original: String

    init(_ host: WorldHost, _ stage: Stage) {
        self.host = host
        self.stage = stage
        gateway = GatewayCalls(host: host)
        original = GatewayConfig(host).text
    }

    /// A further required check, and other intervals for all of them.
    func addCheckBySignal() async throws {
        let address = host.appAddress("app1")
        let more = "  third: { check: \"grpc://\(address)/app1\", authority: app1 }\n"
        var text = Template(original + more)
        try text.replace("interval: 500ms, timeout", by: "interval: 300ms, timeout")
        try text.write(to: host.gatewayConfig)
        hangUp()
        try await gateway.untilStatus("that its new check is up") {
            $0.check("third")?.state == "up"
        }
    }

    /// Another question to the app: the check must prove itself anew, and counts as up meanwhile.
    func changeCheckByPost() async throws {
        let asked = try await gateway.status()
        var text = Template(SmallFiles.read(host.gatewayConfig) ?? "")
        try text.replace("/app2\"", by: "/demo.App\"")
        try text.write(to: host.gatewayConfig)
        try await post()
        try await gateway.untilStatus("that its changed check has settled") { state in
            guard let old = asked.check("app2")?.since, let check = state.check("app2"),
                let since = check.since
            else { return false }
            return check.state == "up" && !since.isSame(as: old)
        }
    }

    func dropCheckByPost() async throws {
        try SmallFiles.write(original, to: host.gatewayConfig)
        try await post()
        try await gateway.untilStatus("that its check is gone") {
            $0.check("third") == nil && $0.check("app2")?.state == "up"
        }
    }

    func refuseByPost() async throws {
        let config = try await configuration()
        let place = try writeBad("fall: 3", "fal: 3")
        let answer = try await gateway.ask(HTTPRequest("POST", "/reload"))
        stage.expect(answer.status == 422, "a bad reload was answered \(answer.status)")
        for words in [place, "did you mean"] where !answer.text.contains(words) {
            stage.expect(false, "the refusal does not say \"\(words)\": \(answer.text)")
        }
        let after = try await configuration()
        stage.expect(after == config, "a refused reload changed \(config) to \(after)")
    }

    func refuseBySignal() async throws {
        let config = try await configuration()
        let place = try writeBad("max_age: 5s", "max_age: 5 parsecs")
        hangUp()
        let deadline = Instant.now + .seconds(10)
        while !(SmallFiles.read(host.log("healthgate")) ?? "").contains(place) {
            guard Instant.now < deadline else {
                return stage.expect(false, "the log does not say \(place)")
            }
            try await EventLoop.sleep(for: .milliseconds(20))
        }
        let after = try await configuration()
        stage.expect(after == config, "a refused reload changed \(config) to \(after)")
    }

    private func hangUp() { HostControl(host).process("healthgate")?.signal(SIGHUP) }

    private func post() async throws {
        let answer = try await gateway.ask(HTTPRequest("POST", "/reload"))
        stage.expect(
            answer.status == 200 && answer.text.contains("\"reloaded\""),
            "POST /reload: \(answer.status) \(answer.text)"
        )
    }

    private func configuration() async throws -> String {
        try await gateway.ask(HTTPRequest("/config")).text
    }

    /// - Returns: file:line:col of what is wrong: `right` is a key and its value.
    private func writeBad(_ right: String, _ wrong: String) throws -> String {
        var text = Template(original)
        try text.replace(right, by: wrong)
        try text.write(to: host.gatewayConfig)
        let key = right.prefix { $0 != ":" }
        let isKeyWrong = !wrong.hasPrefix("\(key):")
        let lines = text.rendered.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            guard let start = line.indices.first(where: { line[$0...].hasPrefix(wrong) }) else {
                continue
            }
            let column = line.distance(from: line.startIndex, to: start) + 1
            let value = isKeyWrong ? 0 : key.count + 2
            return "\(host.gatewayConfig):\(number + 1):\(column + value)"
        }
        throw WorldError("no \(wrong) in \(host.gatewayConfig)")
    }
}

/// Polls one gateway without a pause, as many edges would.
@EventLoop
private final class Poller {
    private(set) var passed = 0
    private(set) var failed: [String: Int] = [:]
    private var task: Task<Void, any Error>?

    init(_ host: WorldHost, _ paths: [String]) {
        let gateway = GatewayCalls(host: host)
        task = EventLoop.task { [self] in
            while !Task.isCancelled {
                for path in paths { await poll(gateway, path) }
                try await EventLoop.sleep(for: .milliseconds(10))
            }
        }
    }

    private func poll(_ gateway: GatewayCalls, _ path: String) async {
        do {
            let status = try await gateway.poll(path, within: .seconds(1))
            if status == 200 { passed += 1 } else { failed["\(path): \(status)", default: 0] += 1 }
        } catch {
            if !Task.isCancelled { failed["\(path): \(error)", default: 0] += 1 }
        }
    }

    func stop() async -> (passed: Int, failed: [String: Int]) {
        task?.cancel()
        _ = await task?.result
        return (passed, failed)
    }
}

/// Health checks that failed at the first Front so far, by cluster.
private enum HealthFailures {
    @EventLoop
    static func read(_ layout: WorldLayout) async throws -> [String: Int] {
        let admin = try FrontAdmin(layout.frontEnvoys[0])
        defer { admin.close() }
        var failures: [String: Int] = [:]
        for app in WorldLayout.apps {
            failures[app] = try await admin.stat("cluster.\(app).health_check.failure")
        }
        return failures
    }
}

extension Stage {
    /// The first Front must have the host in rotation at every look while `body` runs.
    fileprivate func expectSteady(_ host: WorldHost, _ body: () async throws -> Void) async throws {
        let admin = try FrontAdmin(layout.frontEnvoys[0])
        defer { admin.close() }
        var absences = 0
        let watch = EventLoop.task {
            while !Task.isCancelled {
                if try await !admin.view().isServing(host.ingress) { absences += 1 }
                try await EventLoop.sleep(for: .milliseconds(50))
            }
        }
        defer { watch.cancel() }
        try await body()
        expect(absences == 0, "\(host.name) was out of rotation at \(absences) looks")
    }
}
