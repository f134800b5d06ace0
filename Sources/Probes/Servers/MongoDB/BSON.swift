/// As much of BSON (bsonspec.org, version 1.1) as an answer to `hello` needs: its plain values, by name.
struct BSON {
    enum Value: Hashable {
        case number(Double)
        case text(String)
        case bool(Bool)
        /// A document, a list, or a kind that a probe does not look into.
        case other
    }

    struct Malformed: Error {}

    private(set) var fields: [String: Value] = [:]

    /// Reads a whole document, which is these bytes and nothing else. What lies within documents in it
    /// is skipped, not read: no depth can exhaust us.
    init(_ bytes: ArraySlice<UInt8>) throws(Malformed) {
        var reader = Reader(bytes)
        guard try reader.int32() == bytes.count else { throw Malformed() }
        while true {
            let kind = try reader.byte()
            if kind == 0 { break }
            let name = try reader.text()
            fields[name] = try reader.value(kind)
        }
        guard reader.isAtEnd else { throw Malformed() }
    }

    /// `{ NAME: 1, $db: DATABASE }`
    static func command(_ name: String, database: String) -> [UInt8] {
        var body: [UInt8] = [0x10] + Array(name.utf8) + [0] + int(1)
        body += [0x02] + Array("$db".utf8) + [0]
        body += int(database.utf8.count + 1) + Array(database.utf8) + [0]
        return int(body.count + 5) + body + [0]
    }

    static func int(_ value: Int) -> [UInt8] {
        let value = UInt32(truncatingIfNeeded: value)
        return [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    subscript(_ name: String) -> Value? { fields[name] }

    func isTrue(_ name: String) -> Bool {
        switch fields[name] {
        case .bool(let value): value
        case .number(let value): value != 0
        default: false
        }
    }

    func text(_ name: String) -> String? {
        if case .text(let text) = fields[name] { text } else { nil }
    }

    func number(_ name: String) -> Double? {
        if case .number(let number) = fields[name] { number } else { nil }
    }

    private struct Reader {
        private var rest: ArraySlice<UInt8>

        init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func byte() throws(Malformed) -> UInt8 {
            guard let byte = rest.popFirst() else { throw Malformed() }
            return byte
        }

        mutating func take(_ count: Int) throws(Malformed) -> ArraySlice<UInt8> {
            guard count >= 0, count <= rest.count else { throw Malformed() }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }

        mutating func word(_ count: Int) throws(Malformed) -> UInt64 {
            try take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }

        mutating func int32() throws(Malformed) -> Int {
            Int(Int32(truncatingIfNeeded: try word(4)))
        }

        /// Up to the next zero.
        mutating func text() throws(Malformed) -> String {
            guard let end = rest.firstIndex(of: 0) else { throw Malformed() }
            defer { rest = rest[(end + 1)...] }
            return String(decoding: rest[..<end], as: UTF8.self)
        }

        mutating func value(_ kind: UInt8) throws(Malformed) -> Value {
            switch kind {
            case 0x01: return .number(Double(bitPattern: try word(8)))
            case 0x02:
                let text = try take(int32())
                guard text.last == 0 else { throw Malformed() }
                return .text(String(decoding: text.dropLast(), as: UTF8.self))
            case 0x03, 0x04: _ = try take(int32() - 4)
            case 0x05: _ = try take(int32() + 1)
            case 0x07: _ = try take(12)
            case 0x08: return .bool(try byte() != 0)
            case 0x09, 0x11: _ = try take(8)
            case 0x0a, 0x06, 0xff, 0x7f: break
            case 0x0b:
                _ = try text()
                _ = try text()
            case 0x0d, 0x0e: _ = try take(int32())
            case 0x10: return .number(Double(try int32()))
            case 0x12: return .number(Double(Int64(bitPattern: try word(8))))
            case 0x13: _ = try take(16)
            default: throw Malformed()
            }
            return .other
        }
    }
}
