import Glibc
import Loop
import Suites
import TestSupport
import Testing

@Suite struct `Loading proto files` {
    private func load(_ name: String, _ texts: [String: String]) throws(ProtoProblems) -> [String] {
        try ProtoFiles.load([name], from: .memory(texts)).map(\.name)
    }

    private func problem(_ name: String, _ texts: [String: String]) -> String? {
        do throws(ProtoProblems) {
            _ = try load(name, texts)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `gives each file once, behind those it imports`() throws {
        let texts = [
            "s.proto": "import \"b.proto\"; import \"c.proto\"; message S { optional B b = 1; }",
            "b.proto": "import \"d.proto\"; message B { optional D d = 1; }",
            "c.proto": "import \"d.proto\"; import \"google/protobuf/any.proto\";",
            "d.proto": "message D { }",
        ]
        let names = try load("s.proto", texts)
        #expect(names == ["d.proto", "b.proto", "google/protobuf/any.proto", "c.proto", "s.proto"])
    }

    @Test func `finds names through public imports, and through no others`() throws {
        var texts = [
            "s.proto": "import \"a.proto\"; message S { optional B b = 1; }",
            "a.proto": "import public \"b.proto\";", "b.proto": "message B { }",
        ]
        #expect(try load("s.proto", texts).count == 3)
        texts["a.proto"] = "import \"b.proto\";"
        #expect(
            problem("s.proto", texts)
                == "s.proto:1:40: B is not defined; B is in b.proto, which s.proto does not import"
        )
    }

    @Test func `tells a missing import and a circle at the import`() {
        #expect(
            problem("s.proto", ["s.proto": "\n  import \"x.proto\";"])
                == "s.proto:2:3: x.proto is not found"
        )
        let circle = ["a.proto": "import \"b.proto\";", "b.proto": " import \"a.proto\";"]
        #expect(
            problem("a.proto", circle)
                == "b.proto:1:2: a.proto imports this file in turn: a circle of imports"
        )
        #expect(problem("a.proto", ["a.proto": "import \"a.proto\";"]) != nil)
        #expect(problem("none.proto", [:]) == "none.proto:1:1: none.proto is not found")
    }

    @Test func `bounds how deep imports go and how large a file is`() {
        var chain = (0..<300).map { ("\($0).proto", "import \"\($0 + 1).proto\";") }
        chain.append(("300.proto", ""))
        let texts = Dictionary(uniqueKeysWithValues: chain)
        #expect(problem("0.proto", texts)?.hasSuffix("100 deep") == true)
        let large = String(repeating: " ", count: ProtoFiles.maximumSize + 1)
        #expect(problem("l.proto", ["l.proto": large])?.contains("larger than") == true)
    }

    @Test func `prefers a file of one's own to an embedded one`() throws {
        let texts = [
            "s.proto":
                "import \"google/protobuf/any.proto\"; message S { optional mine.Any a = 1; }",
            "google/protobuf/any.proto": "package mine; message Any { }",
        ]
        #expect(try load("s.proto", texts).count == 2)
    }

    @Test func `has the error details of gRPC at hand`() throws {
        let names = try load("google/rpc/error_details.proto", [:])
        #expect(names.last == "google/rpc/error_details.proto")
        let files = try ProtoFiles.load(["google/rpc/status.proto"], from: .memory([:]))
        let fields = files.last?.messages.first?.fields ?? []
        #expect(fields.map(\.name) == ["code", "message", "details"])
        #expect(fields.map(\.number) == [1, 2, 3])
        #expect(fields.last?.typeName == ".google.protobuf.Any")
    }
}

@EventLoop
@Suite struct `Loading proto files from disk` {
    private func write(_ folder: TemporaryFolder, _ texts: [String: String]) async throws {
        for (name, text) in texts {
            try await Files.writeDurably(Array(text.utf8), to: "\(folder.path)/\(name)")
        }
    }

    @Test func `looks in the import paths and then beside the file`() async throws {
        let (here, there) = (try TemporaryFolder(), try TemporaryFolder())
        try await write(
            here,
            ["s.proto": "import \"a.proto\"; import \"b.proto\"; message S { optional B b = 1; }"]
        )
        try await write(here, ["a.proto": "syntax = \"proto3\";", "b.proto": "message B { }"])
        try await write(there, ["a.proto": "syntax = \"proto2\"; message FromThere { }"])
        let path = "\(here.path)/s.proto"
        let files = try ProtoFiles.load(path, importPaths: [there.path])
        #expect(files.map(\.name) == ["a.proto", "b.proto", "s.proto"])
        #expect(files.first?.messages.map(\.name) == ["FromThere"])
        #expect(try ProtoFiles.load(path).first?.syntax == "proto3")
        let inPath = try ProtoFiles.load(path, importPaths: [here.path + "/"])
        #expect(inPath.map(\.name) == ["a.proto", "b.proto", "s.proto"])
    }

    @Test func `takes a file reached by two paths for one`() async throws {
        let folder = try TemporaryFolder()
        try await write(
            folder,
            [
                "s.proto":
                    "import \"b.proto\"; import \"c.proto\"; message S { optional B b = 1; }",
                "b.proto": "message B { }", "c.proto": "import \"./b.proto\";",
            ]
        )
        #expect(symlink("\(folder.path)/b.proto", "\(folder.path)/d.proto") == 0)
        let files = try ProtoFiles.load("\(folder.path)/s.proto")
        #expect(files.map(\.name) == ["b.proto", "c.proto", "s.proto"])
        #expect(files[1].dependencies == ["b.proto"])
        try await write(folder, ["c.proto": "import \"d.proto\";"])
        #expect(try ProtoFiles.load("\(folder.path)/s.proto")[1].dependencies == ["b.proto"])
    }

    @Test func `refuses what is no file`() async throws {
        let folder = try TemporaryFolder()
        #expect(mkfifo("\(folder.path)/pipe.proto", 0o600) == 0)
        for path in [
            "\(folder.path)/pipe.proto", "\(folder.path)/none.proto", folder.path, "", "/",
        ] {
            #expect(throws: ProtoProblems.self) { _ = try ProtoFiles.load(path) }
        }
    }
}
