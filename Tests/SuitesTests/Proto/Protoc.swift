import Glibc
import Loop
import Suites
import TestSupport

/// protoc, run by `protoc.py`.
enum Protoc {
    enum Answer {
        case refused(String)
        /// The descriptors of a file and of what it imports, by name, in wire form.
        case taken([String: [UInt8]])
    }

    /// What it makes of each file.
    @EventLoop
    static func answers(
        _ names: [String],
        importPaths: [String]
    ) async throws -> [(name: String, answer: Answer)] {
        let folder = #filePath.split(separator: "/").dropLast()
        let python = "/" + folder.dropLast(3).joined(separator: "/") + "/.venv/bin/python"
        guard access(python, X_OK) == 0 else {
            throw ProtoCorpus.Failure(description: "\(python) is not there: run make install")
        }
        let script = "/" + folder.joined(separator: "/") + "/protoc.py"
        let sink = try TemporaryFolder()
        let list = sink.path + "/names"
        try await Files.writeDurably(Array(names.joined(separator: "\n").utf8), to: list)
        let paths = importPaths.joined(separator: ",")
        let run = try await Subprocess.run(
            [
                "/bin/sh", "-c", #"exec "$0" -B "$1" "$2" "$3" <"$4""#, python, script, sink.path,
                paths, list,
            ],
            until: .now + .seconds(100)
        )
        let lines = run.output.split(separator: "\n").map {
            $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }.filter { $0.count == 3 }
        guard run.exit == .code(0), lines.map(\.[0]) == names else {
            throw ProtoCorpus.Failure(description: "\(script): \(run.exit) \(run.output)")
        }
        var answers: [(name: String, answer: Answer)] = []
        for (index, line) in lines.enumerated() {
            if line[1] == "0" {
                let set = try await Files.read("\(sink.path)/\(index)") ?? []
                answers.append((line[0], .taken(files(in: set))))
            } else {
                answers.append((line[0], .refused(line[2])))
            }
        }
        return answers
    }

    /// A `FileDescriptorSet` has its files as field 1, and they their names as field 1.
    private static func files(in set: [UInt8]) -> [String: [UInt8]] {
        var (files, rest): ([String: [UInt8]], ArraySlice<UInt8>) = ([:], set[...])
        while let file = field(1, &rest) {
            var inner = file
            guard let name = field(1, &inner) else { break }
            files[String(decoding: name, as: UTF8.self)] = Array(file)
        }
        return files
    }

    private static func field(
        _ number: UInt8,
        _ bytes: inout ArraySlice<UInt8>
    ) -> ArraySlice<UInt8>? {
        guard bytes.popFirst() == number << 3 | 2 else { return nil }
        var (length, shift) = (0, 0)
        while let byte = bytes.popFirst(), shift < 35 {
            length |= Int(byte & 0x7F) << shift
            shift += 7
            guard byte >= 0x80 else { break }
        }
        defer { bytes = bytes.dropFirst(length) }
        return bytes.prefix(length)
    }
}
