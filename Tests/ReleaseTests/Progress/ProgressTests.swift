import Loop
import Release
import Testing

@EventLoop
@Suite
struct `The lines of a build log` {
    @Test func `tell each change, and every ten seconds what is waited for`() async throws {
        let clock = FakeClock()
        var lines: [String] = []
        let progress = ProgressLines(clock: clock) { lines.append($0) }
        progress.observe(.stepBegan(host: "east-2", .drain))
        for second in 0..<25 {
            progress.observe(
                .waiting(
                    host: "east-2",
                    .drain,
                    reason: "3 streams on east-2",
                    elapsed: .seconds(second),
                    limit: .seconds(120)
                )
            )
            try await clock.pause(.seconds(1))
        }
        progress.observe(
            .stepEnded(host: "east-2", .drain, .done("silent after 25s"), took: .seconds(25))
        )
        #expect(
            lines == [
                "[00:10] east-2 drain: still waiting for 3 streams on east-2 (10s of 2m)",
                "[00:20] east-2 drain: still waiting for 3 streams on east-2 (20s of 2m)",
                "[00:25] east-2 drain: silent after 25s (25s)",
            ]
        )
    }

    @Test func `end with one plain sentence`() {
        var lines: [String] = []
        let progress = ProgressLines(clock: FakeClock()) { lines.append($0) }
        var end = ReleaseEnd(.waiting, "waiting for approval", next: .resume, details: ["detail"])
        end.planFile = "release.yaml"
        progress.ended(end, impact: ImpactTable())
        #expect(
            lines == [
                "  detail", "  next: healthgate release resume release.yaml",
                "waiting for approval",
            ]
        )
    }
}

@EventLoop
@Suite
struct `The table on a terminal` {
    @Test func `is drawn over itself, and is never wider than the terminal`() {
        let clock = FakeClock()
        var screen = ""
        let table = ProgressTable(clock: clock, width: { 30 }, write: { screen += $0 })
        table.observe(.began(release: "r", version: "v2", hosts: ["east-1", "east-2"]))
        screen = ""
        table.observe(.stepFailed(host: "east-2", .start, why: "a long reason", took: .seconds(3)))
        let lines = screen.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0].hasPrefix("\u{1B}[3A\r\u{1B}[J"))
        #expect(lines[0].hasSuffix("east-2 start: FAILED: a long reason"))
        #expect(lines[2].hasPrefix("✗ east-2  start"))
        #expect(lines[1...3].allSatisfy { $0.count < 30 })
    }
}

@Suite
struct `The proof of no impact` {
    private func snapshot(_ requests: Int, errors: Int = 0, own: Int) -> ImpactSnapshot {
        var counters = ClusterCounters()
        counters.requests = requests
        counters.serverErrors = errors
        return ImpactSnapshot(
            clusters: ["edge": ["app1": counters]],
            requests: ["edge": ["h1": own]]
        )
    }

    @Test func `books growth on the step in which it came`() {
        var ledger = ImpactLedger()
        ledger.begin(snapshot(100, own: 25))
        ledger.book(snapshot(150, own: 30), host: "a", address: "h1", step: "drain", seconds: 1)
        ledger.book(
            snapshot(180, errors: 2, own: 30),
            host: "a",
            address: "h1",
            step: "stop",
            seconds: 2
        )
        let rows = ledger.table.rows
        #expect(rows.map(\.total.requests) == [50, 30])
        #expect(rows.map(\.toHost) == [5, 0])
        #expect(rows.map(\.total.harm) == [0, 2])
        #expect(ledger.table.total.requests == 80)
    }

    @Test func `says what a restarted or silent Front leaves out`() {
        var ledger = ImpactLedger()
        ledger.begin(snapshot(100, own: 25))
        ledger.book(snapshot(7, own: 2), host: "a", address: "h1", step: "drain", seconds: 1)
        ledger.book(ImpactSnapshot(), host: "a", address: "h1", step: "pull", seconds: 1)
        ledger.book(snapshot(17, own: 2), host: "a", address: "h1", step: "stop", seconds: 1)
        #expect(ledger.table.rows.map(\.total.requests) == [7, 0, 10])
        #expect(
            ledger.table.gaps == [
                "edge restarted during a drain", "edge did not answer at the end of a pull",
            ]
        )
    }

    @Test func `is a table whose columns line up`() {
        var ledger = ImpactLedger()
        ledger.begin(snapshot(0, own: 0))
        ledger.book(snapshot(12345, own: 3), host: "a", address: "h1", step: "drain", seconds: 2.04)
        let lines = ImpactText.lines(ledger.table)
        #expect(lines.count == 4)
        #expect(Set(lines.dropFirst().map(\.count)).count == 1)
        #expect(lines[2].contains("12345"))
    }
}
