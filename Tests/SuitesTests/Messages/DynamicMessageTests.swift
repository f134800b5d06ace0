import Suites
import Testing

@Suite struct `A dynamic message` {
    let schema: Schema
    let proto2: MessageType
    let proto3: MessageType

    init() throws {
        schema = try AllTypes.schema()
        proto2 = try #require(schema.message(named: "test.proto2.All"))
        proto3 = try #require(schema.message(named: "test.proto3.All"))
    }

    @Test func `merges a message that comes in pieces`() throws {
        // one_message (17) { one_int32 (5): 1 }, then { one_uint32 (11): 2 }.
        let message = try decode([0x8A, 1, 2, 0x28, 1, 0x8A, 1, 2, 0x58, 2], proto3)
        #expect(message.encoded() == [0x8A, 1, 4, 0x28, 1, 0x58, 2])
    }

    @Test func `keeps the last member of a oneof`() throws {
        // choice_int32 (305): 1, then choice_bool (308): true.
        let message = try decode([0x88, 0x13, 1, 0xA0, 0x13, 1], proto3)
        #expect(message.fields.map(\.field.name) == ["choice_bool"])
    }

    @Test func `does not tell zero from absent without presence, and does with it`() throws {
        #expect(try decode([0x28, 1, 0x28, 0], proto3).isEmpty)
        let field = try #require(proto2.field(named: "one_int32"))
        #expect(try decode([0x28, 0], proto2)[field] == .int(0))
        // Negative zero is no zero: one_double (1).
        #expect(try !decode([0x09, 0, 0, 0, 0, 0, 0, 0, 0x80], proto3).isEmpty)
    }

    @Test func `keeps unknown fields and values byte for byte`() throws {
        // Field 7000 as a number in more bytes than it needs, then one_enum (12) of no known value.
        let strange: [UInt8] = [0xC0, 0xB5, 0x03, 0x80, 0x00, 0x60, 0x63]
        let message = try decode([0x28, 1] + strange, proto2)
        #expect(message.unknownFields == strange)
        #expect(message.encoded() == [0x28, 1] + strange)
        // To proto3 an enum is open.
        #expect(try decode(strange, proto3).fields.map(\.value) == [.enumeration(99)])
    }

    @Test func `tells where it is wrong`() {
        // many_message (117) { } { one_string (9): no UTF-8 }
        let bytes: [UInt8] = [0xAA, 7, 0, 0xAA, 7, 3, 0x4A, 1, 0xFF]
        let error = #expect(throws: WireError.self) { try decode(bytes, proto3) }
        #expect(error?.description == "many_message[1].one_string, byte 8: the text is not UTF-8")
    }

    @Test func `has a bound on its size`() {
        let error = #expect(throws: WireError.self) {
            try DynamicMessage(
                proto3,
                in: schema,
                decoding: [0x28, 1, 0x28, 1],
                limits: MessageLimits(bytes: 3)
            )
        }
        #expect(error?.fault == "4 bytes are more than 3")
    }

    @Test(arguments: ["message", "group", "map", "unknown group"])
    func `is refused at the depth at which Python refuses it`(way: String) async throws {
        // A group with a message in it, and a map's entry with its value, are two levels each.
        let depths = way == "group" || way == "map" ? 45...55 : 95...105
        let questions = depths.map { depth in
            PythonMessages.Question(nested(way, depth), proto2, in: schema)
        }
        let answers = try await PythonMessages.answers(questions, files: schema.files)
        #expect(answers.map(String.init) == questions.map(\.expected))
        #expect(Set(answers.map { $0 == "refused" }).count == 2)
    }

    @Test func `grows a list in place`() throws {
        // 200,000 items one by one: in quadratic time this would not end.
        let bytes = (0..<200_000).flatMap { _ in [0xC8, 0x06, 1] as [UInt8] }
        let field = try #require(proto3.field(named: "many_int32"))
        guard case .list(let items)? = try decode(bytes, proto3)[field] else {
            Issue.record("no list")
            return
        }
        #expect(items.count == 200_000)
    }

    @Test func `grows a list in place also when its message comes in pieces`() throws {
        // one_message (17) { many_int32 (105): 1 }, again and again.
        let bytes = (0..<200_000).flatMap { _ in [0x8A, 1, 3, 0xC8, 0x06, 1] as [UInt8] }
        // Tag and length of the message, of its packed list, and the items.
        #expect(try decode(bytes, proto3).encoded().count == 2 + 3 + 2 + 3 + 200_000)
    }

    @Test func `names the required fields that are missing, also within`() throws {
        var file = FileDescriptor("a.proto")
        var message = MessageDescriptor("A")
        var (must, inner, many) = (
            FieldDescriptor("must", 1), FieldDescriptor("inner", 2), FieldDescriptor("many", 3)
        )
        (must.kind, must.label) = (.int32, .required)
        (inner.typeName, many.typeName, many.label) = ("A", "A", .repeated)
        message.fields = [must, inner, many]
        file.messages = [message]
        let schema = try Schema([file])
        let type = try #require(schema.message(named: "A"))
        let bytes: [UInt8] = [0x12, 0, 0x1A, 2, 0x08, 1, 0x1A, 0]
        let missing = try DynamicMessage(type, in: schema, decoding: bytes).missingRequired
        #expect(missing == ["must", "inner.must", "many[1].must"])
    }

    private func decode(_ bytes: [UInt8], _ type: MessageType) throws(WireError) -> DynamicMessage {
        try DynamicMessage(type, in: schema, decoding: bytes)
    }

    private func nested(_ way: String, _ depth: Int) -> [UInt8] {
        (0..<depth).reduce([]) { inner, _ in
            switch way {
            // one_message (17); group (501) and its deeper (2); map403 with a message as value.
            case "message": [0x8A, 1] + part(inner)
            case "group": [0xAB, 0x1F, 0x12] + part(inner) + [0xAC, 0x1F]
            case "map": [0x9A, 0x19] + part([0x12] + part(inner))
            default: [0xC3, 0xB5, 0x03] + inner + [0xC4, 0xB5, 0x03]
            }
        }
    }

    private func part(_ bytes: [UInt8]) -> [UInt8] {
        bytes.count < 128
            ? [UInt8(bytes.count)] + bytes
            : [UInt8(bytes.count & 127) | 128, UInt8(bytes.count >> 7)] + bytes
    }
}
