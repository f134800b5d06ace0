import Glibc
import Loop
import Suites
import TestSupport
import Testing

@EventLoop
@Suite(.timeLimit(.minutes(3))) struct `Descriptors of proto files` {
    /// What is not as protoc has it.
    private func differences(
        _ names: [String],
        importPaths: [String]
    ) async throws -> (equal: Int, refused: Int, differences: [String]) {
        var (equal, refused, differences) = (0, 0, [String]())
        for (name, answer) in try await Protoc.answers(names, importPaths: importPaths) {
            let own = Result { () throws(ProtoProblems) in
                try ProtoFiles.load([name], from: .disk(importPaths))
            }
            switch (own, answer) {
            case (.failure, .refused): refused += 1
            case (.failure(let error), .taken): differences.append("only protoc takes it: \(error)")
            case (.success, .refused(let why)):
                differences.append("only protoc refuses \(name): \(why)")
            case (.success(let files), .taken(let expected)):
                let own = files.map { ($0.name, DescriptorBytes.of($0)) }
                let others = own.filter { expected[$0.0] != $0.1 }.map(\.0)
                if others.isEmpty, own.count == expected.count {
                    equal += 1
                } else {
                    differences.append("\(name): not equal: \(others.joined(separator: ", "))")
                }
            }
        }
        return (equal, refused, differences)
    }

    @Test func `are what protoc makes of them`() async throws {
        let names = try ProtoCorpus().names
        let result = try await differences(names, importPaths: [ProtoCorpus.folder])
        #expect(result.differences.isEmpty, "\(result.differences.joined(separator: "\n"))")
        #expect(result.equal == names.count)
    }

    @Test func `are not made of mistakes, just as protoc makes none`() async throws {
        let folder = try TemporaryFolder()
        var names: [String] = []
        for (index, broken) in BrokenProtos.all.enumerated() {
            names.append("\(index).proto")
            let path = "\(folder.path)/\(index).proto"
            try await Files.writeDurably(Array(broken.text.utf8), to: path)
        }
        let result = try await differences(names, importPaths: [folder.path])
        #expect(result.differences.isEmpty, "\(result.differences.joined(separator: "\n"))")
        #expect(result.refused == names.count)
    }

    @Test func `embedded here are those that protoc brings along`() async throws {
        let names = EmbeddedProtos.texts.keys.filter { $0.hasPrefix("google/protobuf/") }.sorted()
        for (name, answer) in try await Protoc.answers(names, importPaths: ["/nonexistent"]) {
            guard case .taken(let expected) = answer else {
                Issue.record("protoc does not take \(name)")
                continue
            }
            let own = try ProtoFiles.load([name], from: .memory([:]))
            #expect(own.allSatisfy { expected[$0.name] == DescriptorBytes.of($0) }, "\(name)")
        }
    }

    /// `HEALTHGATE_PROTOS=FOLDER[,IMPORT…][:FOLDER…]` names folders of other files to compare.
    @Test(.enabled(if: getenv("HEALTHGATE_PROTOS") != nil))
    func `are what protoc makes of other files`() async throws {
        let list = getenv("HEALTHGATE_PROTOS").map { String(cString: $0) } ?? ""
        for group in list.split(separator: ":") {
            let paths = group.split(separator: ",").map(String.init)
            let names = try ProtoCorpus.names(below: paths[0])
            let result = try await differences(names, importPaths: paths)
            print("\(paths[0]): \(result.equal) equal, \(result.refused) refused by both")
            #expect(result.differences.isEmpty, "\(result.differences.joined(separator: "\n"))")
        }
    }
}
