package import Loop

/// What a release would do, told from the same plan and the same looks that `run` uses. Changes
/// nothing.
@EventLoop
package struct PlanText {
    let world: ReleaseWorld

    package init(_ world: ReleaseWorld) {
        self.world = world
    }

    package func lines(version: String?) async -> (lines: [String], end: ReleaseEnd) {
        let plan = world.plan
        let what = version ?? "a version"
        var lines = ["\(plan.name): \(what) to \(count(plan.hosts.count, "host")), one by one"]
        for (index, host) in plan.hosts.enumerated() {
            let canary = host.name == plan.canary ? ", the canary" : ""
            lines.append("  \(index + 1). \(host.name) (\(host.site)\(canary)) at \(host.address)")
        }
        lines.append("each host:")
        lines += rules(plan).map { "  \($0)" }
        let session = preview(version ?? "")
        var end = ReleaseEnd(.done, "nothing stands in the way of a release")
        do {
            _ = try await Preparation(world).survey()
            try await Preparation(world).inspect(session)
        } catch let refusal as Refusal {
            end = refusal.end
        } catch {
            end = ReleaseEnd(.refused, "\(error)")
        }
        lines += await judgements(session, &end)
        return (lines, end)
    }

    private func rules(_ plan: PlanConfiguration) -> [String] {
        let exclude = plan.drain.excludeWithin.map(\.words) ?? "what its checks need"
        let limit = plan.drain.onTimeout == .cut ? "then cut and counted" : "then the step fails"
        return [
            "guard         at least \(plan.minAvailable) others serve, and no Front panics",
            "drain         every Front leaves it out within \(exclude); silent for "
                + "\(plan.drain.quietFor.words); streams have \(plan.drain.streamsWithin.words), "
                + limit,
            "pull, stop    by the plan's commands, within \(plan.limits.within.words)",
            "proxy         alone, and held again",
            "connectivity  every upstream through the new proxy",
            "start         up behind the drain for \(plan.health.hold.words), within "
                + plan.health.deadline.words,
            "apitest       "
                + (plan.apiTests.map {
                    "\($0.suites.joined(separator: ", ")) at the host's own address"
                }
                    ?? "skipped: no API tests are configured"),
            "undrain       every Front sends requests again, for \(plan.health.hold.words)",
            "on failure    before stop: \(plan.onEarlyFailure.rawValue); after: "
                + plan.onFailure.rawValue,
        ]
    }

    private func judgements(
        _ session: ReleaseSession,
        _ end: inout ReleaseEnd
    ) async -> [String] {
        let fleet = await world.look()
        let hosts = world.guardHosts
        let judge = Guard(
            hosts: hosts,
            minAvailable: world.plan.minAvailable,
            configs: session.configs
        )
        var lines = ["the guard, as the Fronts are now:"]
        for host in hosts {
            let verdict = judge.judge(draining: host, in: fleet)
            let words = verdict.allows ? "may be drained" : "must not be drained"
            lines.append("  \(host.name) \(words): \(verdict.left.count) others serve")
            lines += (verdict.refusals + verdict.warnings).map { "    \($0)" }
            if !verdict.allows, end.code == .done {
                end = ReleaseEnd(.refused, "the guard would refuse \(host.name)")
            }
        }
        return lines
    }

    private func preview(_ version: String) -> ReleaseSession {
        let lease = Lease(
            release: "",
            epoch: 0,
            who: "",
            version: version,
            plan: world.plan.fingerprint,
            heartbeat: "",
            ttl: 0
        )
        let keeper = LeaseKeeper(lease, gateways: world.gateways, clock: world.clock)
        return ReleaseSession(world: world, keeper: keeper)
    }
}
