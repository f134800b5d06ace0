import Suites
import TestSupport
import Testing

@Suite struct `Descriptors in wire form` {
    @Test func `are the same when read again`() throws {
        let files = [AllTypes.proto2, AllTypes.proto3, AllTypes.editions, everything]
        #expect(try DescriptorSet.decode(DescriptorSet.encode(files)) == files)
        for file in files {
            #expect(try DescriptorSet.decodeFile(DescriptorSet.encode(file)) == file)
        }
    }

    @Test(arguments: [
        // DescriptorProto.reserved_range of 5 to 5: the end is exclusive.
        ([0x22, 0x06, 0x4A, 0x04, 0x08, 5, 0x10, 5], "the range from 5 to 5 is empty"),
        // DescriptorProto.extension_range of 9 to 2.
        ([0x22, 0x06, 0x2A, 0x04, 0x08, 9, 0x10, 2], "the range from 9 to 2 is empty"),
        // EnumDescriptorProto.reserved_range of 3 to 2: the end is inclusive.
        ([0x2A, 0x06, 0x22, 0x04, 0x08, 3, 0x10, 2], "the range from 3 to 2 is empty"),
        // FieldDescriptorProto.type = 99.
        ([0x22, 0x04, 0x12, 0x02, 0x28, 99], "there is no type 99"),
        // FileDescriptorProto.name as a number.
        ([0x08, 1], "field 1 is of wire type 0"),
        ([0x0A, 1, 0xFF], "the text is not UTF-8"),
        ([0x0A, 5, 0x61], "5 bytes are promised, 1 are left"),
    ])
    func `are refused when they are none`(bytes: [UInt8], fault: String) {
        let error = #expect(throws: WireError.self) { try DescriptorSet.decodeFile(bytes) }
        #expect(error?.fault == fault)
    }

    @Test func `are refused when nested without end`() {
        var bytes: [UInt8] = []
        for _ in 0..<50 { bytes = [0x1A] + length(bytes.count) + bytes }
        let file = [0x22] + length(bytes.count) + bytes
        let error = #expect(throws: WireError.self) { try DescriptorSet.decodeFile(file) }
        #expect(error?.fault == "messages are nested too deeply")
    }

    @Test func `trap nobody when mutated, nor does their schema`() throws {
        let valid = DescriptorSet.encode([AllTypes.proto2, everything])
        var generator = MessageGenerator(try AllTypes.schema(), seed: 2)
        var (decoded, built) = (0, 0)
        for _ in 0..<3000 {
            guard let files = try? DescriptorSet.decode(generator.mutant(of: valid)) else {
                continue
            }
            decoded += 1
            if (try? Schema(files)) != nil { built += 1 }
        }
        #expect(decoded > 100 && built > 30 && built < decoded)
    }

    private func length(_ count: Int) -> [UInt8] {
        count < 128 ? [UInt8(count)] : [UInt8(count & 127) | 128, UInt8(count >> 7)]
    }

    /// A file in which every property is set.
    private var everything: FileDescriptor {
        var file = FileDescriptor("a/b.proto")
        file.package = "a.b"
        file.dependencies = ["proto2.proto", "google/protobuf/any.proto"]
        (file.publicDependencies, file.weakDependencies) = ([1], [0])
        file.optionDependencies = ["c.proto"]
        file.edition = 1001
        file.options = DescriptorOptions([0x0A, 1, 0x61])
        var message = MessageDescriptor("M")
        message.reservedRanges = [2..<5]
        message.reservedNames = ["old"]
        message.visibility = 1
        message.extensionRanges = [.init(100, 200)]
        var field = FieldDescriptor("f", 1)
        (field.kind, field.label, field.jsonName) = (.int32, .optional, "F")
        field.defaultValue = "-7"
        message.fields = [field]
        file.messages = [message]
        var shade = EnumDescriptor("E")
        shade.values = [.init("NONE", 0), .init("MINUS", -1)]
        shade.reservedRanges = [-5...(-3)]
        shade.reservedNames = ["OLD"]
        shade.visibility = 2
        file.enums = [shade]
        var method = MethodDescriptor("Call", input: ".a.b.M", output: ".test.proto2.All")
        (method.isClientStreaming, method.isServerStreaming) = (true, true)
        method.options = DescriptorOptions([0x90, 0x02, 1])
        var service = ServiceDescriptor("S")
        service.methods = [method]
        file.services = [service]
        return file
    }
}
