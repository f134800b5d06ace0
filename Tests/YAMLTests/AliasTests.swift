import Testing
import YAML

@Suite struct `An alias` {
    @Test func `stands for the node of its anchor, place included`() throws {
        let root = try parse("a: &x {k: 1}\nb: *x\n")
        #expect(root["b"] == root["a"])
        #expect(root["b"]?.place.line == 1)
    }

    @Test func `without an anchor before it is refused`() {
        #expect(
            faults("a: *x\nb: &x 1\n") == ["f.yaml:1:4: the alias *x has no anchor &x before it"]
        )
    }

    @Test func `of the node around it is refused`() {
        #expect(faults("a: &x [*x]").count == 1)
    }

    @Test func `bomb is refused before it is built`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...20 {
            let uses = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(uses)]\n"
        }
        let messages = faults(text)
        #expect(messages.count == 1)
        #expect(messages.first?.contains("more than 100000 nodes") == true, "\(messages)")
    }

    @Test func `chain adds to the depth that is allowed`() {
        var text = "a0: &a0 [x]\n"
        for level in 1...100 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
        let messages = faults(text)
        #expect(messages.first?.contains("nested deeper than 64 levels") == true, "\(messages)")
    }
}

@Suite struct `The bounds on a document` {
    @Test func `hold for its size`() {
        let messages = faults("abcdef", limits: YAMLLimits(bytes: 5))
        #expect(messages == ["f.yaml:1:1: 6 bytes are more than the 5 that are read"])
    }

    @Test(arguments: ["[", "{a: ", "- ", "? "])
    func `hold for its depth`(opening: String) {
        let text = String(repeating: opening, count: 200_000)
        let messages = faults(text)
        #expect(messages.count == 1)
        #expect(messages.first?.contains("nested deeper than 64 levels") == true, "\(messages)")
    }

    @Test func `hold for the number of its nodes`() {
        #expect(faults("[1, 2, 3]", limits: YAMLLimits(nodes: 4)) == [])
        #expect(faults("[1, 2, 3, 4]", limits: YAMLLimits(nodes: 4)).count == 1)
    }
}
