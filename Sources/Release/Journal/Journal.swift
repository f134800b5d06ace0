import FoundationEssentials
package import Loop

/// Where a release writes down what it is about to do.
@EventLoop
package protocol Journal: AnyObject, Sendable {
    /// Comes back once the entry is on disk; without that the action must not happen.
    func write(_ entry: JournalEntry) async throws
    /// What earlier releases wrote.
    func history() async throws -> JournalHistory
}

/// The journal as a file of JSON lines that only grows.
@EventLoop
package final class FileJournal: Journal {
    package let path: String
    private var appender: Files.Appender?

    package init(_ path: String) {
        self.path = path
    }

    package func write(_ entry: JournalEntry) async throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let line = String(decoding: try encoder.encode(entry), as: UTF8.self)
        let file: Files.Appender
        if let appender { file = appender } else { file = try await Files.Appender.open(path) }
        appender = file
        try await file.append(line)
    }

    package func history() async throws -> JournalHistory {
        JournalHistory(lines: try await Files.read(path) ?? [])
    }
}
