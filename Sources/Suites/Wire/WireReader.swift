/// How the payload of a field is written.
enum WireType: UInt8, Sendable { case varint, fixed64, bytes, startGroup, endGroup, fixed32 }

/// What stands before each field.
struct WireTag: Hashable, Sendable {
    let number: Int32
    let type: WireType

    init(_ number: Int32, _ type: WireType) { (self.number, self.type) = (number, type) }

    /// In wire form, before it is written as a varint.
    var code: UInt64 {
        UInt64(UInt32(truncatingIfNeeded: number)) << 3 | UInt64(type.rawValue)
    }
}

/// Protobuf's wire format from front to back. It never reads past the end of its part of the bytes.
struct WireReader {
    private let bytes: [UInt8]
    private(set) var position: Int
    private let end: Int

    init(_ bytes: [UInt8]) { (self.bytes, position, end) = (bytes, 0, bytes.count) }

    private init(_ bytes: [UInt8], _ part: Range<Int>) {
        (self.bytes, position, end) = (bytes, part.lowerBound, part.upperBound)
    }

    var isAtEnd: Bool { position == end }

    /// What was read since `start`, an earlier position.
    func bytes(since start: Int) -> ArraySlice<UInt8> {
        start <= position ? bytes[start..<position] : []
    }

    func fault(_ message: String) -> WireError { WireError(message, at: position) }

    mutating func tag() throws(WireError) -> WireTag {
        let start = position
        let code = try varint()
        // A tag has 32 bits, and so five bytes at most.
        guard code <= UInt32.max, position - start <= 5,
            let type = WireType(rawValue: UInt8(code & 7))
        else { throw WireError("this is no field", at: start) }
        guard code >> 3 != 0 else { throw WireError(WireReader.numberZero, at: start) }
        return WireTag(Int32(code >> 3), type)
    }

    mutating func varint() throws(WireError) -> UInt64 {
        let start = position
        var number: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard position < end else { throw WireError("a number is cut off", at: start) }
            let byte = bytes[position]
            position += 1
            number |= UInt64(byte & 0x7f) << shift
            // Of the tenth byte one bit counts, as other implementations have it.
            guard byte >= 0x80 else { return number }
        }
        throw WireError("a number has more than ten bytes", at: start)
    }

    mutating func fixed32() throws(WireError) -> UInt32 {
        UInt32(truncatingIfNeeded: try littleEndian(4))
    }

    mutating func fixed64() throws(WireError) -> UInt64 { try littleEndian(8) }

    private mutating func littleEndian(_ count: Int) throws(WireError) -> UInt64 {
        guard end - position >= count else { throw fault("a number is cut off") }
        var number: UInt64 = 0
        for index in 0..<count { number |= UInt64(bytes[position + index]) << UInt64(index * 8) }
        position += count
        return number
    }

    /// A payload with its length before it, as a reader of its own.
    mutating func part() throws(WireError) -> WireReader {
        let start = position
        let length = try varint()
        guard length <= end - position else {
            throw WireError("\(length) bytes are promised, \(end - position) are left", at: start)
        }
        let begin = position
        position += Int(length)
        return WireReader(bytes, begin..<position)
    }

    /// All that is left.
    mutating func rest() -> ArraySlice<UInt8> {
        defer { position = end }
        return bytes[position..<end]
    }

    /// Text, which must be UTF-8.
    mutating func text() throws(WireError) -> String {
        var part = try part()
        let start = part.position
        guard let text = String(validating: part.rest(), as: UTF8.self) else {
            throw WireError("the text is not UTF-8", at: start)
        }
        return text
    }

    /// Passes over the payload of a field; `depth` is how many more groups may open.
    mutating func skip(_ tag: WireTag, depth: Int) throws(WireError) {
        switch tag.type {
        case .varint: _ = try varint()
        case .fixed32: _ = try fixed32()
        case .fixed64: _ = try fixed64()
        case .bytes: _ = try part()
        case .endGroup: throw fault("a group ends that has not begun")
        case .startGroup:
            guard depth > 0 else { throw fault(WireReader.tooDeep) }
            while true {
                guard !isAtEnd else { throw fault("a group has no end") }
                let inner = try self.tag()
                if inner.type == .endGroup {
                    guard inner.number == tag.number else {
                        throw fault("group \(tag.number) ends as group \(inner.number)")
                    }
                    return
                }
                try skip(inner, depth: depth - 1)
            }
        }
    }

    static let numberZero = "a field has the number 0"
    static let tooDeep = "messages are nested too deeply"
}
