import Glibc
import Loop
import TestSupport
import Testing

@EventLoop
@Suite struct `A durable write` {
    let folder: TemporaryFolder
    var path: String { "\(folder.path)/state" }

    init() throws { folder = try TemporaryFolder() }

    @Test func `is read back, and replaces what was there`() async throws {
        try await Files.writeDurably([1, 2, 3], to: path)
        try await Files.writeDurably([4], to: path)
        #expect(try await Files.read(path) == [4])
        #expect(folder.names == ["state"])
    }

    @Test func `is for our eyes only`() async throws {
        try await Files.writeDurably([1], to: path)
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test func `to a folder that is not there fails and says so`() async {
        await #expect {
            try await Files.writeDurably([1], to: "\(folder.path)/none/state")
        } throws: {
            "\($0)".contains("none/state.new: No such file or directory")
        }
    }

    @Test func `that cannot take the name leaves nothing behind`() async throws {
        #expect(mkdir(path, 0o700) == 0)
        defer { rmdir(path) }
        await #expect(throws: LoopError.self) { try await Files.writeDurably([1], to: path) }
        #expect(folder.names == ["state"])
    }

    @Test func `of a file that does not exist reads as nothing`() async throws {
        #expect(try await Files.read(path) == nil)
    }

    @Test func `read as a folder is an error, not nothing`() async {
        await #expect(throws: LoopError.self) { try await Files.read(folder.path) }
    }
}

@EventLoop
@Suite struct `A journal file` {
    let folder: TemporaryFolder
    var path: String { "\(folder.path)/journal" }

    init() throws { folder = try TemporaryFolder() }

    @Test func `grows by lines and is continued after a restart`() async throws {
        let first = try await Files.Appender.open(path)
        try await first.append("one")
        try await first.append("two")
        try await Files.Appender.open(path).append("three")
        #expect(try await text() == "one\ntwo\nthree\n")
    }

    @Test func `ends a line that a crash has torn`() async throws {
        try await Files.writeDurably(Array("whole\nto".utf8), to: path)
        try await Files.Appender.open(path).append("next")
        #expect(try await text() == "whole\nto\nnext\n")
    }

    private func text() async throws -> String? {
        try await Files.read(path).map { String(decoding: $0, as: UTF8.self) }
    }
}
