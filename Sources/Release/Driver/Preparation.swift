package import Loop
import Suites

/// What is looked at, and locked, before the first host is drained.
@EventLoop
package struct Preparation {
    let world: ReleaseWorld

    package init(_ world: ReleaseWorld) {
        self.world = world
    }

    /// What a new release must find: nobody else's lease, every Front and gateway, every host
    /// serving and none held. Changes nothing.
    /// - Returns: the highest epoch that was seen.
    package func survey() async throws -> Int {
        let deadline = world.clock.now + .seconds(5)
        let survey = await LeaseKeeper.survey(world.gateways, until: deadline)
        switch survey.start {
        case .held(let lease): throw Refusal.held(lease)
        case .unreachable(let hosts):
            throw Refusal(
                .refused,
                "\(count(hosts.count, "gateway")) cannot be reached; nothing was changed",
                details: hosts
            )
        case .free(let highest): return highest
        }
    }

    /// Looks at every Front and every host, and learns where the hosts stand.
    package func inspect(_ session: ReleaseSession) async throws {
        try await checkSuites(session)
        let fleet = await world.look()
        guard fleet.unknown.isEmpty else {
            throw Refusal(
                .refused,
                "\(count(fleet.unknown.count, "Front")) cannot be read; nothing was changed",
                details: fleet.unknown
            )
        }
        await session.learnConfigs()
        session.learnPlaces(from: fleet)
        var faults: [String] = []
        for host in world.plan.hosts {
            faults += places(of: host, session)
            if fleet.serves(host.address.description) == false {
                faults += fleet.faults(of: host.address.description).map { "\(host.name): \($0)" }
            }
            faults += await holds(on: host)
        }
        for line in Set(lint(session)).sorted() { session.tell(.warning(line)) }
        guard faults.isEmpty else {
            throw Refusal(
                .refused,
                "the fleet is not ready for a release (\(faults[0])); nothing was changed",
                details: faults
            )
        }
    }

    /// A broken test must not be found when a host is out.
    private func checkSuites(_ session: ReleaseSession) async throws {
        guard let suites = world.suites else { return }
        do throws(HostSuites.Broken) {
            let cases = try await suites.load()
            session.tell(.note("the API tests have \(count(cases, "case"))"))
        } catch {
            let first = error.problems.first ?? "they cannot be read"
            throw Refusal(
                .usage,
                "the API tests are broken (\(first)); nothing was changed",
                details: error.problems
            )
        }
    }

    /// Fetches the version on every host, so that a missing image costs no drain.
    package func pullEverywhere(_ session: ReleaseSession) async throws {
        for host in world.plan.hosts {
            let ticker = world.tick("the pull", host: host.name, nil)
            defer { ticker.cancel() }
            do {
                try await world.runtime(of: host.name).pull(session.version)
            } catch let error as RuntimeError {
                throw Refusal(
                    .failed,
                    "\(error.action) of \(session.version) failed on \(host.name) "
                        + "(\(error.why)); nothing was drained",
                    details: error.output
                )
            }
        }
        session.tell(.note("\(session.version) is on \(count(world.plan.hosts.count, "host"))"))
    }

    private func places(
        of host: PlanConfiguration.Host,
        _ session: ReleaseSession
    ) -> [String] {
        guard let places = session.places[host.name] else {
            return ["\(host.name): no Front has \(host.address) in a cluster"]
        }
        var faults: [String] = []
        for (front, clusters) in places.sorted(by: { $0.key < $1.key }) {
            // Without its dump nothing is known about its checks, and nothing is claimed.
            guard let config = session.configs[front] else { continue }
            for cluster in clusters.sorted() where config.settings(of: cluster).checks.isEmpty {
                faults.append("\(host.name): \(cluster) at \(front) has no health check to fail")
            }
        }
        return faults
    }

    private func holds(on host: PlanConfiguration.Host) async -> [String] {
        do {
            let gateway = try world.gateway(of: host.name)
            let status = try await gateway.status(until: world.clock.now + .seconds(5))
            return status.holds.map { hold in
                let reason = hold.reason.map { " (\($0))" } ?? ""
                return "\(host.name) is held by \(hold.owner)\(reason)"
            }
        } catch {
            return ["\(host.name): \(error)"]
        }
    }

    /// Settings of a Front that make a release slow or risky.
    private func lint(_ session: ReleaseSession) -> [String] {
        var lines: [String] = []
        for (front, config) in session.configs {
            let ours = session.places.values.reduce(into: Set<String>()) { all, places in
                all.formUnion(places[front] ?? [])
            }
            for name in ours {
                let place = "\(name) at \(front)"
                let settings = config.settings(of: name)
                for check in settings.checks {
                    if check.retriable.contains(where: { $0.contains(503) }) {
                        lines.append("\(place) retries a 503 before it heeds it: drains are slow")
                    }
                    if !check.isHTTP {
                        lines.append(
                            "\(place) has a check other than HTTP: a drain is no exclusion"
                        )
                    }
                    if check.noTrafficInterval > check.interval * 5 {
                        let interval = check.noTrafficInterval.words
                        lines.append("\(place) checks only every \(interval) while it is idle")
                    }
                }
            }
        }
        return lines
    }
}

extension Refusal {
    /// Somebody else's release: who, since when, and what can be done.
    static func held(_ lease: Lease) -> Refusal {
        let live = lease.live == true
        return Refusal(
            .locked,
            live
                ? "the lock is held by \(lease.words); nothing was changed"
                : "\(lease.words), has not ended; nothing was changed",
            next: live ? .status : .resumeOrAbort
        )
    }
}
