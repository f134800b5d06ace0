import Loop
import Suites
import Testing

/// Each message that is sent comes back.
@EventLoop
@Suite struct `The answers of a stream` {
    let shop: Shop

    init() async throws { shop = try await Shop() }

    private func chat(_ names: [String], _ expected: [String]) async throws -> [String] {
        func items(_ names: [String]) -> String {
            names.isEmpty ? "[]" : names.map { "\n    - name: \($0)" }.joined()
        }
        return try await shop.differences(
            Shop.suite(
                "",
                cases: """
                    - name: one
                      methodName: Chat
                      detail:
                        requests: \(items(names))
                        responses: \(items(expected))
                    """
            )
        )
    }

    @Test(arguments: [
        (["a", "b"], ["a", "b"], []),
        ([], [], []),
        (["a", "c"], ["a", "b", "c"], ["responses[1]: expected {name: \"b\"}, got missing"]),
        (["a", "b", "c"], ["a", "c"], ["responses[1]: expected no more, got name: \"b\""]),
        (["a", "x", "c"], ["a", "b", "c"], ["responses[1].name: expected \"b\", got \"x\""]),
        ([], ["a"], ["responses[0]: expected {name: \"a\"}, got missing"]),
        (
            ["b", "a"], ["a", "b"],
            [
                "responses[0]: expected {name: \"a\"}, got missing",
                "responses[1]: expected no more, got name: \"a\"",
            ]
        ),
    ])
    func `are aligned: missing, too many, another, moved`(
        names: [String],
        expected: [String],
        words: [String]
    ) async throws {
        let differences = try await chat(names, expected)
        #expect(differences == words, "\(differences)")
    }

    @Test func `are compared place by place where they are many`() async throws {
        let many = (0..<400).map { "n\($0)" }
        #expect(try await chat(many, many) == [])
        #expect(
            try await chat(many, many.dropLast() + ["x"]) == [
                "responses[399].name: expected \"x\", got \"n399\""
            ]
        )
        #expect(
            try await chat(many, many.dropLast()) == [
                "responses[399]: expected no more, got name: \"n399\""
            ]
        )
    }
}
