import Loop
import Suites
import Testing
import YAML

@EventLoop
@Suite struct `A suite` {
    let shop: Shop

    init() async throws { shop = try await Shop() }

    @Test func `is read from the least that says it`() async throws {
        let suite = try #require(
            try await shop.load(Shop.echo("name: hoge", "name: hoge")).first
        )
        #expect(suite.name == "Shop" && suite.service.fullName == "shop.Orders")
        #expect(suite.cases.map(\.name) == ["one"])
        #expect(suite.cases.map(\.method.path) == ["/shop.Orders/Echo"])
        #expect(suite.all.count == 1)
    }

    @Test func `has one case for each row of a table, and tags of its own and of its cases`()
        async throws
    {
        let suite = try #require(
            try await shop.load(
                Shop.suite(
                    "tags: all",
                    cases: """
                        - name: each
                          methodName: Echo
                          tags: [slow, smoke]
                          each: [{n: a}, {n: b}]
                          detail:
                            requests: [{name: "${n}"}]
                        - name: plain
                          methodName: Echo
                        """
                )
            ).first
        )
        #expect(suite.cases.map(\.name) == ["each [1]", "each [2]", "plain"])
        #expect(
            suite.cases.map(\.tags) == [
                ["all", "slow", "smoke"], ["all", "slow", "smoke"], ["all"],
            ]
        )
    }

    /// What stands in a case's detail, and what is wrong with it. It begins at 8:7.
    @Test(arguments: [
        ("requests: [{nmae: x}]", "8:19: shop.Order has no field \"nmae\"; did you mean name?"),
        (
            "responses: [{colour: RED}]",
            "8:20: shop.Order has no field \"colour\"; did you mean color?"
        ),
        (
            "responses: [{item: {color: GREN}}]",
            "8:34: shop.Color has no value \"GREN\"; did you mean GREEN?"
        ),
        ("requests: [{}, {}]", "8:17: Echo is unary: it takes one request, not 2"),
        ("requests: []", "8:17: Echo is unary: it takes one request, not 0"),
        ("requests: {}", "8:17: expected a list of requests"),
        ("responses: [{}, {}]", "8:18: Echo is unary: it answers once, not 2 times"),
        (
            "responses: []",
            "8:18: Echo is unary: it always answers, and OK without an answer is no answer"
        ),
        ("response: [{}]", "8:7: unknown key \"response\"; did you mean responses?"),
        (
            "responses: [{name: !regex '('}]",
            "8:26: \"(\" is no regular expression: expected ')'"
        ),
        ("responses: [{count: !regex a}]", "8:27: !regex is for text"),
        ("responses: [{flag: !gt true}]", "8:26: !gt is for numbers, text, times and durations"),
        ("responses: [{item: !lt {}}]", "8:26: !lt is for numbers, text, times and durations"),
        (
            "responses: [{count: !gt x}]",
            "8:27: expected a whole number for count, found text: \"x\""
        ),
        ("responses: [{name: !unordered [a]}]", "8:26: !unordered is for lists"),
        ("responses: [{tags: !unordered a}]", "8:26: !unordered wants a list"),
        ("responses: [{count: !length 1}]", "8:27: !length is for text, bytes, lists and maps"),
        ("responses: [{name: !length {min: 2, max: 1}}]", "8:26: min is more than max"),
        ("responses: [{name: !length -1}]", "8:26: must be 0 or more"),
        ("responses: [{count: !contains 1}]", "8:27: !contains is for text, bytes, lists and maps"),
        ("responses: [{name: !any x}]", "8:26: !any stands alone"),
        ("responses: [{name: !all x}]", "8:26: !all wants a list of what to compare with"),
        ("responses: [{name: !regx x}]", "8:26: unknown tag !regx"),
        ("requests: [{name: !regex x}]", "8:25: unknown tag !regex"),
        ("error: {code: OK}", "8:21: OK is no error"),
        (
            "error: {code: NOT_FUND}",
            "8:21: there is no status code \"NOT_FUND\"; did you mean NOT_FOUND?"
        ),
        (
            "error: {details: [{\"@type\": google.rpc.ErorInfo}]}",
            "8:35: there is no message \"google.rpc.ErorInfo\"; did you mean google.rpc.ErrorInfo?"
        ),
        ("headers: {X-Request: a}", "8:17: metadata has names in lower case only"),
        (
            "metadata: {X-Request: a}",
            "8:29: metadata \"X-Request\": a name is made of a-z, 0-9, \"_\", \"-\", \".\""
        ),
        ("metadata: {x-a-bin: \"*\"}", "8:27: \"*\" is no base64"),
        ("metadata: {te: a}", "8:22: metadata te: the call sets it itself"),
        ("requests: [{name: \"${none}\"}]", "8:25: there is no variable \"none\""),
        (
            "requests: [{name: \"${none\"}]",
            "8:25: ${ without } (for the signs themselves write $${)"
        ),
        (
            "requests: [{name: \"${env:NO_SUCH_NAME_HERE}\"}]",
            "8:25: the environment has no \"NO_SUCH_NAME_HERE\""
        ),
        (
            "capture: {it: \"responses[0].nmae\"}",
            "8:21: shop.Order has no field \"nmae\"; did you mean name?"
        ),
        (
            "capture: {it: \"answers.name\"}",
            "8:21: \"answers.name\" is no place in an answer: write for example responses[0].order.id, headers.x-request, trailers.x-cost or error.message"
        ),
        (
            "capture: {it: \"responses[0].tags.x\"}",
            "8:21: \"responses[0].tags.x\": \"x\" is in no message"
        ),
        (
            "capture: {it: \"responses[99999999999999999999]\"}",
            "8:21: \"responses[99999999999999999999]\" is no place in an answer: write for example responses[0].order.id, headers.x-request, trailers.x-cost or error.message"
        ),
        ("capture: {a-b: \"responses[0].name\"}", "8:17: \"a-b\" is no name for a variable"),
        ("stream: [{send: {}}, {send: {}}]", "8:15: Echo is unary: it takes one request, not 2"),
        ("stream: [{expect: {}}]", "8:15: Echo is unary: it takes one request, not 0"),
        (
            "stream: [{send: {}}, {expect: {}}, {expect: {}}]",
            "8:15: Echo is unary: it answers once, not 2 times"
        ),
        ("stream: [{send: {}}, {until: 3}]", "8:15: Echo is unary: it answers once, not 3 times"),
        ("stream: [{send: {}}, cancel, {expect: {}}]", "8:28: nothing can follow cancel"),
        ("stream: [close, {send: {}}]", "8:23: nothing can be sent after close"),
        (
            "stream: [{sent: {}}, {send: {}}]",
            "8:16: a step is one of send, expect, until, close, cancel"
        ),
        ("stream: [{send: {}}, {until: 0}]", "8:36: must be 1 to 1000000"),
        (
            "stream: [{send: {nmae: x}}]",
            "8:24: shop.Order has no field \"nmae\"; did you mean name?"
        ),
        (
            "stream: [{send: {}, within: 1s}]",
            "8:27: unknown key \"within\"; known: cancel, close, expect, send, until"
        ),
        (
            "{stream: [{send: {}}], requests: [{}]}",
            "8:16: stream says what is sent and expected: requests and responses cannot stand beside it"
        ),
    ])
    func `is refused for its detail, at the place`(detail: String, problem: String) async throws {
        let cases = "- name: one\n  methodName: Echo\n  detail:\n    \(detail)"
        let problems = try await shop.problems(Shop.suite("", cases: cases))
        #expect(problems == [problem], "\(problems)")
    }

    /// What stands in a case, whose lines begin at 6:5.
    @Test(arguments: [
        ("methodName: Ecko", "6:17: shop.Orders has no method \"Ecko\"; did you mean Echo?"),
        (
            "method: Echo",
            "6:5: unknown key \"method\"; known: detail, each, eventually, methodName, name, tags, timeout"
        ),
        (
            "methodName: Echo\n  each: []",
            "7:11: expected a list of rows, each a mapping of names to values"
        ),
        ("methodName: Echo\n  each: [x]", "7:12: expected a mapping of names to values"),
        ("methodName: Echo\n  timeout: 0s", "7:14: 0s is not within 1ms to 1h"),
        ("methodName: Echo\n  eventually: {every: 1s}", "7:17: the key within is missing"),
        ("methodName: Echo\n  tags: []", "7:11: must not be empty"),
        (
            "methodName: Echo\n- name: one\n  methodName: Echo",
            "7:5: \"one\" is also the name of the case at line 5"
        ),
    ])
    func `is refused for a case, at the place`(text: String, problem: String) async throws {
        let problems = try await shop.problems(
            Shop.suite("", cases: "- name: one\n  \(text)")
        )
        #expect(problems.contains(problem), "\(problems)")
    }

    @Test(arguments: [
        ("", "1:1: expected a list of suites, each with testName"),
        ("a: b", "1:1: expected a list of suites, each with testName"),
        ("- testName: x\n  cases: [", "3:1: "),
        ("- testName: x\n  proto: shop.proto\n  cases: []", "1:3: the key serviceName is missing"),
        (
            "- testName: x\n  serviceName: Orders\n  cases: []",
            "1:3: the key proto is missing (or descriptors, or reflection)"
        ),
        (
            "- testName: x\n  serviceName: Orders\n  proto: shop.proto",
            "1:3: the key cases is missing"
        ),
        ("- testName: x\n  serviceName: Orders\n  proto: ./shp.proto\n  cases: []", "3:10: "),
        (
            "- testName: x\n  serviceName: Ordrs\n  proto: ./shop.proto\n  cases: []",
            "2:16: there is no service \"Ordrs\"; did you mean Orders?"
        ),
        (
            "- testName: x\n  serviceName: Orders\n  reflection: true\n  cases: []",
            "3:15: reflection asks the server, and there is none here: give --address, or name a proto"
        ),
        ("- testName: x\n  serviceName: Orders\n  descriptors: shop.proto\n  cases: []", "3:16: "),
        (
            "- testName: x\n  serviceName: Orders\n  proto: a\n  reflection: true\n  cases: []",
            "1:3: only one of proto, reflection can say where the types are"
        ),
        (
            "- testName: x\n  servceName: Orders\n  serviceName: Orders\n  proto: shop.proto\n  cases: []",
            "2:3: unknown key \"servceName\""
        ),
    ])
    func `is refused as a whole`(yaml: String, problem: String) async throws {
        let problems = try await shop.problems(yaml)
        #expect(problems.contains { $0.hasPrefix(problem) }, "\(problems)")
    }

    @Test func `is told what is wrong with its proto, at the line of the proto`() async throws {
        try await Files.writeDurably(
            bytes("syntax = \"proto3\";\nmessage A { B b = 1; }"),
            to: shop.path("b.proto")
        )
        let problems = try await shop.problems(
            "- testName: x\n  serviceName: Orders\n  proto: b.proto\n  cases: []"
        )
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("3:10: ") == true)
        #expect(problems.first?.hasSuffix("b.proto:2:13: B is not defined") == true, "\(problems)")
    }

    @Test func `is told all that is wrong at once, of all files`() async throws {
        try await Files.writeDurably(bytes(Shop.echo("{nmae: x}", "{}")), to: shop.path("a.yaml"))
        try await Files.writeDurably(bytes("x"), to: shop.path("b.yaml"))
        let loader = SuiteLoader(secrets: shop.secrets)
        do {
            _ = try await loader.load([
                shop.path("a.yaml"), shop.path("b.yaml"), shop.path("none.yaml"),
            ])
            Issue.record("read")
        } catch {
            #expect(error.problems.count == 3, "\(error)")
        }
    }

    @Test func `sends nothing outside the accounts of its contract`() async throws {
        func problems(_ request: String, _ method: String = "Echo") async throws -> [String] {
            try await shop.problems(
                Shop.suite(
                    "contract: {field: id, allow: [t1, \"7\"], without: [List]}",
                    cases:
                        "- name: one\n  methodName: \(method)\n  detail:\n    requests: [\(request)]"
                )
            )
        }
        #expect(try await problems("{id: t1}") == [])
        #expect(try await problems("{item: {id: t1}}") == [])
        #expect(try await problems("{}", "List") == [])
        let foreign = "9:18: id \"t2\" is not among the accounts of the contract: t1, 7"
        #expect(try await problems("{id: t2}") == [foreign])
        #expect(try await problems("{id: t1, items: [{id: t2}]}") == [foreign])
        #expect(try await problems("{id: t1, by_id: {1: {id: t2}}}") == [foreign])
        #expect(try await problems("{id: t1, extra: {\"@type\": shop.Order, id: t2}}") == [foreign])
        #expect(
            try await problems("{}") == [
                "9:18: the request names no id, and the contract allows t1, 7 alone "
                    + "(or list Echo under without)"
            ]
        )
    }
}
