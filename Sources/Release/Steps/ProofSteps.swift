package import Loop

/// Checks databases and other upstreams through the new proxy, before any app needs them.
@EventLoop
package struct ConnectivityStep: Step {
    package let name = StepName.connectivity

    package init() {}

    package func run(
        _ host: HostPassage,
        in session: ReleaseSession
    ) async throws -> StepResult {
        let gateway = try session.world.gateway(of: host.name)
        let report: ConnectivityReport
        do throws(GatewayError) {
            let wait = Duration.seconds(10)
            let deadline = session.clock.now + wait + .seconds(10)
            report = try await gateway.connectivity(wait: wait, until: deadline)
        } catch {
            throw StepFailure("connectivity of \(host.name) is unknown: \(error)")
        }
        guard report.ok else {
            let table = ConnectivityTable(report)
            throw StepFailure("from \(host.name), \(table.sentence)", evidence: table.lines)
        }
        if report.upstreams.isEmpty { return .done("no upstreams configured") }
        let degraded = report.upstreams.filter { $0.state == "degraded" }
        let but = degraded.isEmpty ? "" : ", but \(degraded.map(\.words).joined(separator: "; "))"
        return .done("\(count(report.upstreams.count, "upstream")) up\(but)")
    }
}

/// Starts the apps, and waits until they are up behind the drain and stay so.
@EventLoop
package struct StartStep: Step {
    package let name = StepName.start

    package init() {}

    package func run(
        _ host: HostPassage,
        in session: ReleaseSession
    ) async throws -> StepResult {
        if !host.runsAlready {
            try await session.confirmLease(excused: host)
            try await session.journal(.startApps, host)
            try await session.attempt("the apps to start", of: host, name) { runtime in
                try await runtime.startApps(session.version)
            }
        }
        let took = try await untilUp(host, session)
        try await compareVersion(host, session)
        return .done("up behind the drain after \(took.words)")
    }

    private func untilUp(
        _ host: HostPassage,
        _ session: ReleaseSession
    ) async throws -> Duration {
        let gateway = try session.world.gateway(of: host.name)
        let (clock, health) = (session.clock, session.plan.health)
        let began = clock.now
        var since: Instant?
        while true {
            try await session.requireOut(host)
            var faults: [String]
            do throws(GatewayError) {
                let status = try await gateway.status(until: clock.now + .seconds(2))
                faults = status.isUpBehind ? [] : status.faults
            } catch {
                faults = ["\(error)"]
            }
            let now = clock.now
            if faults.isEmpty {
                let start = since ?? now
                since = start
                if now - start >= health.hold { return now - began }
            } else {
                since = nil
            }
            guard now - began < health.deadline else {
                throw StepFailure(
                    "\(session.version) did not become healthy on \(host.name) "
                        + "in \(health.deadline.words): \(faults.first ?? "not for long enough")",
                    evidence: faults
                )
            }
            session.tell(
                .waiting(
                    host: host.name,
                    name,
                    reason: faults.first ?? "health to last \(health.hold.words)",
                    elapsed: now - began,
                    limit: health.deadline
                )
            )
            try await clock.pause(session.period)
        }
    }

    private func compareVersion(_ host: HostPassage, _ session: ReleaseSession) async throws {
        let running = try await session.attempt("its version", of: host, name) { runtime in
            try await runtime.running()
        }
        if running == .untold || running == .version(session.version) { return }
        throw StepFailure("\(host.name) runs \(running) and not \(session.version)")
    }
}
