package import Loop

/// Makes sure that the version lies on the host before anything is stopped for it.
@EventLoop
package struct PullStep: Step {
    package let name = StepName.pull

    package init() {}

    package func run(
        _ host: HostPassage,
        in session: ReleaseSession
    ) async throws -> StepResult {
        if host.runsAlready { return .skipped("\(session.version) runs already") }
        try await session.journal(.pull, host)
        try await session.attempt("the pull", of: host, name) { runtime in
            try await runtime.pull(session.version)
        }
        return .done("\(session.version) is there")
    }
}

/// Takes the running containers down: from here on there is no way back to the old version.
@EventLoop
package struct StopStep: Step {
    package let name = StepName.stop

    package init() {}

    package func run(
        _ host: HostPassage,
        in session: ReleaseSession
    ) async throws -> StepResult {
        if host.runsAlready { return .skipped("\(session.version) runs already") }
        try await session.stopContainers(of: host, name)
        return .done("nothing runs")
    }
}

/// Starts the new proxy and nothing behind it; holds the host again before any app starts.
@EventLoop
package struct ProxyStep: Step {
    package let name = StepName.proxy

    package init() {}

    package func run(
        _ host: HostPassage,
        in session: ReleaseSession
    ) async throws -> StepResult {
        if host.runsAlready { return .skipped("it runs already") }
        try await session.confirmLease(excused: host)
        try await session.journal(.startProxy, host)
        try await session.attempt("the proxy to start", of: host, name) { runtime in
            try await runtime.startProxy(session.version)
        }
        try await session.untilHeld(host, name)
        return .done("up, and held")
    }
}

extension ReleaseSession {
    /// Runs what may fail for reasons of the host, which then is the step's failure; tells that it
    /// goes on.
    @discardableResult
    func attempt<Result>(
        _ what: String,
        of host: HostPassage,
        _ step: StepName,
        _ body: @EventLoop (any HostRuntime) async throws -> Result
    ) async throws -> Result {
        let runtime = try world.runtime(of: host.name)
        let ticker = world.tick(what, host: host.name, step)
        defer { ticker.cancel() }
        do {
            return try await body(runtime)
        } catch let error as RuntimeError {
            throw StepFailure("\(error)", evidence: error.output)
        }
    }

    /// Stops what runs on the host, and asks the host that nothing does.
    func stopContainers(of host: HostPassage, _ step: StepName) async throws {
        try await confirmLease(excused: host)
        try await journal(.stop, host)
        host.isDown = true
        try await attempt("the stop", of: host, step) { try await $0.stop(version) }
        let deadline = clock.now + .seconds(10)
        while true {
            let running = try await attempt("its version", of: host, step) { runtime in
                try await runtime.running()
            }
            guard case .version(let left) = running else { return }
            guard clock.now < deadline else {
                throw StepFailure("\(left) still runs on \(host.name) after it was stopped")
            }
            try await clock.pause(period)
        }
    }

    /// Waits for the host's gateway, and puts our hold there again: it may have come up without
    /// its state, and no app has started yet.
    func untilHeld(_ host: HostPassage, _ step: StepName) async throws {
        let gateway = try world.gateway(of: host.name)
        let began = clock.now
        let limit = plan.health.deadline
        while true {
            var reason: String
            do throws(GatewayError) {
                _ = try await gateway.drain(hold, until: clock.now + .seconds(5))
                let status = try await gateway.status(until: clock.now + .seconds(5))
                host.isDown = false
                if !host.sidecarMeasured || status.inflight.known { return }
                reason = "\(host.name)'s sidecar"
            } catch {
                if case .superseded(let holder, _) = error { throw LeaseLost(holder) }
                reason = "\(host.name)'s gateway (\(error))"
            }
            let elapsed = clock.now - began
            guard elapsed < limit else {
                throw StepFailure("after \(limit.words) still waiting for \(reason)")
            }
            tell(.waiting(host: host.name, step, reason: reason, elapsed: elapsed, limit: limit))
            try await clock.pause(period)
        }
    }
}
