package import Loop

/// Whoever knows how its services are, for `HealthService` to tell.
@EventLoop
package protocol HealthSource: AnyObject {
    /// nil when there is no such service.
    func serving(_ service: String) -> ServingStatus?
    /// All services, "" for the whole server among them.
    var services: [String] { get }
    /// Those to call after each change.
    var watchers: HealthWatchers { get }
}

/// Callbacks that are called after each change, for as long as their tokens are held.
@EventLoop
package final class HealthWatchers {
    /// Dropped, it ends the watch.
    @EventLoop
    package final class Token {
        fileprivate let body: () -> Void
        fileprivate init(_ body: @escaping () -> Void) { self.body = body }
    }

    private struct Entry {
        weak var token: Token?
    }

    private var entries: [Entry] = []

    package init() {}

    package var count: Int { entries.count { $0.token != nil } }

    package func add(_ body: @escaping @EventLoop () -> Void) -> Token {
        let token = Token(body)
        entries.removeAll { $0.token == nil }
        entries.append(Entry(token: token))
        return token
    }

    package func changed() {
        for entry in entries { entry.token?.body() }
    }
}

/// The plainest source: a table that its owner writes.
@EventLoop
package final class HealthTable: HealthSource {
    package let watchers = HealthWatchers()
    private var statuses: [String: ServingStatus]

    package init(_ statuses: [String: ServingStatus] = [:]) { self.statuses = statuses }

    package var services: [String] { statuses.keys.sorted() }

    package func serving(_ service: String) -> ServingStatus? { statuses[service] }

    package func set(_ service: String, _ status: ServingStatus?) {
        guard statuses[service] != status else { return }
        statuses[service] = status
        watchers.changed()
    }
}
