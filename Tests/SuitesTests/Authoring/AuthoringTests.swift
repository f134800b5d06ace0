import Loop
import Suites
import Testing
import YAML

@EventLoop
@Suite struct `What apitest writes` {
    let shop: Shop

    init() async throws { shop = try await Shop() }

    @Test func `as a beginning is a suite itself, with a case for each method`() async throws {
        let files = try ProtoFiles.load(Shop.proto, importPaths: [])
        let schema = try Schema(files)
        let service = try #require(schema.service(named: "shop.Orders"))
        let lines = Skeleton(service, in: schema, proto: "shop.proto").lines
        let suite = try #require(try await shop.load(lines.joined(separator: "\n")).first)
        #expect(suite.cases.map(\.name) == service.methods.map(\.name))
        #expect(lines.contains("      #   color: RED | GREEN | BLUE"))
        #expect(lines.contains("      #   id: \"\"  (oneof key)"))
        // What stands in the comments can be taken out of them.
        let plain = lines.filter { !$0.contains("…") && !$0.contains("|") }
        #expect(plain.contains("      #   stock: { \"\": 0 }"))
    }

    /// Of a suite, and whether the schema for editors takes it.
    @Test(arguments: [
        (Shop.echo("{name: x}", "{name: x}"), true),
        (
            Shop.suite(
                "tags: [a]\ntimeout: 1m30s\nvars: {a: 1}\nmetadata: {b: c}\ncontract: {field: id, allow: x}\n"
                    + "setup: []\nteardown: []",
                cases: """
                    - name: all
                      methodName: Chat
                      tags: x
                      timeout: 500ms
                      each: [{a: 1}]
                      eventually: {within: 2s, every: 1s}
                      detail:
                        metadata: {a: b}
                        stream: [{send: {}}, {expect: {}, within: 1s}, {until: 2}, close, cancel]
                        error: {code: 5, message: x, details: [{'@type': a}]}
                        headers: {a: b}
                        trailers: {a: b}
                        capture: {a: "responses[0]"}
                        gzip: true
                    """
            ),
            true
        ),
        ("[]", false), ("- testName: x", false),
        (Shop.echo("{}", "{}").replacing("testName", with: "testname"), false),
        (Shop.echo("{}", "{}").replacing("methodName", with: "method"), false),
        (Shop.echo("{}", "{}").replacing("requests", with: "request"), false),
        (Shop.suite("reflection: true", cases: "- name: x\n  methodName: Echo"), false),
        (Shop.suite("timeout: soon", cases: "- name: x\n  methodName: Echo"), false),
        (
            Shop.suite(
                "",
                cases: "- name: x\n  methodName: Echo\n  detail: {stream: [{sent: {}}]}"
            ), false
        ),
        (Shop.suite("", cases: "- name: x\n  methodName: Echo\n  each: []"), false),
    ])
    func `for editors takes what is a suite, and nothing else`(yaml: String, isRight: Bool) throws {
        let rules = try SchemaRules(EditorSchema.text)
        let node = try YAMLDocument.parse(bytes(yaml), file: "t.yaml")
        let faults = try rules.faults(node)
        #expect(faults.isEmpty == isRight, "\(faults)")
    }
}
