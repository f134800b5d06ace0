/// Writes protobuf's wire format.
struct WireWriter {
    private(set) var bytes: [UInt8] = []

    mutating func varint(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func fixed32(_ number: UInt32) {
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    mutating func fixed64(_ number: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    mutating func tag(_ number: Int32, _ type: WireType) { varint(WireTag(number, type).code) }

    /// Bytes that are in wire form already.
    mutating func raw(_ more: some Collection<UInt8>) { bytes.append(contentsOf: more) }

    /// Bytes with their length before them.
    mutating func part(_ more: some Collection<UInt8>) {
        varint(UInt64(more.count))
        raw(more)
    }

    mutating func field(_ number: Int32, _ value: UInt64) {
        tag(number, .varint)
        varint(value)
    }

    mutating func field(_ number: Int32, _ value: some Collection<UInt8>) {
        tag(number, .bytes)
        part(value)
    }
}
