import Testing

@testable import healthgate

@Suite struct `A page on a screen` {
    @Test func `keeps its first line whole and cuts the others`() {
        let page = ScreenPage("one two three\nfour five six\n", columns: 8, rows: 10)
        #expect(page.lines == ["one two", "three", "four fi…", ""])
        #expect(ScreenPage("0123456789", columns: 4, rows: 9).lines == ["0123", "4567", "89"])
        #expect(ScreenPage("", columns: 1, rows: 1).lines == [""])
    }

    @Test func `says how much does not fit`() {
        let page = ScreenPage("a\nb\nc\nd", columns: 8, rows: 3)
        #expect(page.lines == ["a", "b", "… 2 more lines"])
    }

    @Test func `shows nothing that a terminal would obey`() {
        #expect(
            printable("a\u{1b}[2J\u{9b}b\nc\u{202e}d\r")
                == "a\u{fffd}[2J\u{fffd}b\nc\u{fffd}d\u{fffd}"
        )
        #expect(printable("wörld ✓") == "wörld ✓")
    }
}
