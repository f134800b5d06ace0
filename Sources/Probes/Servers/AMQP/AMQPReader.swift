/// Takes a broker's frames out of the bytes as they come.
struct AMQPReader {
    static let end: UInt8 = 0xce

    private var bytes: [UInt8] = []
    /// What RabbitMQ sends in one frame unless told otherwise; before Tune, 4096 is the most.
    private static let most = 1 << 17

    enum Message {
        case method(AMQPMethod, AMQPArguments)
        /// The content of a message, or a heartbeat.
        case other
    }

    enum Malformed: Error {
        case gibberish
        /// The broker's own protocol header, with which it refuses ours.
        case otherVersion(String)
    }

    mutating func add(_ more: [UInt8]) { bytes += more }

    /// The next whole frame; nil: more bytes are needed.
    mutating func next() throws(Malformed) -> Message? {
        guard let kind = bytes.first else { return nil }
        guard kind != UInt8(ascii: "A") else { return try header() }
        guard [1, 2, 3, 8].contains(kind) else { throw .gibberish }
        guard bytes.count >= 7 else { return nil }
        let length = AMQPReader.number(bytes[3..<7])
        guard length <= AMQPReader.most else { throw .gibberish }
        guard bytes.count >= 7 + length + 1 else { return nil }
        guard bytes[7 + length] == AMQPReader.end else { throw .gibberish }
        let body = bytes[7..<7 + length]
        bytes.removeFirst(7 + length + 1)
        guard kind == 1 else { return .other }
        guard body.count >= 4 else { throw .gibberish }
        let start = body.startIndex
        let method = AMQPMethod(
            AMQPReader.number(body[start..<start + 2]),
            AMQPReader.number(body[start + 2..<start + 4])
        )
        return .method(method, AMQPArguments(body[(start + 4)...]))
    }

    private func header() throws(Malformed) -> Message? {
        guard Array("AMQP".utf8).starts(with: bytes.prefix(4)) else { throw .gibberish }
        guard bytes.count >= 8 else { return nil }
        let version = bytes[5..<8].map { "\($0)" }.joined(separator: "-")
        throw .otherVersion(version)
    }

    fileprivate static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        // At most four bytes are asked for, so that it cannot overflow.
        bytes.reduce(0) { $0 << 8 | Int($1) }
    }
}

/// The arguments of a method, one after the other; nil where they end too early.
struct AMQPArguments {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// - Parameter count: 1, 2 or 4 bytes.
    mutating func number(_ count: Int) -> Int? { take(count).map { AMQPReader.number($0) } }

    mutating func shortText() -> String? {
        number(1).flatMap { take($0) }.map { String(decoding: $0, as: UTF8.self) }
    }

    mutating func longBytes() -> ArraySlice<UInt8>? { number(4).flatMap { take($0) } }

    /// The texts among the fields of a table. What is in tables and arrays within it is passed over.
    mutating func table() -> [String: String]? {
        guard let bytes = longBytes() else { return nil }
        var fields = AMQPArguments(bytes)
        var texts: [String: String] = [:]
        while !fields.rest.isEmpty {
            guard let name = fields.shortText(), let kind = fields.take(1)?.first else {
                return nil
            }
            switch kind {
            case UInt8(ascii: "S"):
                guard let value = fields.longBytes() else { return nil }
                texts[name] = String(decoding: value, as: UTF8.self)
            case UInt8(ascii: "F"), UInt8(ascii: "A"), UInt8(ascii: "x"):
                guard fields.longBytes() != nil else { return nil }
            default:
                guard let size = AMQPArguments.sizes[kind], fields.take(size) != nil else {
                    return nil
                }
            }
        }
        return texts
    }

    /// RabbitMQ's kinds of field ("AMQP 0-9-1 Errata", section 3) of a fixed size.
    private static let sizes: [UInt8: Int] = [
        UInt8(ascii: "t"): 1, UInt8(ascii: "b"): 1, UInt8(ascii: "B"): 1, UInt8(ascii: "s"): 2,
        UInt8(ascii: "U"): 2, UInt8(ascii: "u"): 2, UInt8(ascii: "I"): 4, UInt8(ascii: "i"): 4,
        UInt8(ascii: "L"): 8, UInt8(ascii: "l"): 8, UInt8(ascii: "f"): 4, UInt8(ascii: "d"): 8,
        UInt8(ascii: "D"): 5, UInt8(ascii: "T"): 8, UInt8(ascii: "V"): 0,
    ]

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}
