/// Reads the body behind an HTTP/1 head from bytes that may come in any pieces (RFC 9112
/// sections 6 and 7).
///
/// A pure value that takes all bytes it is given, up to the end of the body; the caller keeps none
/// for it. The data goes to a closure piece by piece, as slices of the bytes.
package struct HTTP1BodyParser: Hashable, Sendable {
    package enum Result: Hashable, Sendable {
        /// All bytes were taken, and more must come.
        case incomplete
        /// The body is complete; what follows these bytes belongs to the next message.
        case complete(consumed: Int)
        /// Nothing behind these bytes can be trusted.
        case failed(HTTP1Error)
    }

    private enum State: Hashable, Sendable {
        case data(left: UInt64)
        case untilEnd
        case chunkLine
        case chunk(left: UInt64)
        case chunkEnd(seenCR: Bool)
        case trailers
        case complete
    }

    private var state: State
    private var line: ChunkLine
    private var section: TrailerSection
    private var received: UInt64 = 0
    private let maxBody: UInt64

    /// A body to come after a head with this framing.
    package init(_ framing: RequestHead.Framing, limits: HTTPLimits) {
        state =
            switch framing {
            case .none, .length(0): .complete
            case .length(let length): .data(left: length)
            case .chunked: .chunkLine
            case .untilEnd: .untilEnd
            }
        maxBody = UInt64(limits.maxBody)
        line = ChunkLine(maxExtensions: limits.maxHeaderBytes)
        section = TrailerSection(limits: limits)
    }

    package var isComplete: Bool { state == .complete }
    /// What came behind the last chunk.
    package var trailers: HTTPHeaders { section.fields }

    /// Takes the next bytes and hands the data among them to `data`.
    package mutating func parse(
        _ bytes: UnsafeRawBufferPointer,
        _ data: (UnsafeRawBufferPointer) -> Void
    ) -> Result {
        var at = 0
        do throws(HTTP1Error) {
            while !isComplete, at < bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[at...])
                at += try advance(rest, data)
            }
        } catch {
            return .failed(error)
        }
        return isComplete ? .complete(consumed: at) : .incomplete
    }

    /// What the end of the connection makes of the body.
    package mutating func end() -> Result {
        switch state {
        case .untilEnd, .complete:
            state = .complete
            return .complete(consumed: 0)
        default:
            return .failed(.truncatedBody)
        }
    }

    /// Takes some of the bytes, which are not empty, and says how many.
    private mutating func advance(
        _ bytes: UnsafeRawBufferPointer,
        _ data: (UnsafeRawBufferPointer) -> Void
    ) throws(HTTP1Error) -> Int {
        switch state {
        case .complete:
            return 0
        case .untilEnd:
            try count(UInt64(bytes.count))
            data(bytes)
            return bytes.count
        case .data(let left):
            let taken = take(left, of: bytes, data)
            state = taken == left ? .complete : .data(left: left - taken)
            return Int(taken)
        case .chunkLine:
            guard let size = try line.take(bytes[0]) else { return 1 }
            try count(size)
            state = size == 0 ? .trailers : .chunk(left: size)
            return 1
        case .chunk(let left):
            let taken = take(left, of: bytes, data)
            state = taken == left ? .chunkEnd(seenCR: false) : .chunk(left: left - taken)
            return Int(taken)
        case .chunkEnd(let seenCR):
            guard bytes[0] == (seenCR ? lf : cr) else {
                throw seenCR ? .bareCR : bytes[0] == lf ? .bareLF : .invalidChunk
            }
            state = seenCR ? .chunkLine : .chunkEnd(seenCR: true)
            return 1
        case .trailers:
            guard let taken = try section.take(bytes) else { return bytes.count }
            state = .complete
            return taken
        }
    }

    private func take(
        _ left: UInt64,
        of bytes: UnsafeRawBufferPointer,
        _ data: (UnsafeRawBufferPointer) -> Void
    ) -> UInt64 {
        let taken = min(left, UInt64(bytes.count))
        data(UnsafeRawBufferPointer(rebasing: bytes.prefix(Int(taken))))
        return taken
    }

    /// Counts before anything is taken, so that a chunk too large is refused at its first line.
    private mutating func count(_ more: UInt64) throws(HTTP1Error) {
        guard more <= maxBody, received + more <= maxBody else { throw .bodyTooLarge }
        received += more
    }
}
