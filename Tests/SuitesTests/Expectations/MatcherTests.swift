import Loop
import Suites
import Testing
import YAML

/// What is sent comes back, and is compared.
@EventLoop
@Suite struct `An answer` {
    let shop: Shop

    init() async throws { shop = try await Shop() }

    /// A request and a response that is so.
    @Test(arguments: [
        ("{}", "{name: \"\", count: 0, flag: false, tags: [], stock: {}, ratio: 0, color: RED}"),
        ("{}", "{data: \"\", big: 0, item: null, limit: null, wrapped: null, count: null}"),
        ("{}", "{limit: !absent , count: !absent , item: !absent , tags: !absent , name: !any }"),
        ("{limit: 0}", "{limit: 0}"), ("{limit: 0}", "{limit: !present }"),
        ("{item: {}}", "{item: {}}"), ("{item: {}}", "{item: !present }"),
        ("{count: 5, tags: [a]}", "{count: !present , tags: !present }"),
        ("{name: x, count: 3}", "{name: x}"), ("{name: x}", "{}"),
        ("{ratio: NaN, share: NaN}", "{ratio: NaN, share: .nan}"),
        ("{ratio: -0.0}", "{ratio: 0}"), ("{ratio: -Infinity}", "{ratio: !lt -1e308}"),
        (
            "{big: 9223372036854775807, most: 18446744073709551615}",
            "{big: \"9223372036854775807\", most: 18446744073709551615}"
        ),
        (
            "{big: 9007199254740993, most: 18446744073709551615}",
            "{big: !gt 9007199254740992, most: !gt 18446744073709551614}"
        ),
        ("{data: !hex 00ff}", "{data: AP8=}"), ("{data: AP8=}", "{data: !contains /w==}"),
        ("{data: AP8=}", "{data: !length 2}"),
        ("{color: GREEN}", "{color: 1}"), ("{color: 2}", "{color: BLUE}"),
        ("{color: 7}", "{color: 7}"),
        (
            "{at: 2024-02-29T12:00:00Z, took: 1.5s}",
            "{at: 2024-02-29T13:00:00+01:00, took: 1500ms}"
        ),
        ("{at: 1970-01-01T00:00:00Z}", "{at: {seconds: 0}}"),
        (
            "{at: 2024-02-29T12:00:00Z, took: -1.5s}",
            "{at: !gt 2024-02-29T11:59:59.999Z, took: !le -1.5s}"
        ),
        ("{at: 2024-02-29T12:00:00Z}", "{at: !lt 2024-02-29T12:00:00.000000001Z}"),
        ("{stock: {a: 1, b: 2}}", "{stock: {a: 1}}"),
        ("{stock: {a: 1, b: 2}}", "{stock: {c: !absent , b: !gt 1}}"),
        ("{stock: {a: 1, b: 2}}", "{stock: !length 2}"),
        ("{stock: {a: 1, b: 2}}", "{stock: !contains {b: 2}}"),
        ("{by_id: {7: {name: seven}}}", "{by_id: {7: {name: !regex ^s}}}"),
        ("{tags: [ab, a]}", "{tags: !unordered [!regex a, !regex b]}"),
        (
            "{tags: [abc, ab, a]}",
            "{tags: !unordered [!regex a, !regex b, !regex c]}"
        ),
        ("{tags: [b, a]}", "{tags: !unordered [a, b]}"), ("{}", "{tags: !unordered []}"),
        ("{items: [{name: a}, {name: b, count: 2}]}", "{items: !contains {name: b}}"),
        ("{items: [{name: a}, {name: b}]}", "{items: [{}, {name: b}]}"),
        ("{tags: [a, b]}", "{tags: !length {min: 2, max: 2}}"), ("{}", "{tags: !length 0}"),
        ("{name: né🇩🇪}", "{name: !length 3}"), ("{name: abc}", "{name: !length {min: 3}}"),
        ("{name: abc}", "{name: !contains b}"), ("{name: abc}", "{name: !regex '^a.c$'}"),
        ("{name: abc}", "{name: !ge abc}"), ("{name: abc}", "{name: !not abd}"),
        ("{}", "{limit: !not 0}"), ("{limit: 1}", "{limit: !not null}"),
        ("{name: abc}", "{name: !all [!regex ^a, !length 3, !not abd]}"),
        ("{count: 5}", "{count: !either [4, 5]}"), ("{}", "{limit: !either [null, 4]}"),
        ("{id: x}", "{id: x, number: !absent }"), ("{number: 0}", "{number: 0, id: !absent }"),
        (
            "{extra: {\"@type\": shop.Order, name: abc, count: 1}}",
            "{extra: {\"@type\": shop.Order, name: !regex ^a}}"
        ),
        (
            "{extra: {\"@type\": google.protobuf.Duration, value: 2s}}",
            "{extra: {\"@type\": google.protobuf.Duration, value: !gt 1s}}"
        ),
        (
            "{bag: {k: 2, l: [a, null], m: {}}, anything: [1]}",
            "{bag: {k: !gt 1, l: [!regex a, null]}, anything: [1]}"
        ),
        ("{wrapped: 5, text: hello}", "{wrapped: !gt 4, text: !regex ^h}"),
        ("{wrapped: 0, text: \"\"}", "{wrapped: 0, text: !length 0}"),
        ("{text: hello}", "{text: !contains ell}"),
    ])
    func `is as it was written`(request: String, response: String) async throws {
        #expect(try await shop.differences(Shop.echo(request, response)) == [])
    }

    /// A request, a response that is not so, and how that is told.
    @Test(arguments: [
        ("{name: a}", "{name: b}", "responses[0].name: expected \"b\", got \"a\""),
        ("{}", "{count: 1}", "responses[0].count: expected 1, got 0"),
        ("{}", "{limit: 0}", "responses[0].limit: expected 0, got absent"),
        ("{}", "{limit: !present }", "responses[0].limit: expected !present, got absent"),
        ("{}", "{count: !present }", "responses[0].count: expected !present, got 0"),
        ("{}", "{wrapped: 0}", "responses[0].wrapped: expected 0, got absent"),
        ("{}", "{item: {name: \"\"}}", "responses[0].item: expected {name: \"\"}, got absent"),
        ("{limit: 0}", "{limit: null}", "responses[0].limit: expected absent, got 0"),
        ("{item: {}}", "{item: !absent }", "responses[0].item: expected absent, got {}"),
        ("{count: 1}", "{count: !absent }", "responses[0].count: expected absent, got 1"),
        ("{ratio: NaN}", "{ratio: !ge 0}", "responses[0].ratio: expected !ge 0.0, got .nan"),
        ("{ratio: 1}", "{ratio: NaN}", "responses[0].ratio: expected .nan, got 1.0"),
        (
            "{big: 9007199254740993}", "{big: 9007199254740992}",
            "responses[0].big: expected 9007199254740992, got 9007199254740993"
        ),
        ("{data: AP8=}", "{data: AP4=}", "responses[0].data: expected \"AP4=\", got \"AP8=\""),
        ("{color: GREEN}", "{color: BLUE}", "responses[0].color: expected BLUE, got GREEN"),
        (
            "{took: 2s}", "{took: !lt 2s}", "responses[0].took: expected !lt 2s, got 2s"
        ),
        (
            "{at: 2024-02-29T12:00:00Z}", "{at: 2024-02-29T12:00:01Z}",
            "responses[0].at: expected \"2024-02-29T12:00:01Z\", got \"2024-02-29T12:00:00Z\""
        ),
        ("{stock: {a: 1}}", "{stock: {b: 1}}", "responses[0].stock[\"b\"]: expected 1, got absent"),
        (
            "{by_id: {7: {name: a}}}", "{by_id: {7: {name: b}}}",
            "responses[0].by_id[7].name: expected \"b\", got \"a\""
        ),
        (
            "{tags: [a, a]}", "{tags: !unordered [a, b]}",
            "responses[0].tags: expected !unordered [\"a\", \"b\"], got \n    - \"a\"\n    - \"a\""
        ),
        ("{tags: [a, b]}", "{tags: [a, c]}", "responses[0].tags[1]: expected \"c\", got \"b\""),
        ("{tags: [a, b]}", "{tags: [a]}", "responses[0].tags[1]: expected no more, got \"b\""),
        ("{tags: [b]}", "{tags: [a, b]}", "responses[0].tags[0]: expected \"a\", got missing"),
        (
            "{items: [{name: a}]}", "{items: !contains {name: b}}",
            "responses[0].items: expected !contains {name: \"b\"}, got - name: \"a\""
        ),
        (
            "{name: abc}", "{name: !regex ^b}",
            "responses[0].name: expected !regex \"^b\", got \"abc\""
        ),
        ("{name: abc}", "{name: !length 2}", "responses[0].name: expected !length 2, got \"abc\""),
        (
            "{name: abc}", "{name: !not abc}",
            "responses[0].name: expected !not \"abc\", got \"abc\""
        ),
        (
            "{count: 6}", "{count: !either [4, 5]}",
            "responses[0].count: expected !either [4, 5], got 6"
        ),
        ("{count: 6}", "{count: !all [!gt 1, !lt 6]}", "responses[0].count: expected !lt 6, got 6"),
        (
            "{extra: {\"@type\": shop.Order, name: a}}",
            "{extra: {\"@type\": shop.Order, name: b}}",
            "responses[0].extra.name: expected \"b\", got \"a\""
        ),
        (
            "{extra: {\"@type\": google.protobuf.Duration, value: 2s}}",
            "{extra: {\"@type\": shop.Order}}",
            "responses[0].extra: expected shop.Order {}, got \n"
                + "    \"@type\": \"type.googleapis.com/google.protobuf.Duration\"\n    value: 2s"
        ),
        ("{wrapped: 5}", "{wrapped: !gt 5}", "responses[0].wrapped.value: expected !gt 5, got 5"),
        ("{id: x}", "{number: 0}", "responses[0].number: expected 0, got absent"),
    ])
    func `is told where it is not`(request: String, response: String, words: String) async throws {
        let differences = try await shop.differences(Shop.echo(request, response))
        #expect(differences == [words], "\(differences)")
    }

    @Test func `is told in all places at once, each with the line of the suite`() async throws {
        let yaml = Shop.echo(
            "{name: a, item: {count: 1}}",
            "name: b\n      item: {count: 2}\n      flag: true"
        )
        let result = try await shop.run(yaml)
        let differences = result.suites.flatMap(\.cases).flatMap(\.differences)
        #expect(
            differences.map(\.path) == ["name", "item.count", "flag"].map { "responses[0].\($0)" }
        )
        #expect(differences.map(\.place.line) == [11, 12, 13])
    }
}
