/// One message as it travels, behind the five bytes that tell its flag and its length.
package struct GRPCFrame: Hashable, Sendable {
    /// The flag of the wire: `bytes` are in what `grpc-encoding` names.
    package let isCompressed: Bool
    package let bytes: [UInt8]
}

/// Why no message can be cut from what came; nothing behind it can be either.
package enum GRPCFramingError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownFlag(UInt8)
    case tooLarge(Int, limit: Int)

    package var code: GRPCStatus.Code {
        switch self {
        case .unknownFlag: .internal
        case .tooLarge: .resourceExhausted
        }
    }

    package var description: String {
        switch self {
        case .unknownFlag(let flag): "a message with an unknown flag \(flag)"
        case .tooLarge(let length, let limit):
            "a message of \(length) bytes, \(limit) are allowed"
        }
    }
}

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

    /// The next whole message, for those who take none that is compressed; nil when more bytes must
    /// come first.
    package mutating func next() throws(GRPCStatus) -> [UInt8]? {
        let frame: GRPCFrame?
        do throws(GRPCFramingError) {
            frame = try nextFrame()
        } catch {
            throw GRPCStatus(error.code, error.description)
        }
        guard frame?.isCompressed != true else {
            throw GRPCStatus(.unimplemented, "compressed messages are not supported")
        }
        return frame?.bytes
    }

    /// The next whole message; nil when more bytes must come first.
    package mutating func nextFrame() throws(GRPCFramingError) -> GRPCFrame? {
        guard buffer.count - start >= 5 else { return nil }
        let flag = buffer[start]
        guard flag <= 1 else { throw .unknownFlag(flag) }
        let length = buffer[(start + 1)..<(start + 5)].reduce(0) { $0 << 8 | Int($1) }
        guard length <= maxMessage else { throw .tooLarge(length, limit: maxMessage) }
        let end = start + 5 + length
        guard buffer.count >= end else { return nil }
        defer { start = end }
        return GRPCFrame(isCompressed: flag == 1, bytes: Array(buffer[(start + 5)..<end]))
    }
}

/// Puts the five bytes before a message.
package func grpcFramed(_ message: [UInt8]) -> [UInt8] {
    grpcFramed(message, isCompressed: false)
}

/// Puts the five bytes before a message, or before what compression made of it.
package func grpcFramed(_ message: [UInt8], isCompressed: Bool) -> [UInt8] {
    let length = UInt32(message.count)
    var framed: [UInt8] = []
    framed.reserveCapacity(message.count + 5)
    framed.append(isCompressed ? 1 : 0)
    for shift in [24, 16, 8, 0] { framed.append(UInt8(truncatingIfNeeded: length >> shift)) }
    framed += message
    return framed
}
