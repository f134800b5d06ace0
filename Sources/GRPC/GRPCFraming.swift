/// Messages cut from the stream of bytes they travel in, each with five bytes before it: a flag for
/// compression and the length.
package struct GRPCDeframer: Sendable {
    private var buffer: [UInt8] = []
    private var start = 0
    private let maxMessage: Int

    package init(maxMessage: Int = 4 << 20) { self.maxMessage = maxMessage }

    /// Whether it holds the beginning of a message whose rest has not come.
    package var isInsideMessage: Bool { start < buffer.count }

    package mutating func append(_ bytes: some Sequence<UInt8>) {
        if start > 0 {
            buffer.removeFirst(start)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole message; nil when more bytes must come first.
    package mutating func next() throws(GRPCStatus) -> [UInt8]? {
        guard buffer.count - start >= 5 else { return nil }
        switch buffer[start] {
        case 0: break
        case 1: throw GRPCStatus(.unimplemented, "compressed messages are not supported")
        default: throw GRPCStatus(.internal, "a message with an unknown flag \(buffer[start])")
        }
        let length = buffer[(start + 1)..<(start + 5)].reduce(0) { $0 << 8 | Int($1) }
        guard length <= maxMessage else {
            let words = "a message of \(length) bytes, \(maxMessage) are allowed"
            throw GRPCStatus(.resourceExhausted, words)
        }
        let end = start + 5 + length
        guard buffer.count >= end else { return nil }
        defer { start = end }
        return Array(buffer[(start + 5)..<end])
    }
}

/// Puts the five bytes before a message.
package func grpcFramed(_ message: [UInt8]) -> [UInt8] {
    let length = UInt32(message.count)
    var framed: [UInt8] = []
    framed.reserveCapacity(message.count + 5)
    framed.append(0)
    for shift in [24, 16, 8, 0] { framed.append(UInt8(truncatingIfNeeded: length >> shift)) }
    framed += message
    return framed
}
