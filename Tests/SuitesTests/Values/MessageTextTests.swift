import Suites
import Testing

@Suite struct `A message as YAML` {
    @Test(arguments: ["test.proto2.All", "test.proto3.All", "test.editions.All"])
    func `reads back as the same message, whatever is in it`(name: String) throws {
        let schema = try AllTypes.schema()
        let type = try #require(schema.message(named: name))
        var generator = MessageGenerator(schema, seed: 3)
        var compared = 0
        for _ in 0..<2000 {
            let bytes = generator.message(type)
            guard let message = try? DynamicMessage(type, in: schema, decoding: bytes) else {
                continue
            }
            let text = MessageText.lines(of: message, limit: 1_000_000).joined(separator: "\n")
            // Comments tell what has no form in YAML.
            guard !text.contains("# ") else { continue }
            compared += 1
            let (read, errors) = try schema.read(text, type)
            #expect(errors.isEmpty, "\(text)")
            // YAML has one NaN, a float has many.
            let isSame =
                text.contains(".nan")
                ? read.map { MessageText.lines(of: $0, limit: 1_000_000).joined(separator: "\n") }
                    == text
                : read?.encoded() == message.encoded()
            #expect(isSame, "\(text)")
        }
        #expect(compared > 500)
    }

    @Test func `tells of unknown fields`() throws {
        let (schema, type) = try ValuesSchema.make()
        let message = try DynamicMessage(
            type,
            in: schema,
            decoding: [0x0A, 1, 0x61, 0xC0, 0xB5, 0x03, 1]
        )
        #expect(MessageText.lines(of: message) == ["name: \"a\"", "# 4 bytes of unknown fields"])
    }

    @Test func `is cut at its limit`() throws {
        let (schema, type) = try ValuesSchema.make()
        let yaml = "tags: [\(Array(repeating: "abcdefghij", count: 1000).joined(separator: ", "))]"
        let message = try #require(try schema.read(yaml, type).0)
        let lines = MessageText.lines(of: message, limit: 100)
        #expect(lines.last == "# cut after 100 characters")
        #expect(lines.joined().count < 150)
    }

    @Test func `opens no more of an Any in an Any than a person can read`() throws {
        let (schema, type) = try ValuesSchema.make()
        let any = try #require(schema.message(named: "google.protobuf.Any"))
        let (url, value) = try (#require(any.field(1)), #require(any.field(2)))
        var message = DynamicMessage(any, in: schema)
        for _ in 0..<2000 {
            var outer = DynamicMessage(any, in: schema)
            outer[url] = .string("a/google.protobuf.Any")
            outer[value] = .bytes(message.encoded())
            message = outer
        }
        let field = try #require(type.field(named: "a_any"))
        let lines = MessageText.lines(of: .message(message), field, in: schema, limit: 1_000_000)
        #expect(lines.count < 100)
    }
}
