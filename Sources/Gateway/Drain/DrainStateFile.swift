import FoundationEssentials

/// The bytes of the state file: one line with version, checksum and length, then the state as
/// JSON. A torn or altered file never reads as a state.
package enum DrainStateFile {
    package static let version = 1
    private static let magic = "healthgate-state"

    /// Why a file is not a state.
    package enum Unreadable: Error, Hashable, Sendable, CustomStringConvertible {
        case torn
        case newer(version: Int)
        case corrupt(String)

        package var description: String {
            switch self {
            case .torn: "it is incomplete"
            case .newer(let version):
                "it was written by a newer healthgate (format \(version), this one knows "
                    + "\(DrainStateFile.version))"
            case .corrupt(let what): "it is corrupt: \(what)"
            }
        }
    }

    package static func encode(_ state: DrainState) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let body = [UInt8](try encoder.encode(state))
        let sum = String(checksum(body), radix: 16)
        return Array("\(magic) \(version) \(sum) \(body.count)\n".utf8) + body + [newline]
    }

    package static func decode(_ bytes: [UInt8]) throws(Unreadable) -> DrainState {
        guard let end = bytes.firstIndex(of: newline) else { throw .torn }
        let head = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ")
        guard head.count >= 2, head[0] == magic, let written = Int(head[1]), written > 0 else {
            throw .corrupt("the first line is not that of a state file")
        }
        // First of all: a newer format may differ in everything that follows.
        guard written <= version else { throw .newer(version: written) }
        guard head.count == 4, let sum = UInt32(head[2], radix: 16), let count = Int(head[3]) else {
            throw .corrupt("the first line is not that of a state file")
        }
        let rest = bytes[(end + 1)...]
        guard rest.count > count, count >= 0 else { throw .torn }
        guard rest.count == count + 1, rest.last == newline else {
            throw .corrupt("there is more in it than it says")
        }
        let body = Array(rest.dropLast())
        guard checksum(body) == sum else { throw .corrupt("its checksum is wrong") }
        do {
            return try JSONDecoder().decode(DrainState.self, from: Data(body))
        } catch {
            throw .corrupt("its content is not a state")
        }
    }

    private static let newline = UInt8(ascii: "\n")

    /// CRC-32 (IEEE 802.3).
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }
}
