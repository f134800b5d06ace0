import Gateway
import Testing

@Suite struct `Tokens of the admin port` {
    private let tokens = AdminTokens(read: "read-secret", change: "change-secret")

    private func matches(_ tokens: AdminTokens, _ text: String?) -> [Bool] {
        let found = tokens.matches(text.map { Array($0.utf8) })
        return [found.read, found.change]
    }

    @Test func `are told apart`() {
        #expect(matches(tokens, "read-secret") == [true, false])
        #expect(matches(tokens, "change-secret") == [false, true])
        let one = AdminTokens(read: "same-secret", change: "same-secret")
        #expect(matches(one, "same-secret") == [true, true])
    }

    /// As a comparison with padding could get wrong: what is shorter, longer, or goes on with zeros.
    @Test(arguments: [
        "", "read-secre", "read-secret2", "read-secreT", "Read-secret", "read-secret\0",
        "\0read-secret", "read-secret read-secret", "change-secret\0\0",
        "read-secret" + String(repeating: "\0", count: AdminTokens.width - 11),
        "read-secret" + String(repeating: "\0", count: AdminTokens.width),
    ])
    func `are nothing but themselves`(text: String) {
        #expect(matches(tokens, text) == [false, false])
    }

    @Test func `may be as long as the width they are compared at, and are no prefix of more`() {
        let long = String(repeating: "x", count: AdminTokens.width)
        let tokens = AdminTokens(read: long, change: nil)
        #expect(matches(tokens, long) == [true, false])
        #expect(matches(tokens, long + "x") == [false, false])
        #expect(matches(tokens, String(long.dropLast())) == [false, false])
    }

    @Test(arguments: [nil, "", "\0", "read-secret"])
    func `that are not set are nobody's`(text: String?) {
        #expect(matches(AdminTokens(read: nil, change: nil), text) == [false, false])
        #expect(matches(AdminTokens(read: "", change: nil), nil) == [false, false])
    }
}
