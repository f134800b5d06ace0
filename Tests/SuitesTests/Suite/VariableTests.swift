import Glibc
import Loop
import Suites
import Testing

@EventLoop
@Suite struct `The variables of a suite` {
    let shop: Shop

    init() async throws { shop = try await Shop() }

    /// Cases that each ask Echo.
    private func cases(_ details: String...) -> String {
        details.enumerated().map { index, detail in
            "- name: c\(index)\n  methodName: Echo\n  detail:\n"
                + detail.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    @Test func `stand for texts, parts of texts, numbers, lists and messages`() async throws {
        let yaml = Shop.suite(
            """
            vars:
              who: hoge
              many: 7
              greeting: "hello ${who}"
              list: ["${who}", b]
              order: {name: "${greeting}", count: "${many}"}
            """,
            cases: cases(
                """
                requests: [{name: "${greeting}!", tags: "${list}", item: "${order}", big: "${many}"}]
                responses: [{name: "hello hoge!", tags: [hoge, b], item: {name: hello hoge, count: 7}, big: 7}]
                """
            )
        )
        #expect(try await shop.differences(yaml) == [])
    }

    @Test func `are not meant where the signs are doubled`() async throws {
        let yaml = Shop.suite(
            "",
            cases: cases(
                "requests: [{name: \"$${a} $$${b} $c\"}]\nresponses: [{name: !regex '^[$][{]a[}] [$][$][{]b[}] [$]c$'}]"
            )
        )
        #expect(try await shop.differences(yaml) == [])
    }

    @Test func `differ by row`() async throws {
        let yaml = Shop.suite(
            "vars: {pre: x-}",
            cases: """
                - name: c
                  methodName: Echo
                  each: [{n: "${pre}a", want: x-a}, {n: b, want: c}]
                  detail:
                    requests: [{name: "${n}"}]
                    responses: [{name: "${want}"}]
                """
        )
        let result = try await shop.run(yaml)
        #expect(result.verdicts == ["c [1] pass", "c [2] fail"])
    }

    @Test func `are captured from an answer for the cases behind it`() async throws {
        let yaml = Shop.suite(
            "",
            cases: cases(
                """
                requests: [{name: a, big: 9007199254740993, data: AP8=, items: [{id: deep}], stock: {"k]": 4}, by_id: {7: {count: 1}}, at: 2024-02-29T12:00:00Z, color: BLUE, ratio: NaN, bag: {x: [1, null]}}]
                capture:
                  name: responses[0].name
                  big: responses[0].big
                  data: responses[0].data
                  deep: responses[0].items[0].id
                  four: responses[0].stock["k]"]
                  one: responses[0].by_id[7].count
                  at: responses[0].at
                  color: responses[0].color
                  ratio: responses[0].ratio
                  bag: responses[0].bag
                  whole: responses[0].items[0]
                  zero: responses[0].count
                  trailer: trailers.x-bytes-bin
                """,
                """
                requests: [{name: "${deep}-${name}", big: "${big}", data: "${data}", count: "${four}", limit: "${one}", at: "${at}", color: "${color}", ratio: "${ratio}", bag: "${bag}", item: "${whole}"}]
                responses: [{name: deep-a, big: 9007199254740993, data: AP8=, count: 4, limit: 1, at: 2024-02-29T12:00:00Z, color: BLUE, ratio: NaN, bag: {x: [1, null]}, item: {id: deep}}]
                """,
                """
                metadata: {x-a-bin: "${trailer}", x-zero: "${zero}"}
                responses: [{}]
                """
            )
        )
        #expect(try await shop.differences(yaml) == [])
    }

    @Test func `that are captured are known only behind the case that does it`() async throws {
        let use = "requests: [{name: \"${it}\"}]"
        let capture = "capture: {it: \"responses[0].name\"}"
        let problems = try await shop.problems(Shop.suite("", cases: cases(use, capture)))
        #expect(problems == ["8:25: there is no variable \"it\""])
        #expect(try await shop.problems(Shop.suite("", cases: cases(capture, use))) == [])
    }

    @Test func `that were not captured keep a case from being sent`() async throws {
        let yaml = Shop.suite(
            "contract: {field: name, allow: [good]}",
            cases: cases(
                "requests: [{name: good}]\nresponses: [{name: other}]\ncapture: {it: \"responses[0].name\"}",
                "requests: [{name: \"${it}\"}]"
            )
        )
        let result = try await shop.run(yaml)
        #expect(result.verdicts == ["c0 fail", "c1 skipped"])
        #expect(
            result.suites.first?.cases.last?.problem
                == "not run, since no case before it has captured \"${it}\""
        )
    }

    @Test func `that do not fit, or that the contract forbids, fail the case before it is sent`()
        async throws
    {
        let yaml = Shop.suite(
            "contract: {field: id, allow: [a]}",
            cases: cases(
                "requests: [{id: a, name: b}]\ncapture: {it: \"responses[0].name\"}",
                "requests: [{id: \"${it}\"}]",
                "requests: [{id: a, count: \"${it}\"}]"
            )
        )
        let result = try await shop.run(yaml)
        #expect(result.verdicts == ["c0 pass", "c1 fail", "c2 fail"])
        let last = try #require(result.suites.first).cases.dropFirst()
        #expect(last.allSatisfy { $0.record == nil })
        #expect(
            last.compactMap(\.problem).map { $0.split(separator: ": ", maxSplits: 1).last } == [
                "id \"b\" is not among the accounts of the contract: a",
                "expected a whole number for count, found text: \"b\"",
            ]
        )
    }

    @Test func `that are not in the answer fail the case that captures them`() async throws {
        let yaml = Shop.suite("", cases: cases("capture: {it: \"responses[0].limit\"}"))
        let differences = try await shop.differences(yaml)
        #expect(differences.count == 1)
        #expect(differences.first?.hasSuffix("there is nothing to capture as it") == true)
    }

    @Test func `come from the environment and from files, and are shown nowhere`() async throws {
        let secret = "se\"cr\\et\u{1}" + String(repeating: "x", count: 80)
        setenv("SHOP_TEST_SECRET", secret, 1)
        defer { unsetenv("SHOP_TEST_SECRET") }
        try await Files.writeDurably(bytes("fil<e&secret\nsecond line\n"), to: shop.path("token"))
        let yaml = Shop.suite(
            "vars: {f: \"${file:token}\"}",
            cases: cases(
                "requests: [{name: \"${env:SHOP_TEST_SECRET}\", tags: [\"${f}\"]}]\n"
                    + "responses: [{name: \"a${env:SHOP_TEST_SECRET}b\", tags: [\"${f}?\"]}]",
                "requests: [{name: \"\(String(repeating: "y", count: 1990))${f}\"}]\nresponses: [{tags: [a], name: b}]"
            )
        )
        let result = try await shop.run(yaml)
        #expect(result.verdicts == ["c0 fail", "c1 fail"])
        let texts = [
            TextReport(result, shop.secrets, colour: false).lines.joined(separator: "\n"),
            JSONReport(result, shop.secrets).text, JUnitReport(result, shop.secrets).text,
        ]
        for text in texts {
            #expect(text.contains("a***b"), "\(text)")
            #expect(
                !text.contains("se\\\"cr") && !text.contains("xxxx") && !text.contains("se\"cr")
            )
            #expect(!text.contains("fil<e") && !text.contains("fil&lt;e"), "\(text)")
        }
        // A message that cuts it shows no part of it either.
        let wrong = try await shop.problems(
            Shop.suite("", cases: cases("requests: [{count: \"${env:SHOP_TEST_SECRET}\"}]"))
        )
        #expect(wrong.count == 1)
        let masked = shop.secrets.masked(wrong.joined())
        #expect(masked.contains("***") && !masked.contains("xxx") && !masked.contains("cr"))
    }

    @Test func `that stand for gigabytes are refused`() async throws {
        var vars = "vars:\n  a0: \(String(repeating: "x", count: 100))"
        for index in 1...12 {
            let list = (0..<10).map { _ in "\"${a\(index - 1)}\"" }.joined(separator: ", ")
            vars += "\n  a\(index): [\(list)]"
        }
        let problems = try await shop.problems(
            Shop.suite(vars, cases: cases("requests: [{bag: {x: \"${a12}\"}}]"))
        )
        #expect(
            problems.contains { $0.hasSuffix("this is larger than 16 MiB with its variables") }
        )
        let texts = (1...40).map { "\n  a\($0): \"${a\($0 - 1)}${a\($0 - 1)}\"" }.joined()
        #expect(
            try await shop.problems(
                Shop.suite("vars:\n  a0: xxxxxxxxxx\(texts)", cases: cases("requests: [{}]"))
            ).first?.hasSuffix("this is larger than 16 MiB with its variables") == true
        )
    }
}
