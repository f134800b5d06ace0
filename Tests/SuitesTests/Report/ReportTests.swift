import Loop
import Suites
import TestSupport
import Testing

/// A run with a case of each verdict, told in each way.
@EventLoop
@Suite struct `A report` {
    let shop: Shop
    let result: RunResult

    init() async throws {
        shop = try await Shop()
        result = try await shop.run(
            Shop.suite(
                "",
                cases: """
                    - name: "right <&> \\"one\\" \\x01"
                      methodName: Echo
                    - name: wrong
                      methodName: Echo
                      detail:
                        requests: [{name: "a<b\\x07 & ]]>"}]
                        responses: [{name: c, count: 1}]
                        capture: {it: "responses[0].name"}
                    - name: without
                      methodName: Echo
                      detail:
                        requests: [{name: "${it}"}]
                    - name: late
                      methodName: Chat
                      timeout: 1ms
                      detail:
                        stream: [{expect: {}}]
                    """
            )
        )
    }

    @Test func `in text says what is wrong first to last, then all in one line`() {
        let lines = TextReport(result, shop.secrets, colour: false).lines
        #expect(lines.first?.hasPrefix("FAIL Shop (shop.Orders): 1 of 4 passed in ") == true)
        #expect(
            lines.last?.hasPrefix("FAIL  1 of 4 passed, 1 failed, 1 inconclusive, 1 not run in ")
                == true
        )
        #expect(lines.last?.hasSuffix(" at shop") == true)
        let text = lines.joined(separator: "\n")
        #expect(
            text.contains(
                "t.yaml:11:26: responses[0].name: expected \"c\", got \"a<b\\u0007 & ]]>\"\n"
            )
        )
        #expect(text.contains("t.yaml:11:36: responses[0].count: expected 1, got 0\n"))
        #expect(text.contains("\n  -    without"))
        #expect(text.contains("\n  ???? late"))
        #expect(!text.contains("right"))
        let painted = TextReport(result, shop.secrets, colour: true, isVerbose: true).lines
        #expect(
            painted.joined().contains("right") && painted.last?.hasPrefix("\u{1B}[31mFAIL") == true
        )
    }

    @Test func `for JUnit is XML that Python reads, with all as it was`() async throws {
        let read = try await python(
            """
            import sys, xml.etree.ElementTree as tree
            root = tree.parse(sys.argv[1]).getroot()
            print(root.tag, root.get("tests"), root.get("failures"), root.get("errors"), root.get("skipped"))
            for case in root.iter("testcase"):
                print(case.get("name"), "|", *[child.tag for child in case], "|", case.get("line"))
                float(case.get("time"))
            print(root.find(".//failure").text)
            print(root.find(".//failure").get("message"))
            """,
            JUnitReport(result, shop.secrets).text
        )
        #expect(read.hasPrefix("testsuites 4 1 1 1\n"))
        #expect(
            read.contains("\nright <&> \"one\" \u{FFFD} | | 5\nwrong | failure | 7\n"),
            "\(read)"
        )
        #expect(read.contains("\nwithout | skipped | 13\nlate | error | 17\n"), "\(read)")
        #expect(read.contains("expected \"c\", got \"a<b\\u0007 & ]]>\"\n"))
        #expect(read.hasSuffix("got \"a<b\\u0007 & ]]>\" (and 1 more)\n"))
    }

    @Test func `in JSON is what Python reads, with each verdict and who made each status`()
        async throws
    {
        let read = try await python(
            """
            import sys, json
            run = json.load(open(sys.argv[1]))
            print(run["schema"], run["address"], run["verdict"], sorted(run["counts"].items()))
            for case in run["suites"][0]["cases"]:
                print(case["name"], case["verdict"], case["line"], case.get("status"), case.get("status_from"), case["attempts"])
            print(run["suites"][0]["cases"][1]["differences"][0]["got"])
            """,
            JSONReport(result, shop.secrets).text
        )
        #expect(
            read.hasPrefix(
                "1 shop fail [('fail', 1), ('inconclusive', 1), ('pass', 1), ('skipped', 1)]\n"
            )
        )
        #expect(
            read.contains(
                "\nright <&> \"one\" \u{1} pass 5 OK server 1\nwrong fail 7 OK server 1\n"
            ),
            "\(read)"
        )
        #expect(
            read.contains(
                "\nwithout skipped 13 None None 1\nlate inconclusive 17 DEADLINE_EXCEEDED client 1\n"
            )
        )
        #expect(read.hasSuffix("\n\"a<b\\u0007 & ]]>\"\n"))
    }

    @Test func `stays JSON and XML whatever the secrets are`() async throws {
        let other = try await Shop()
        try await Files.writeDurably(bytes("null,\n"), to: other.path("a"))
        try await Files.writeDurably(bytes("name\n"), to: other.path("b"))
        let result = try await other.run(
            Shop.suite(
                "vars: {a: \"${file:a}\", b: \"${file:b}\"}",
                cases: "- name: one\n  methodName: Echo"
            )
        )
        let json = JSONReport(result, other.secrets).text
        #expect(
            try await python(
                "import sys, json; print(json.load(open(sys.argv[1]))['verdict'])",
                json
            ) == "pass\n"
        )
        let xml = JUnitReport(result, other.secrets).text
        #expect(
            try await python(
                "import sys, xml.etree.ElementTree as t; print(t.parse(sys.argv[1]).getroot().get('tests'))",
                xml
            ) == "1\n"
        )
    }

    private func python(_ program: String, _ text: String) async throws -> String {
        try await Files.writeDurably(bytes(text), to: shop.path("report"))
        let run = try await Subprocess.run(
            ["python3", "-c", program, shop.path("report")],
            until: .now + .seconds(30)
        )
        #expect(run.exit == .code(0), "\(run.output)")
        return run.output
    }
}
