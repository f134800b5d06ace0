import Glibc
import Loop
import Release
import Testing

@Suite
struct `The journal's history` {
    private func entry(
        _ event: JournalEntry.Event,
        release: String = "r1",
        epoch: Int = 1,
        host: String? = nil,
        action: HostAction? = nil,
        result: String? = nil
    ) -> JournalEntry {
        JournalEntry(
            event,
            at: "now",
            release: release,
            epoch: epoch,
            version: "v2",
            plan: "p",
            host: host,
            action: action?.rawValue,
            result: result
        )
    }

    @Test func `tells how far each host was`() throws {
        let history = JournalHistory([
            entry(.begin),
            entry(.action, host: "a", action: .drain),
            entry(.action, host: "a", action: .stop),
            entry(.host, host: "a", result: "released"),
            entry(.action, host: "b", action: .drain),
        ])
        let last = try #require(history.last)
        #expect(last.version == "v2")
        #expect(last.order == ["a", "b"])
        #expect(last.hosts["a"]?.outcome == "released")
        #expect(last.hosts["b"]?.lastAction == .drain)
        #expect(last.hosts["b"]?.stopBegun == false)
        #expect(last.end == nil)
    }

    @Test func `is that of the last release, with the epoch of its last takeover`() throws {
        let history = JournalHistory([
            entry(.begin), entry(.end), entry(.begin, release: "r2", epoch: 5),
            entry(.action, release: "r2", epoch: 5, host: "a", action: .stop),
            entry(.takeover, release: "r2", epoch: 77),
        ])
        let last = try #require(history.last)
        #expect(last.id == "r2")
        #expect(last.epoch == 77)
        #expect(last.hosts["a"]?.stopBegun == true)
    }

    @Test func `survives a torn last line`() {
        let lines = """
            {"at":"t","epoch":1,"event":"begin","plan":"p","release":"r1","version":"v2"}
            {"at":"t","epoch":1,"event":"action","host":"a","action":"drain","release":"r1"}
            {"at":"t","epoch":1,"event":"act
            """
        let history = JournalHistory(lines: Array(lines.utf8))
        #expect(history.last?.hosts["a"]?.lastAction == .drain)
        #expect(history.unreadable == 1)
        #expect(JournalHistory(lines: []).last == nil)
    }
}

@EventLoop
@Suite
struct `The journal's file` {
    @Test func `holds each entry when the call returns, also behind a torn line`() async throws {
        var template = Array("/tmp/journal-XXXXXX".utf8CString)
        let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
        let path = "\(folder)/shop.journal"
        defer {
            unlink(path)
            rmdir(folder)
        }
        let entry = JournalEntry(.begin, at: "t", release: "r1", epoch: 1, version: "v2", plan: "p")
        try await FileJournal(path).write(entry)
        let first = try #require(try await Files.read(path))
        #expect(first.last == UInt8(ascii: "\n"))
        try await Files.writeDurably(first + Array(#"{"at":"t","ev"#.utf8), to: path)
        let journal = FileJournal(path)
        try await journal.write(
            JournalEntry(.action, at: "t", release: "r1", epoch: 1, host: "a", action: "stop")
        )
        let history = try await journal.history()
        #expect(history.last?.hosts["a"]?.stopBegun == true)
        #expect(history.unreadable == 1)
    }
}
