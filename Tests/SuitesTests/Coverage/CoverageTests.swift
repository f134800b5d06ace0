import Loop
import Suites
import Testing
import YAML

@EventLoop
@Suite struct `The coverage of suites` {
    let shop: Shop

    init() async throws { shop = try await Shop() }

    private func suites() async throws -> [Suite] {
        try await shop.load(
            Shop.suite(
                "",
                cases: """
                    - name: one
                      methodName: Echo
                      detail:
                        responses: [{name: x, color: GREEN, item: {count: !gt 1}, tags: !any }]
                    - name: two
                      methodName: Echo
                      detail:
                        error: {code: NOT_FOUND}
                    - name: three
                      methodName: Chat
                      detail:
                        stream: [{expect: {flag: true, items: [{color: !either [RED, BLUE]}]}}]
                    """
            )
        )
    }

    @Test func `is what cases call, test and expect`() async throws {
        let coverage = Coverage(try await suites())
        #expect(coverage.methods.map(\.name) == ["Echo", "Collect", "List", "Chat"])
        #expect(coverage.methods.map(\.cases) == [2, 0, 0, 1])
        #expect(coverage.share == 0.5)
        let echo = try #require(coverage.methods.first)
        // What may be anything is not tested.
        #expect(echo.testedFields == ["name", "color", "item", "item.count"])
        #expect(echo.testedEnumValues == ["color=GREEN"])
        #expect(echo.enumValues.contains("color=BLUE"))
        #expect(echo.errors == ["NOT_FOUND"])
        // A type in itself is not gone into again.
        #expect(echo.testedFields.subtracting(echo.fields) == ["item.count"])
        let chat = try #require(coverage.methods.last)
        #expect(chat.testedFields == ["flag", "items", "items.color"])
        #expect(chat.testedEnumValues == ["items.color=RED", "items.color=BLUE"])
    }

    @Test func `counts no method that somebody answers for until a day`() async throws {
        let root = try YAMLDocument.parse(
            bytes(
                """
                - { method: Collect, owner: ann, reason: unused, until: 2027-01-31 }
                - { method: shop.Orders/List, owner: bob, reason: later, until: 2026-01-01 }
                """
            ),
            file: "w.yaml"
        )
        let valid = try Waiver.read(root, today: "2026-01-02")
        #expect(valid.map(\.method) == ["Collect"])
        let coverage = Coverage(try await suites(), waivers: valid)
        #expect(coverage.share == 2.0 / 3)
        #expect(try Waiver.read(root, today: "2026-01-01").count == 2)
        let lines = CoverageText(coverage, isVerbose: true).lines
        #expect(lines.first == "shop.Orders")
        #expect(lines.contains("  ~   Collect: waived by ann until 2027-01-31: unused"))
        #expect(lines.contains("  -   List: no case"))
        #expect(lines.last == "2 of 4 methods, 1 waived: 66%")
        #expect(lines.contains { $0.hasPrefix("      not seen: color=RED, color=BLUE") })
    }

    @Test func `takes no waiver without an end`() throws {
        let root = try YAMLDocument.parse(
            bytes(
                "- { method: A, owner: o, reason: r, until: soon }\n- { method: B, owner: o, reason: r }"
            ),
            file: "w.yaml"
        )
        do {
            _ = try Waiver.read(root, today: "2026-01-01")
            Issue.record("read")
        } catch {
            #expect(
                error.problems.map(\.description) == [
                    "w.yaml:1:44: \"soon\" is no day such as 2027-01-31",
                    "w.yaml:2:3: the key until is missing",
                ]
            )
        }
    }
}
