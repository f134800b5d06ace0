/// Eight bytes looked at together, the first in the lowest place: byte by byte, long values would
/// cost several times the instructions.
struct ByteWord {
    let word: UInt64

    @inline(__always)
    init(_ bytes: UnsafePointer<UInt8>) {
        word = UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
    }

    /// The four bytes at each of two places, which may overlap.
    @inline(__always)
    init(_ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>) {
        let low = UnsafeRawPointer(first).loadUnaligned(as: UInt32.self)
        let high = UnsafeRawPointer(second).loadUnaligned(as: UInt32.self)
        word = UInt64(low) | UInt64(high) << 32
    }

    /// The top bit of each byte below 0x20 or equal to 0x7F. Above the lowest one, some may be
    /// flagged wrongly, since the subtractions borrow.
    @inline(__always)
    var controls: UInt64 {
        let below = (word &- ones &* 0x20) & ~word
        let delete = word ^ (ones &* 0x7F)
        return (below | ((delete &- ones) & ~delete)) & tops
    }

    /// The word with its ASCII letters in lower case.
    @inline(__always)
    var lowercased: UInt64 {
        let low = word & ~tops
        let fromA = low &+ ones &* UInt64(0x80 - UInt8(ascii: "A"))
        let beyondZ = low &+ ones &* UInt64(0x80 - UInt8(ascii: "Z") - 1)
        let upper = fromA & ~beyondZ & ~word & tops
        return word | upper >> 2
    }
}

private let ones: UInt64 = 0x0101_0101_0101_0101
private let tops: UInt64 = 0x8080_8080_8080_8080
