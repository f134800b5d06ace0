import Loop
import Suites
import TestSupport

/// Descriptors that a server or a file brings: what is read is written and read again as the same,
/// and makes a schema or an error.
struct DescriptorTarget: FuzzTarget {
    static let name = "descriptors"

    private var random = SeededGenerator(seed: 1)

    var maxLength: Int { 4096 }

    var seeds: [[UInt8]] {
        EmbeddedFiles.names.compactMap { EmbeddedFiles.file(named: $0) }
            .map { DescriptorSet.encode([$0]) }
            .filter { $0.count <= maxLength }
    }

    mutating func fault(with input: [UInt8]) -> String? {
        guard let files = try? DescriptorSet.decode(input) else { return nil }
        guard (try? DescriptorSet.decode(DescriptorSet.encode(files))) == files else {
            return "written and read are others: \(files)"
        }
        _ = try? Schema(files)
        return nil
    }

    mutating func mutated(_ input: [UInt8]) -> [UInt8] { input.withOneChange(&random) }
}

/// Messages that a server answers with.
struct DynamicMessageTarget: FuzzTarget {
    static let name = "messages"

    private var random = SeededGenerator(seed: 1)
    private let schema: Schema?

    init() {
        schema = try? Schema(EmbeddedFiles.names.compactMap { EmbeddedFiles.file(named: $0) })
    }

    var maxLength: Int { 4096 }

    var seeds: [[UInt8]] { DescriptorTarget().seeds }

    mutating func fault(with input: [UInt8]) -> String? {
        for name in ["FileDescriptorSet", "Struct", "Any"] {
            guard let schema, let type = schema.message(named: "google.protobuf.\(name)") else {
                return "there is no \(name)"
            }
            guard let message = try? DynamicMessage(type, in: schema, decoding: input) else {
                continue
            }
            let bytes = message.encoded()
            let again = try? DynamicMessage(type, in: schema, decoding: bytes)
            guard again?.encoded() == bytes else {
                return "written and read is another: \(message)"
            }
            _ = message.missingRequired
            guard MessageText.lines(of: message, limit: 1000).count <= 1002 else {
                return "told without end"
            }
        }
        return nil
    }

    mutating func mutated(_ input: [UInt8]) -> [UInt8] { input.withOneChange(&random) }
}

extension [UInt8] {
    /// A byte inserted, removed or replaced.
    fileprivate func withOneChange(_ random: inout SeededGenerator) -> [UInt8] {
        var bytes = self
        let place = Int.random(in: 0...count, using: &random)
        let byte = UInt8.random(in: 0...255, using: &random)
        switch Int.random(in: 0...2, using: &random) {
        case 0 where place < count: bytes[place] = byte
        case 1 where place < count: bytes.remove(at: place)
        default: bytes.insert(byte, at: place)
        }
        return bytes
    }
}
