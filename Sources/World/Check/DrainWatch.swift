package import Loop

/// Watches the Fronts while a release runs: when each host was out of rotation, and how many served
/// at the least.
@EventLoop
package final class DrainWatch {
    package struct Span: Hashable, Sendable {
        package var host: String
        package var from: Instant
        package var to: Instant?
    }

    package private(set) var spans: [Span] = []
    /// The fewest hosts that any Front had in rotation at once.
    package private(set) var fewestServing: Int
    package private(set) var streamsOverDrains = 0
    package private(set) var streamsOverNone = 0
    /// Called once, when every host was out and is in again.
    package var onAllReturned: (() -> Void)?

    private let layout: WorldLayout
    private let admins: [FrontAdmin]
    private var watching: Task<Void, any Error>?

    package init(_ layout: WorldLayout) throws(WorldError) {
        self.layout = layout
        fewestServing = layout.hosts.count
        var admins: [FrontAdmin] = []
        for front in layout.frontEnvoys { admins.append(try FrontAdmin(front)) }
        self.admins = admins
    }

    package func start() {
        watching = EventLoop.task { [self] in
            while !Task.isCancelled {
                for (number, admin) in admins.enumerated() {
                    // A Front that does not answer says nothing about its hosts.
                    guard let view = try? await admin.view() else { continue }
                    note(view, at: .now, isFirst: number == 0)
                }
                try await EventLoop.sleep(for: .milliseconds(200))
            }
        }
    }

    package func stop() async {
        watching?.cancel()
        _ = await watching?.result
        for admin in admins { admin.close() }
    }

    /// Notes whether a stream lived while some host was out, or being taken out.
    package func streamLived(from begin: Instant, to end: Instant) {
        let over = spans.contains { $0.from <= end && ($0.to ?? end) >= begin }
        if over { streamsOverDrains += 1 } else { streamsOverNone += 1 }
    }

    /// Two Fronts learn of one drain at two times: the spans are the first one's.
    func note(_ view: FrontView, at now: Instant, isFirst: Bool = true) {
        var serving = 0
        for host in layout.hosts {
            let isIn = view.isServing(host.ingress)
            if isIn { serving += 1 }
            guard isFirst else { continue }
            let open = spans.lastIndex { $0.host == host.name && $0.to == nil }
            switch (isIn, open) {
            case (false, nil): spans.append(Span(host: host.name, from: now))
            case (true, let index?): spans[index].to = now
            default: continue
            }
        }
        fewestServing = min(fewestServing, serving)
        let ended = spans.filter { $0.to != nil }
        guard ended.count == spans.count, Set(ended.map(\.host)).count == layout.hosts.count
        else { return }
        onAllReturned?()
        onAllReturned = nil
    }
}
