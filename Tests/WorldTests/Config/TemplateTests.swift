import Testing
import World

@Suite struct `A template` {
    @Test func `replaces every place of each value, and nothing that it put in itself`() throws {
        var template = Template("a: 1, b: 2, again: 1")
        try template.replace(all: [("1", "2"), ("2", "3")])
        #expect(template.rendered == "a: 2, b: 3, again: 2")
    }

    @Test func `refuses a value that is not there`() {
        var template = Template("port_value: 9901")
        #expect(throws: WorldError.self) { try template.replace("port_value: 9902", by: "1") }
    }
}
