import Suites
import TestSupport
import Testing

@Suite struct `A mistake in a proto file` {
    @Test(arguments: BrokenProtos.all) func `is told with its place`(_ broken: BrokenProto) {
        let source = ProtoSource.memory(["broken.proto": broken.text])
        let error = #expect(throws: ProtoProblems.self) {
            _ = try ProtoFiles.load(["broken.proto"], from: source)
        }
        #expect(error?.problems.first?.description == "broken.proto:" + broken.problem)
    }

    @Test func `does not hide the others of its file`() {
        let text = """
            syntax = "proto3";
            message M {
              Nothing a = 1;
              int32 b = 19000;
              int32 b = 3;
            }
            """
        let error = #expect(throws: ProtoProblems.self) {
            _ = try ProtoFiles.load(["m.proto"], from: .memory(["m.proto": text]))
        }
        #expect(
            error?.description == """
                m.proto:3:3: Nothing is not defined
                m.proto:4:13: numbers 19000 to 19999 are kept for protobuf itself
                m.proto:5:9: M.b is already defined
                """
        )
    }

    @Test func `is counted in characters, not bytes`() {
        let text = "syntax = \"proto3\"; /* äöü🙂 */ message 1 { }"
        let error = #expect(throws: ProtoProblems.self) {
            _ = try ProtoFiles.load(["m.proto"], from: .memory(["m.proto": text]))
        }
        #expect(
            error?.description == "m.proto:1:39: expected the message's name, found \"1\""
        )
    }
}

/// Run longer with `HEALTHGATE_FUZZ_SECONDS`.
@Suite(.timeLimit(.minutes(2))) struct `Any bytes as a proto file` {
    private static let pieces = [
        "message M {", "}", "oneof o {", "extend M {", "[(a.b).c = {", "]", "map<int32, M>", "= 1;",
        "reserved 1 to max;", "extensions 5 to max;", "option (x) = { [a.b/c] < y: [1, -inf] > };",
        "\"\\xff\\u12\\U0010ffff\"", "0x", "1e", ".5", "/*", "//", "group G = 1 {",
        "edition = \"2024\";",
        "import \"self.proto\";", "-", "9223372036854775808", "<", ">", "#",
    ]

    @Test func `end in descriptors or in an error`() throws {
        let seeds = try ProtoCorpus().texts.values.filter { $0.utf8.count < 4000 }.sorted()
        let others = try ProtoCorpus().texts
        var (taken, refused) = (0, 0)
        Fuzz(seeds: seeds, pieces: Self.pieces, rounds: 60).run { bytes in
            let source = ProtoSource { name in
                if name == "self.proto" { return .found(bytes, identity: name) }
                return others[name].map { .found(Array($0.utf8), identity: name) } ?? .missing("")
            }
            do throws(ProtoProblems) {
                _ = try ProtoFiles.load(["self.proto"], from: source)
                taken += 1
            } catch {
                refused += 1
            }
        }
        #expect(taken > 0)
        #expect(refused > 0)
    }

    @Test func `do not exhaust the stack, however deep they nest`() {
        let depth = 200_000
        let texts = [
            String(repeating: "message M {", count: depth),
            "syntax = \"proto2\"; "
                + String(repeating: "message M { optional group G = 1 {", count: depth),
            "option (a) = " + String(repeating: "{ a ", count: depth),
            "import \"google/protobuf/descriptor.proto\"; "
                + "extend google.protobuf.FileOptions { optional M m = 50000; } "
                + "message M { optional M m = 1; reserved \"r\"; } option (m) = { "
                + String(repeating: "m { ", count: depth) + String(repeating: "}", count: depth + 1)
                + ";",
            String(repeating: "[", count: depth), String(repeating: "(", count: depth),
            "import \"google/protobuf/descriptor.proto\"; "
                + "extend google.protobuf.FileOptions { optional M m = 50000; } "
                + "message M { optional M m = 1; optional int32 i = 2; } option (m)"
                + String(repeating: ".m", count: depth) + ".i = 1;",
            "package a" + String(repeating: ".a", count: depth) + ";",
            "option a" + String(repeating: ".a", count: depth) + " = 1;",
            "message M { optional " + String(repeating: "a.", count: depth) + "a b = 1; }",
        ]
        for text in texts {
            #expect(throws: ProtoProblems.self) {
                _ = try ProtoFiles.load(["deep.proto"], from: .memory(["deep.proto": text]))
            }
        }
    }
}
