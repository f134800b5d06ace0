package import Loop

/// One driver's hold on one release: its lease, and what it learned about the Fronts.
@EventLoop
package final class ReleaseSession {
    package let world: ReleaseWorld
    package let keeper: LeaseKeeper
    package let version: String
    /// How often the Fronts are asked while a step waits for them.
    package let period: Duration = .milliseconds(250)

    package var configs: [String: FrontConfig] = [:]
    /// The clusters of each Front that hold a host, by the host's name, as they were found before
    /// anything was drained: a host that vanishes from one is not thereby out.
    package var places: [String: [String: Set<String>]] = [:]
    /// The host that is on its way.
    package var current: HostPassage?
    package private(set) var ledger = ImpactLedger()

    package init(world: ReleaseWorld, keeper: LeaseKeeper) {
        self.world = world
        self.keeper = keeper
        version = keeper.lease.version
    }

    package var plan: PlanConfiguration { world.plan }
    package var clock: any ReleaseClock { world.clock }
    package var release: String { keeper.lease.release }
    package var epoch: Int { keeper.lease.epoch }

    /// Writes down what is about to be done to a host; to be awaited before it is done.
    package func journal(_ action: HostAction, _ host: HostPassage) async throws {
        try await write(.action, host: host.name, action: action.rawValue)
    }

    package func write(
        _ event: JournalEntry.Event,
        host: String? = nil,
        step: StepName? = nil,
        action: String? = nil,
        result: String? = nil,
        text: String? = nil
    ) async throws {
        let entry = JournalEntry(
            event,
            at: clock.timeOfDay,
            release: release,
            epoch: epoch,
            version: version,
            plan: keeper.lease.plan,
            host: host,
            step: step?.rawValue,
            action: action,
            result: result,
            text: text
        )
        do {
            try await world.journal.write(entry)
        } catch {
            throw StepFailure("the journal cannot be written: \(error)")
        }
    }

    /// Asks, right before something is destroyed, whether we still hold the lease.
    package func confirmLease(excused host: HostPassage? = nil) async throws {
        try await keeper.confirm(excused: host.flatMap { $0.isDown ? $0.name : nil })
    }

    /// Takes a look at the places of every host; later looks only add to them.
    package func learnPlaces(from fleet: FleetView) {
        for view in fleet.views {
            for host in plan.hosts {
                let found = Set(view.places(of: host.address.description).keys)
                if found.isEmpty { continue }
                places[host.name, default: [:]][view.name, default: []].formUnion(found)
            }
        }
    }

    /// Reads the Fronts' configuration anew. A Front whose dump cannot be had keeps what was read,
    /// or Envoy's defaults.
    package func learnConfigs() async {
        for front in world.fronts {
            do throws(FrontError) {
                configs[front.name] = try await front.config(until: clock.now + .seconds(10))
            } catch {
                if configs[front.name] != nil { continue }
                tell(
                    .warning(
                        "\(front.name)'s configuration is unknown (\(error)): its defaults count"
                    )
                )
            }
        }
    }

    /// The settings of every cluster that holds the host.
    package func settings(of host: String) -> [ClusterSettings] {
        (places[host] ?? [:]).flatMap { front, clusters in
            clusters.map { (configs[front] ?? FrontConfig()).settings(of: $0) }
        }
    }

    package func tell(_ event: ReleaseEvent) {
        world.observer.observe(event)
    }

    package func beginLedger() async {
        ledger.begin(await world.snapshot())
    }

    package func book(_ host: HostPassage, _ step: StepName, took: Duration) async {
        ledger.book(
            await world.snapshot(),
            host: host.name,
            address: host.address,
            step: step.rawValue,
            seconds: took.seconds
        )
    }
}
