import Loop
import Release
import Testing

/// Four hosts in two sites behind two Fronts, and a driver on them.
@EventLoop
final class FakeWorld {
    let clock = FakeClock()
    let hosts: [FakeHost]
    let fronts: [FakeFront]
    let journal = MemoryJournal()
    let events = RecordedEvents()
    var plan: PlanConfiguration
    /// Drivers that ended, so that their lease runs out.
    var gone: Set<Int> = []

    init(_ names: [String] = ["west-1", "west-2", "east-1", "east-2"]) throws {
        hosts = names.enumerated().map { FakeHost($1, "127.0.1.\($0 + 1):10000") }
        fronts = [FakeFront("edge-east", hosts), FakeFront("edge-west", hosts)]
        fronts[1].carriesStreams = false
        plan = PlanConfiguration(
            name: "shop",
            fronts: try ["edge-east", "edge-west"].map {
                .init(name: $0, admin: .init(try #require(Endpoint("127.0.0.1:9901"))))
            },
            hosts: try hosts.map { host in
                .init(
                    name: host.name,
                    site: String(host.name.prefix(4)),
                    address: try #require(SocketAddress(host.address)),
                    gateway: .init(try #require(Endpoint("127.0.0.1:9981"))),
                    commands: .init(
                        pull: [],
                        stop: [],
                        startProxy: [],
                        startApps: [],
                        version: []
                    )
                )
            },
            journal: "shop.journal",
            minAvailable: 2,
            drain: .init(quietFor: .seconds(2), streamsWithin: .seconds(30)),
            health: .init(hold: .seconds(2), deadline: .seconds(20))
        )
    }

    func host(_ name: String) throws -> FakeHost {
        try #require(hosts.first { $0.name == name })
    }

    var releaser: Releaser {
        Releaser(
            ReleaseWorld(
                plan: plan,
                planFile: "release.yaml",
                fronts: fronts,
                gateways: hosts.map { host in
                    (host.name, FakeGateway(host) { [self] in gone.contains($0.epoch) })
                },
                runtimes: Dictionary(uniqueKeysWithValues: hosts.map { ($0.name, $0) }),
                clock: clock,
                journal: journal,
                observer: events
            ),
            who: "somebody"
        )
    }

    func run(_ version: String = "v2", approval: Approval = .unavailable) async -> ReleaseEnd {
        await releaser.run(version: version, approval: approval)
    }

    /// The driver that held the lease is no more.
    func lapse() {
        for host in hosts { if let lease = host.lease { gone.insert(lease.epoch) } }
    }

    var versions: [String] { hosts.map { "\($0.running)" } }
    var cut: Int { hosts.reduce(0) { $0 + $1.cut } }
}

@EventLoop
final class MemoryJournal: Journal {
    private(set) var entries: [JournalEntry] = []
    var isBroken = false

    struct Broken: Error {}

    func write(_ entry: JournalEntry) async throws {
        if isBroken { throw Broken() }
        entries.append(entry)
    }

    func history() async throws -> JournalHistory { JournalHistory(entries) }

    func forget() { entries = [] }

    var actions: [String] {
        entries.compactMap { entry in
            entry.action.map { "\(entry.host ?? "") \($0)" }
        }
    }
}

@EventLoop
final class RecordedEvents: ReleaseObserver {
    private(set) var all: [ReleaseEvent] = []
    private(set) var impact = ImpactTable()

    func observe(_ event: ReleaseEvent) { all.append(event) }
    func ended(_ end: ReleaseEnd, impact: ImpactTable) { self.impact = impact }

    var warnings: [String] {
        all.compactMap { if case .warning(let text) = $0 { text } else { nil } }
    }

    var waits: Set<String> {
        Set(
            all.compactMap {
                if case .waiting(_, _, let reason, _, _) = $0 { reason } else { nil }
            }
        )
    }
}
