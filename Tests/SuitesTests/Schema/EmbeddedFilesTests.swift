import Loop
import Suites
import TestSupport
import Testing

@Suite struct `The embedded files of google` {
    @Test func `declare what those of Python's protobuf declare`() async throws {
        let folder = #filePath.split(separator: "/").dropLast()
        let python = "/" + folder.dropLast(3).joined(separator: "/") + "/.venv/bin/python"
        let script = "/\(folder.joined(separator: "/"))/embedded.py"
        let temporary = try TemporaryFolder()
        let sink = temporary.path + "/set"
        let run = try await Subprocess.run([python, script, sink], until: .now + .seconds(60))
        try #require(run.exit == .code(0), "\(run.output)")
        let theirs = try DescriptorSet.decode(try #require(try await Files.read(sink)))
        #expect(theirs.count == 8)
        for file in theirs {
            let ours = try #require(EmbeddedFiles.file(named: file.name), "\(file.name)")
            #expect(ours.bare == file.bare, "\(file.name)")
        }
    }
}

// Without what the embedded files leave out: options for code generators, reserved names, and the order.

extension FileDescriptor {
    fileprivate var bare: FileDescriptor {
        var file = self
        file.options = nil
        file.messages = messages.map(\.bare).sorted { $0.name < $1.name }
        file.enums = enums.map(\.bare)
        return file
    }
}

extension MessageDescriptor {
    fileprivate var bare: MessageDescriptor {
        var message = self
        // An entry of a map stays one.
        if options != DescriptorOptions([0x38, 1]) { message.options = nil }
        (message.reservedRanges, message.reservedNames) = ([], [])
        message.extensionRanges = extensionRanges.prefix(1).map {
            ExtensionRange($0.start, 0x2000_0000)
        }
        message.visibility = nil
        message.fields = fields.map { field in
            var field = field
            field.options = nil
            field.jsonName = nil
            return field
        }
        message.messages = messages.map(\.bare)
        message.enums = enums.map(\.bare)
        return message
    }
}

extension EnumDescriptor {
    fileprivate var bare: EnumDescriptor {
        var copy = self
        copy.options = nil
        copy.values = values.map { Value($0.name, $0.number) }
        (copy.reservedRanges, copy.reservedNames, copy.visibility) = ([], [], nil)
        return copy
    }
}
