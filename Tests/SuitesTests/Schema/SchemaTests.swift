import Suites
import Testing

@Suite struct `A schema` {
    @Test func `is made of files in any order, equal ones counted once`() throws {
        let (base, user) = (file("base.proto", messages: ["Base"]), importing("base.proto"))
        let schema = try Schema([user, base, base])
        #expect(schema.files.map(\.name) == ["base.proto", "user.proto"])
        #expect(schema.message(named: "Base") != nil)
    }

    @Test func `brings the files of google along`() throws {
        var user = importing("google/rpc/status.proto")
        user.messages[0].fields = [field("status", "google.rpc.Status")]
        let schema = try Schema([user])
        #expect(schema.files.count == 3)
        #expect(schema.message(named: "google.protobuf.Any") != nil)
    }

    @Test func `holds every embedded file`() throws {
        let files = EmbeddedFiles.names.compactMap { EmbeddedFiles.file(named: $0) }
        let schema = try Schema(files)
        #expect(schema.files.count == EmbeddedFiles.names.count)
        #expect(
            schema.message(named: "google.protobuf.FieldOptions")?.field(21)?.name == "features"
        )
    }

    @Test func `is refused with the reason`() {
        var twice = file("a.proto", messages: ["A"])
        expect([twice, file("a.proto", messages: [])], "a.proto: given twice, and not the same")
        expect([importing("b.proto")], "user.proto: it imports b.proto, which is not there")
        twice.messages.append(MessageDescriptor("A"))
        expect([twice], "a.proto: A is declared twice")
        expect(
            [
                importing("user2.proto"),
                {
                    var file = importing("user.proto"); file.name = "user2.proto"; return file
                }(),
            ],
            "files that import each other in a circle, or such files: user.proto, user2.proto"
        )
        var odd = file("a.proto", messages: [])
        odd.edition = 1002
        expect(
            [odd],
            "a.proto: its edition number 1002 is not known; proto2, proto3 and the editions 2023 and 2024 are known"
        )
        odd.edition = nil
        odd.publicDependencies = [3]
        expect([odd], "a.proto: it imports publicly what it does not import")
        odd.publicDependencies = []
        odd.package = "a..b"
        expect([odd], "a.proto: a..b is no name of a package")
    }

    @Test func `is refused for a field that cannot be`() {
        expect(field("f", "Nowhere"), "A.f is of the unknown type Nowhere")
        expect(
            with {
                $0.kind = .enum; $0.typeName = "A"
            },
            "A.f is of A, which is a type of another kind"
        )
        expect(with { $0.kind = nil }, "A.f does not name its type")
        expect(with { $0.number = 0 }, "A.f cannot have number 0")
        expect(with { $0.number = 19_500 }, "A.f cannot have number 19500")
        expect(with { $0.oneofIndex = 4 }, "A has no oneof number 4")
        expect(with { $0.oneofIndex = -1 }, "A has no oneof number -1")
        expect(with { $0.defaultValue = "x" }, "\"x\" can be no default of A.f")
        expect(with { $0.name = "f-g" }, "\"f-g\" in A is no name")
        expect(with { $0.extendee = "A" }, "the field A.f names what it extends")
        expect(
            with { $0.options = DescriptorOptions([0xAA, 0x01, 9]) },
            "the options of A.f cannot be read: byte 2: 9 bytes are promised, 0 are left"
        )
    }

    @Test func `finds names from the inside out, as C++ does`() throws {
        var file = file("a.proto", messages: ["Other", "Outer"])
        file.package = "x.y"
        file.messages[1].messages = [MessageDescriptor("Other")]
        file.messages[1].fields = [
            field("inner", "Other"), field("outer", "y.Other", 2), field("full", ".x.y.Other", 3),
        ]
        let schema = try Schema([file])
        let outer = try #require(schema.message(named: "x.y.Outer"))
        #expect(
            outer.fields.map { schema.message(of: $0)?.fullName }
                == ["x.y.Outer.Other", "x.y.Other", "x.y.Other"]
        )
    }

    @Test func `knows the kind of each call`() throws {
        var file = file("a.proto", messages: ["A"])
        var service = ServiceDescriptor("S")
        for (client, server) in [(false, false), (true, false), (false, true), (true, true)] {
            var method = MethodDescriptor("M\(service.methods.count)", input: "A", output: ".A")
            (method.isClientStreaming, method.isServerStreaming) = (client, server)
            service.methods.append(method)
        }
        file.services = [service]
        file.package = ""
        let methods = try #require(try Schema([file]).service(named: "S")).methods
        #expect(
            methods.map(\.kind) == [.unary, .clientStreaming, .serverStreaming, .bidirectional]
        )
        #expect(methods[1].path == "/S/M1")
    }

    @Test func `gives each field what its syntax and features say`() throws {
        let schema = try AllTypes.schema()
        func fields(_ syntax: String, _ property: (FieldType) -> Bool) throws -> Set<String> {
            let type = try #require(schema.message(named: "test.\(syntax).All"))
            let names = [
                "one_int32", "many_int32", "other_int32", "choice_int32", "maybe",
                "one_message", "implicit", "expanded", "delimited",
            ]
            return Set(names.filter { type.field(named: $0).map(property) ?? false })
        }
        #expect(
            try fields("proto2", \.hasPresence) == ["one_int32", "choice_int32", "one_message"]
        )
        #expect(try fields("proto3", \.hasPresence) == ["choice_int32", "maybe", "one_message"])
        #expect(
            try fields("editions", \.hasPresence)
                == ["one_int32", "choice_int32", "one_message", "delimited"]
        )
        #expect(try fields("proto2", \.isPacked) == ["other_int32"])
        #expect(try fields("proto3", \.isPacked) == ["many_int32"])
        #expect(try fields("editions", \.isPacked) == ["many_int32", "other_int32"])
        #expect(try fields("editions") { $0.kind == .group } == ["delimited"])
        #expect(schema.enumeration(named: "test.proto2.Shade")?.isClosed == true)
        #expect(schema.enumeration(named: "test.proto3.Shade")?.isClosed == false)
        #expect(schema.enumeration(named: "test.editions.Shade")?.isClosed == true)
    }

    @Test func `names fields by proto and JSON name, extensions in brackets`() throws {
        let type = try #require(try AllTypes.schema().message(named: "test.proto2.All"))
        #expect(type.field(named: "one_int32")?.number == 5)
        #expect(type.field(named: "oneInt32")?.number == 5)
        #expect(type.field(named: "[test.proto2.tag]")?.number == 1000)
        #expect(type.field(named: "tag") == nil)
    }

    @Test(arguments: [
        (
            FieldDescriptor.Kind.bytes, #"a\001\377\n\""#,
            DynamicValue.bytes([0x61, 1, 255, 10, 34])
        ),
        (.float, "inf", .float(.infinity)), (.double, "-1.5e3", .double(-1500)),
        (.uint64, "18446744073709551615", .uint(.max)), (.bool, "true", .bool(true)),
    ])
    func `reads defaults`(kind: FieldDescriptor.Kind, text: String, value: DynamicValue) throws {
        var file = file("a.proto", messages: ["A"])
        var field = field("f", nil)
        (field.kind, field.defaultValue) = (kind, text)
        file.messages[0].fields = [field]
        #expect(try Schema([file]).message(named: "A")?.field(1)?.defaultValue == value)
    }

    private func expect(_ files: [FileDescriptor], _ message: String) {
        let error = #expect(throws: SchemaError.self) { try Schema(files) }
        #expect(error?.description == message)
    }

    private func expect(_ field: FieldDescriptor, _ message: String) {
        var file = file("a.proto", messages: ["A"])
        file.messages[0].fields = [field]
        expect([file], "a.proto: " + message)
    }

    private func with(_ change: (inout FieldDescriptor) -> Void) -> FieldDescriptor {
        var field = field("f", nil)
        field.kind = .int32
        change(&field)
        return field
    }

    private func field(_ name: String, _ type: String?, _ number: Int32 = 1) -> FieldDescriptor {
        var field = FieldDescriptor(name, number)
        field.typeName = type
        return field
    }

    private func file(_ name: String, messages: [String]) -> FileDescriptor {
        var file = FileDescriptor(name)
        file.messages = messages.map { MessageDescriptor($0) }
        return file
    }

    private func importing(_ name: String) -> FileDescriptor {
        var user = file("user.proto", messages: ["User"])
        user.dependencies = [name]
        return user
    }
}
