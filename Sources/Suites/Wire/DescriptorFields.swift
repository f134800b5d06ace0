/// The fields of one descriptor in wire form, in their order.
struct DescriptorFields {
    /// Messages and options nest in a `.proto` no deeper than a person can read.
    private static let depth = 32

    private let reader: WireReader
    private let depth: Int

    init(_ reader: WireReader) { self.init(reader, depth: Self.depth) }

    private init(_ reader: WireReader, depth: Int) { (self.reader, self.depth) = (reader, depth) }

    /// Where they begin.
    var offset: Int { reader.position }

    func each(_ body: (Int32, Value) throws(WireError) -> Void) throws(WireError) {
        var reader = reader
        while !reader.isAtEnd {
            let tag = try reader.tag()
            let payload = reader
            try reader.skip(tag, depth: Self.depth)
            try body(tag.number, Value(tag: tag, payload: payload, depth: depth))
        }
    }

    /// A field's payload, read as what its number says.
    struct Value {
        fileprivate let tag: WireTag
        fileprivate let payload: WireReader
        fileprivate let depth: Int

        func text() throws(WireError) -> String {
            var reader = try expect(.bytes)
            return try reader.text()
        }

        func number() throws(WireError) -> Int32 {
            var reader = try expect(.varint)
            return Int32(truncatingIfNeeded: try reader.varint())
        }

        func flag() throws(WireError) -> Bool { try number() != 0 }

        /// Of a repeated number, packed or not.
        func numbers(_ body: (Int32) -> Void) throws(WireError) {
            guard tag.type == .bytes else { return body(try number()) }
            var reader = try expect(.bytes)
            var part = try reader.part()
            while !part.isAtEnd { body(Int32(truncatingIfNeeded: try part.varint())) }
        }

        func choice<Choice: RawRepresentable<Int32>>(
            _ name: String
        ) throws(WireError) -> Choice {
            let number = try number()
            guard let choice = Choice(rawValue: number) else {
                throw payload.fault("there is no \(name) \(number)")
            }
            return choice
        }

        /// Options that come in pieces are one, as with every message.
        func options(after earlier: DescriptorOptions?) throws(WireError) -> DescriptorOptions {
            var reader = try expect(.bytes)
            var part = try reader.part()
            return DescriptorOptions((earlier?.bytes ?? []) + part.rest())
        }

        func message<Message>(
            _ step: String,
            _ read: (DescriptorFields) throws(WireError) -> Message
        ) throws(WireError) -> Message {
            var reader = try expect(.bytes)
            guard depth > 0 else { throw payload.fault(WireReader.tooDeep) }
            let part = try reader.part()
            do throws(WireError) {
                return try read(DescriptorFields(part, depth: depth - 1))
            } catch {
                throw error.inside(step)
            }
        }

        private func expect(_ type: WireType) throws(WireError) -> WireReader {
            guard tag.type == type else {
                throw payload.fault("field \(tag.number) is of wire type \(tag.type.rawValue)")
            }
            return payload
        }
    }
}
