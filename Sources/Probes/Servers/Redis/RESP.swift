/// Values of RESP 2 (Redis documentation, "Redis serialization protocol specification").
indirect enum RESP: Hashable, Sendable {
    case simple(String)
    case error(String)
    case integer(Int)
    /// Nil: there is none.
    case bulk([UInt8]?)
    case array([RESP]?)

    static func command(_ words: String...) -> [UInt8] {
        words.reduce(Array("*\(words.count)\r\n".utf8)) { bytes, word in
            bytes + Array("$\(word.utf8.count)\r\n\(word)\r\n".utf8)
        }
    }

    /// A text, however it came.
    var text: String? {
        switch self {
        case .simple(let text): text
        case .bulk(let bytes): bytes.map { String(decoding: $0, as: UTF8.self) }
        default: nil
        }
    }
}

/// Takes a server's replies out of the bytes as they come.
struct RESPReader {
    private var bytes: [UInt8] = []

    struct Malformed: Error {}

    // No answer to what a probe asks is larger; each bound also keeps low what a server that sends
    // byte by byte can cost.
    private static let mostLine = 4096
    private static let mostBulk = 1 << 16
    private static let mostElements = 1024
    private static let mostNesting = 8
    private static let mostBytes = 1 << 18

    mutating func add(_ more: [UInt8]) { bytes += more }

    /// The next whole reply; nil: more bytes are needed.
    mutating func next() throws(Malformed) -> RESP? {
        var place = Place()
        guard let value = try value(&place, nesting: 0) else {
            guard bytes.count <= RESPReader.mostBytes else { throw Malformed() }
            return nil
        }
        bytes.removeFirst(place.index)
        return value
    }

    private struct Place {
        var index = 0
        var elements = 0
    }

    private func value(_ place: inout Place, nesting: Int) throws(Malformed) -> RESP? {
        place.elements += 1
        guard nesting <= RESPReader.mostNesting, place.elements <= RESPReader.mostElements else {
            throw Malformed()
        }
        guard place.index < bytes.count else { return nil }
        let kind = bytes[place.index]
        guard "+-:$*".utf8.contains(kind) else { throw Malformed() }
        guard let line = try line(from: place.index + 1) else { return nil }
        place.index += 1 + line.count + 2
        switch kind {
        case UInt8(ascii: "+"): return .simple(String(decoding: line, as: UTF8.self))
        case UInt8(ascii: "-"): return .error(String(decoding: line, as: UTF8.self))
        case UInt8(ascii: ":"): return .integer(try number(line))
        case UInt8(ascii: "$"): return try bulk(of: number(line), &place)
        default: return try array(of: number(line), &place, nesting: nesting)
        }
    }

    private func bulk(of count: Int, _ place: inout Place) throws(Malformed) -> RESP? {
        if count == -1 { return .bulk(nil) }
        guard count >= 0, count <= RESPReader.mostBulk else { throw Malformed() }
        let end = place.index + count
        guard end + 2 <= bytes.count else { return nil }
        guard bytes[end] == UInt8(ascii: "\r"), bytes[end + 1] == UInt8(ascii: "\n") else {
            throw Malformed()
        }
        defer { place.index = end + 2 }
        return .bulk(Array(bytes[place.index..<end]))
    }

    private func array(
        of count: Int,
        _ place: inout Place,
        nesting: Int
    ) throws(Malformed) -> RESP? {
        if count == -1 { return .array(nil) }
        guard count >= 0, count <= RESPReader.mostElements else { throw Malformed() }
        var items: [RESP] = []
        for _ in 0..<count {
            guard let item = try value(&place, nesting: nesting + 1) else { return nil }
            items.append(item)
        }
        return .array(items)
    }

    /// What stands before the next end of a line; nil: it has not come yet.
    private func line(from start: Int) throws(Malformed) -> ArraySlice<UInt8>? {
        let rest = bytes[start...].prefix(RESPReader.mostLine)
        guard let end = rest.firstIndex(of: UInt8(ascii: "\r")) else {
            guard rest.count < RESPReader.mostLine, !rest.contains(UInt8(ascii: "\n")) else {
                throw Malformed()
            }
            return nil
        }
        guard end + 1 < bytes.count else { return nil }
        let line = bytes[start..<end]
        guard bytes[end + 1] == UInt8(ascii: "\n"), !line.contains(UInt8(ascii: "\n")) else {
            throw Malformed()
        }
        return line
    }

    private func number(_ line: ArraySlice<UInt8>) throws(Malformed) -> Int {
        guard line.first != UInt8(ascii: "+"),
            let value = Int(String(decoding: line, as: UTF8.self))
        else { throw Malformed() }
        return value
    }
}
