package import Loop

/// What a process of a test has said, line by line.
@EventLoop
package final class ProcessLog {
    package private(set) var lines: [String] = []
    private var waiting: [(words: String, count: Int, waiter: Waiter<Void>)] = []

    package struct Failure: Error {
        package let output: String
    }

    package init() {}

    package func add(_ line: String) {
        lines.append(line)
        for wish in waiting where has(wish.words, wish.count) { wish.waiter.fulfil(.success(())) }
    }

    /// Waits until these words have been said, `count` times.
    package func says(
        _ words: String,
        times count: Int = 1,
        within limit: Duration = .seconds(30)
    ) async throws {
        guard !has(words, count) else { return }
        let waiter = Waiter<Void>()
        waiting.append((words, count, waiter))
        do {
            try await waiter.wait(until: .now + limit, "hear \"\(words)\"")
        } catch {
            throw Failure(output: "\(error)\n" + lines.suffix(60).joined(separator: "\n"))
        }
    }

    private func has(_ words: String, _ count: Int) -> Bool {
        lines.count { $0.contains(words) } >= count
    }
}
