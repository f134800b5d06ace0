package import Loop

/// Shows a release on a terminal as a table that is drawn over itself, one row a host, with what
/// happened to it above as lines.
@EventLoop
package final class ProgressTable: ReleaseObserver {
    private struct Row {
        var host: String
        var step = ""
        var text = "waiting for its turn"
        var mark = " "
    }

    private let clock: any ReleaseClock
    private let write: @EventLoop (String) -> Void
    private let width: @EventLoop () -> Int
    private let began: Instant
    private var rows: [Row] = []
    private var drawn = 0
    private var lastDraw: Instant?

    /// - Parameters:
    ///   - write: puts text on the terminal as it is.
    ///   - width: the terminal's columns now.
    package init(
        clock: any ReleaseClock,
        width: @escaping @EventLoop () -> Int,
        write: @escaping @EventLoop (String) -> Void
    ) {
        self.clock = clock
        self.width = width
        self.write = write
        began = clock.now
    }

    package func observe(_ event: ReleaseEvent) {
        switch event {
        case .began(let release, let version, let hosts):
            rows = hosts.map { Row(host: $0) }
            draw(above: ["release \(release): \(version)"])
        case .note(let text): draw(above: [text])
        case .warning(let text): draw(above: ["warning: \(text)"])
        case .stepBegan(let host, let step):
            change(host) { row in (row.step, row.text, row.mark) = (step.rawValue, "", "▸") }
            draw()
        case .waiting(let host, let step, let reason, let elapsed, let limit):
            change(host) { row in
                if let step { row.step = step.rawValue }
                row.text = "\(reason) (\(elapsed.words) of \(limit.words))"
            }
            // Looked at by a person: a few times a second is enough.
            if let lastDraw, clock.now - lastDraw < .milliseconds(200) { return }
            draw()
        case .stepEnded(let host, _, let result, _):
            change(host) { $0.text = result.words }
            draw()
        case .stepFailed(let host, let step, let why, _):
            change(host) { row in (row.step, row.text, row.mark) = (step.rawValue, why, "✗") }
            draw(above: ["\(host) \(step.rawValue): FAILED: \(why)"])
        case .hostEnded(let host, let outcome):
            change(host) { row in
                row.step = outcome.word
                row.mark = outcome.needsHands ? "✗" : "✓"
            }
            draw()
        case .output: break
        }
    }

    package func ended(_ end: ReleaseEnd, impact: ImpactTable) {
        draw(above: [])
        drawn = 0
        for line in EndText.lines(end, impact) { write(line + "\n") }
    }

    private func change(_ host: String, _ body: (inout Row) -> Void) {
        if let index = rows.firstIndex(where: { $0.host == host }) { body(&rows[index]) }
    }

    private func draw(above lines: [String] = []) {
        lastDraw = clock.now
        let columns = max(20, width())
        // Up over the table, and everything below the cursor away.
        var text = drawn > 0 ? "\u{1B}[\(drawn)A\r\u{1B}[J" : ""
        for line in lines { text += line + "\n" }
        for line in tableLines(columns) { text += line + "\n" }
        drawn = rows.isEmpty ? 0 : rows.count + 1
        write(text)
    }

    /// Never wider than the terminal: a line that wraps would not be drawn over.
    private func tableLines(_ columns: Int) -> [String] {
        if rows.isEmpty { return [] }
        let name = rows.map(\.host.count).max() ?? 0
        let step = max(12, rows.map(\.step.count).max() ?? 0)
        let lines = rows.map { row in
            "\(row.mark) \(padded(row.host, name))  \(padded(row.step, step))  \(row.text)"
        }
        let elapsed = (clock.now - began).words
        return (lines + ["  \(elapsed)"]).map { String($0.prefix(columns - 1)) }
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
