import Loop
import Synchronization

/// Lines of a log, which may come from any thread.
final class LogLines: Sendable {
    private let kept = Mutex<[String]>([])
    private let onLine = Mutex<(@Sendable () -> Void)?>(nil)

    var all: [String] { kept.withLock { $0 } }

    func add(_ line: String) {
        kept.withLock { $0.append(line) }
        onLine.withLock { $0 }?()
    }

    func of(_ event: String) -> [String] {
        let words = [#"event="\#(event)" "#, "event=\(event) "]
        return all.filter { line in words.contains { line.contains($0) } }
    }

    /// Returns when there are so many.
    @EventLoop
    func has(_ count: Int, of event: String) async throws {
        let waiter = Waiter<Void>()
        let look: @EventLoop @Sendable () -> Void = { [self] in
            if of(event).count >= count { waiter.fulfil(.success(())) }
        }
        onLine.withLock { $0 = { EventLoop.task { look() } } }
        look()
        try await waiter.wait(until: .now + .seconds(20), "see \(count) lines of \(event)")
    }
}
