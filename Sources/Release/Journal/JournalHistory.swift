import FoundationEssentials

/// What a journal tells about its last release.
package struct JournalHistory: Hashable, Sendable {
    package struct Release: Hashable, Sendable {
        package var id: String
        package var version: String
        package var plan: String
        package var epoch: Int
        package var begun: String
        package var hosts: [String: Host] = [:]
        /// In the order in which they were first touched.
        package var order: [String] = []
        package var canaryApproved = false
        /// Nil while it has not ended, as after a kill.
        package var end: String?
    }

    package struct Host: Hashable, Sendable {
        /// The last thing that was about to be done; whether it was, only the world knows.
        package var lastAction: HostAction?
        package var lastStep: String?
        package var outcome: String?
        /// Whether a `stop` was ever begun: from then on the old version may be gone.
        package var stopBegun = false

        package init() {}
    }

    package private(set) var last: Release?
    /// Lines that could not be read: a torn last line, or damage.
    package private(set) var unreadable = 0

    package init(lines: [UInt8] = []) {
        let decoder = JSONDecoder()
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            if let entry = try? decoder.decode(JournalEntry.self, from: Data(line)) {
                take(entry)
            } else {
                unreadable += 1
            }
        }
    }

    package init(_ entries: [JournalEntry]) {
        for entry in entries { take(entry) }
    }

    private mutating func take(_ entry: JournalEntry) {
        if entry.event == .begin || last?.id != entry.release {
            guard entry.event == .begin || entry.event == .takeover else { return }
            last = Release(
                id: entry.release,
                version: entry.version ?? "",
                plan: entry.plan ?? "",
                epoch: entry.epoch,
                begun: entry.at
            )
        }
        guard var release = last else { return }
        // A driver that was taken over may still have written what it saw; it counts no more.
        guard entry.epoch >= release.epoch else { return }
        release.epoch = entry.epoch
        if entry.event != .end { release.end = nil }
        if let name = entry.host {
            if release.hosts[name] == nil { release.order.append(name) }
            release.hosts[name, default: Host()].take(entry)
        }
        if entry.event == .approved { release.canaryApproved = true }
        if entry.event == .end { release.end = entry.text ?? "ended" }
        last = release
    }
}

extension JournalHistory.Host {
    fileprivate mutating func take(_ entry: JournalEntry) {
        switch entry.event {
        case .action:
            lastAction = entry.action.flatMap(HostAction.init)
            outcome = nil
            if lastAction == .stop { stopBegun = true }
        case .step: lastStep = entry.step
        case .host:
            outcome = entry.result
            if outcome == "restored" { stopBegun = false }
        case .begin, .takeover, .approved, .end: break
        }
    }
}
