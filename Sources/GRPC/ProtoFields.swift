/// The wire form of protocol buffers, as far as messages that are read by hand need it.
package enum ProtoFields {
    package enum Value {
        case number(UInt64)
        case bytes(ArraySlice<UInt8>)
        /// A field of fixed width, which none of our messages has.
        case fixed
    }

    /// The fields of a message in their order, also those we do not know.
    package static func read(_ message: [UInt8]) throws(GRPCStatus) -> [(UInt64, Value)] {
        var rest = message[...]
        var fields: [(UInt64, Value)] = []
        while !rest.isEmpty {
            let key = try readVarint(&rest)
            guard key >> 3 != 0 else { throw malformed }
            fields.append((key >> 3, try readValue(key & 7, &rest)))
        }
        return fields
    }

    /// A field of bytes, text or a message.
    package static func field(_ number: UInt64, _ bytes: some Collection<UInt8>) -> [UInt8] {
        varint(number << 3 | 2) + varint(UInt64(bytes.count)) + bytes
    }

    package static func varint(_ number: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    private static let malformed = GRPCStatus(.invalidArgument, "the message cannot be read")

    private static func readValue(
        _ wireType: UInt64,
        _ rest: inout ArraySlice<UInt8>
    ) throws(GRPCStatus) -> Value {
        switch wireType {
        case 0: return .number(try readVarint(&rest))
        case 1:
            _ = try take(8, &rest)
            return .fixed
        case 2:
            let length = try readVarint(&rest)
            return .bytes(try take(length, &rest))
        case 5:
            _ = try take(4, &rest)
            return .fixed
        default: throw malformed
        }
    }

    private static func take(
        _ count: UInt64,
        _ rest: inout ArraySlice<UInt8>
    ) throws(GRPCStatus) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw malformed }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }

    private static func readVarint(_ rest: inout ArraySlice<UInt8>) throws(GRPCStatus) -> UInt64 {
        var number: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = rest.popFirst() else { throw malformed }
            number |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return number }
        }
        throw malformed
    }
}
