import Loop

/// The lines that a server has written, and those who wait for one.
@EventLoop
final class ServerLog {
    private(set) var lines: [String] = []
    private var waiting: [(words: String, count: Int, waiter: Waiter<Void>)] = []

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    func add(_ line: String) {
        lines.append(line)
        for wish in waiting where has(wish.words, wish.count) { wish.waiter.fulfil(.success(())) }
    }

    /// Waits until the server has said these words, `count` times.
    func says(
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
            throw Failure(description: "\(error)\n" + lines.joined(separator: "\n"))
        }
    }

    private func has(_ words: String, _ count: Int) -> Bool {
        lines.count { $0.contains(words) } >= count
    }
}
