import Glibc
import Loop
import Suites
import TestSupport

/// Python's protobuf, run by `messages.py`.
enum PythonMessages {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// A message and what we made of it.
    struct Question {
        let type: MessageType
        let bytes: [UInt8]
        let ours: Result<DynamicMessage, WireError>

        init(_ bytes: [UInt8], _ type: MessageType, in schema: Schema) {
            (self.type, self.bytes) = (type, bytes)
            do throws(WireError) {
                ours = .success(try DynamicMessage(type, in: schema, decoding: bytes))
            } catch {
                ours = .failure(error)
            }
        }

        /// The answer that agrees with ours.
        var expected: String {
            switch ours {
            case .success(let message): "same " + message.dump
            case .failure: "refused"
            }
        }

        fileprivate var inWireForm: [UInt8] {
            let encoded = (try? ours.get().encoded()) ?? []
            return [Array(type.fullName.utf8), bytes, encoded].flatMap { part in
                withUnsafeBytes(of: UInt32(part.count).bigEndian) { Array($0) } + part
            }
        }
    }

    static func answers(
        _ questions: [Question],
        files: [FileDescriptor]
    ) async throws -> [Substring] {
        let folder = #filePath.split(separator: "/").dropLast()
        let python = "/" + folder.dropLast(3).joined(separator: "/") + "/.venv/bin/python"
        guard access(python, X_OK) == 0 else {
            throw Failure(description: "\(python) is not there: run make install")
        }
        let script = "/\(folder.joined(separator: "/"))/messages.py"
        let temporary = try TemporaryFolder()
        let set = temporary.path + "/set"
        let (source, sink) = (temporary.path + "/in", temporary.path + "/out")
        try await Files.writeDurably(DescriptorSet.encode(files), to: set)
        try await Files.writeDurably(questions.flatMap(\.inWireForm), to: source)
        let run = try await Subprocess.run(
            [
                "/bin/sh", "-c", #"exec "$0" "$1" "$2" <"$3" >"$4""#, python, script, set, source,
                sink,
            ],
            until: .now + .seconds(300)
        )
        guard run.exit == .code(0), let answer = try await Files.read(sink) else {
            throw Failure(description: "\(script): \(run.exit) \(run.output)")
        }
        return String(decoding: answer, as: UTF8.self).split(separator: "\n")
    }
}

extension DynamicMessage {
    /// As `messages.py` writes it.
    fileprivate var dump: String {
        let parts = fields.map { field, value in
            "\(field.number):[\(value.dump(of: field, in: schema))]"
        }
        return "{" + parts.joined(separator: ";") + "}"
    }
}

extension DynamicValue {
    fileprivate func dump(of field: FieldType, in schema: Schema) -> String {
        switch self {
        case .bool(let value): return value ? "t" : "f"
        case .int(let value): return String(value)
        case .uint(let value): return String(value)
        case .enumeration(let value): return String(value)
        case .float(let value):
            return value.isNaN
                ? "nan" : hex(withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init))
        case .double(let value):
            return value.isNaN
                ? "nan" : hex(withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init))
        case .string(let value): return "'" + hex(Array(value.utf8))
        case .bytes(let value): return "'" + hex(value)
        case .message(let message): return message.dump
        case .list(let items):
            return items.map { $0.dump(of: field, in: schema) }.joined(separator: ",")
        case .map(let entries):
            guard let entry = schema.entry(of: field) else { return "" }
            let isText = entries.keys.allSatisfy { if case .bytes = $0 { false } else { true } }
            guard isText else { return "?" }
            return entries.map { key, value in
                "\(key.dump(of: entry.key, in: schema))=\(value.dump(of: entry.value, in: schema))"
            }.sorted().joined(separator: ",")
        }
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
