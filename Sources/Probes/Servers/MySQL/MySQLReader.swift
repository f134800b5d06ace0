/// Takes a server's packets out of the bytes as they come.
struct MySQLReader {
    private var bytes: [UInt8] = []
    /// The number of the packet that came last; an answer has the next one.
    private(set) var number: UInt8 = 0
    /// A larger packet is nothing that a probe has asked for.
    private static let most = 1 << 20

    struct Malformed: Error {}

    var isEmpty: Bool { bytes.isEmpty }

    var nextNumber: UInt8 { number &+ 1 }

    mutating func add(_ more: [UInt8]) { bytes += more }

    /// The body of the next whole packet; nil: more bytes are needed.
    mutating func next() throws(Malformed) -> [UInt8]? {
        guard bytes.count >= 4 else {
            // The third byte of a length below the bound.
            if bytes.count == 3, bytes[2] > 0x10 { throw Malformed() }
            return nil
        }
        let length = Int(bytes[0]) | Int(bytes[1]) << 8 | Int(bytes[2]) << 16
        guard length > 0, length <= MySQLReader.most else { throw Malformed() }
        guard bytes.count >= 4 + length else { return nil }
        number = bytes[3]
        let body = Array(bytes[4..<4 + length])
        bytes.removeFirst(4 + length)
        return body
    }
}

/// Reads values out of a packet. Beyond its end there is nothing, and that is said by nil.
struct MySQLCursor {
    private let bytes: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var rest: ArraySlice<UInt8> { bytes[at...] }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= bytes.count - at else { return nil }
        defer { at += count }
        return bytes[at..<at + count]
    }

    mutating func byte() -> UInt8? { take(1)?.first }

    /// An integer of so many bytes, the least first.
    mutating func integer(_ count: Int) -> Int? {
        take(count)?.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// Up to a zero, which is taken too.
    mutating func text() -> ArraySlice<UInt8>? {
        guard let end = rest.firstIndex(of: 0) else { return nil }
        defer { at = end + 1 }
        return bytes[at..<end]
    }

    /// An integer whose first byte says how long it is. What no packet can hold is nil.
    mutating func counted() -> Int? {
        guard let first = byte() else { return nil }
        return switch first {
        case ..<0xfb: Int(first)
        case 0xfc: integer(2)
        case 0xfd: integer(3)
        default: nil
        }
    }

    /// Bytes after their count.
    mutating func string() -> ArraySlice<UInt8>? {
        guard let count = counted() else { return nil }
        return take(count)
    }
}
