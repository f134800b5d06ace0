package import Loop

/// What a taken-over release finds at each host, before it decides what is left to do.
@EventLoop
package struct WorldState {
    package enum Standing: Hashable, Sendable {
        /// The new version serves, and we do not hold it.
        case finished
        /// Held by us, or down: it was on its way.
        case out
        /// Not taken yet.
        case untouched
    }

    package struct Finding: Hashable, Sendable {
        package var standing: Standing
        package var running: RunningVersion
        package var holdsOurs: Bool
        /// Nil: the gateway does not answer.
        package var isUpBehind: Bool?

        package init(
            standing: Standing,
            running: RunningVersion,
            holdsOurs: Bool,
            isUpBehind: Bool?
        ) {
            self.standing = standing
            self.running = running
            self.holdsOurs = holdsOurs
            self.isUpBehind = isUpBehind
        }
    }

    /// The world first; the journal only where the world cannot tell.
    package nonisolated static func judge(
        version: String,
        running: RunningVersion,
        holdsOurs: Bool,
        reachesGateway: Bool,
        isUpBehind: Bool,
        serves: Bool,
        noted: JournalHistory.Host?
    ) -> Finding {
        let standing: Standing
        if holdsOurs {
            standing = .out
        } else if serves {
            let isNew =
                running == .version(version)
                || (running == .untold && noted?.outcome?.hasPrefix("released") == true)
            standing = isNew ? .finished : .untouched
        } else {
            // Nobody but us takes hosts out under our lease; a host that failed by itself while
            // nothing of ours was on it is the guard's to judge.
            let wasOurs = noted.map { $0.lastAction != nil && $0.outcome != "restored" } ?? false
            let isOurs = wasOurs || !reachesGateway || running == .version(version)
            standing = isOurs ? .out : .untouched
        }
        return Finding(
            standing: standing,
            running: running,
            holdsOurs: holdsOurs,
            isUpBehind: reachesGateway ? isUpBehind : nil
        )
    }

    let session: ReleaseSession
    let history: JournalHistory.Release?

    package func find(
        _ host: PlanConfiguration.Host,
        in fleet: FleetView
    ) async throws -> Finding {
        let gateway = try session.world.gateway(of: host.name)
        var status: GatewayStatus?
        do throws(GatewayError) {
            status = try await gateway.status(until: session.clock.now + .seconds(5))
        } catch {
            session.tell(.warning("\(host.name): \(error)"))
        }
        var running = RunningVersion.untold
        do {
            running = try await session.world.runtime(of: host.name).running()
        } catch let error as RuntimeError {
            session.tell(.warning("\(host.name): \(error)"))
        }
        return WorldState.judge(
            version: session.version,
            running: running,
            holdsOurs: status?.holds.contains { $0.owner == session.release } ?? false,
            reachesGateway: status != nil,
            isUpBehind: status?.isUpBehind ?? false,
            serves: fleet.serves(host.address.description) == true,
            noted: history?.hosts[host.name]
        )
    }
}
