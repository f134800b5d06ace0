package import HTTP

/// What the HTTP/1 parsers make of a connection's bytes: the messages, and how it ends.
package struct HTTP1Reading: Hashable, Sendable {
    package struct Message: Hashable, Sendable {
        package var request: HTTPRequest
        package var trailers: HTTPHeaders = [:]
        package var keepAlive: Bool
        package var isHTTP10: Bool
        package var expectsContinue: Bool
        package var framing: RequestHead.Framing
        package var followsEmptyLine: Bool
        /// Whether its body came to its end.
        package var isComplete = false
    }

    package enum End: Hashable, Sendable {
        /// Between two messages.
        case idle
        case withinHead
        case withinBody
        /// The last message asked for the connection to end; bytes behind it do not count.
        case closed
        case failed(HTTP1Error)
    }

    package var messages: [Message] = []
    package var end = End.idle

    /// Reads requests as a server does, from bytes that come in these pieces.
    package init(_ pieces: [[UInt8]], limits: HTTPLimits = HTTPLimits()) {
        var reader = Reader(limits: limits)
        for piece in pieces where reader.isOpen { reader.receive(piece) }
        messages = reader.messages
        end = reader.end
    }

    package init(_ text: String, limits: HTTPLimits = HTTPLimits()) {
        self.init([Array(text.utf8)], limits: limits)
    }

    private struct Reader: ~Copyable {
        let limits: HTTPLimits
        var messages: [Message] = []
        private var buffer: [UInt8] = []
        private var parser = HTTP1Parser()
        private var head = RequestHead()
        private var body: HTTP1BodyParser?
        private var error: HTTP1Error?
        private var isClosed = false

        init(limits: HTTPLimits) { self.limits = limits }

        var isOpen: Bool { error == nil && !isClosed }

        var end: End {
            if let error { return .failed(error) }
            if isClosed { return .closed }
            if body != nil { return .withinBody }
            return parser.isWithinHead ? .withinHead : .idle
        }

        mutating func receive(_ piece: [UInt8]) {
            buffer.append(contentsOf: piece)
            while isOpen, !buffer.isEmpty {
                // Memory of exactly this size, so that a sanitizer sees a read behind its end.
                let bytes = UnsafeMutableRawBufferPointer.allocate(
                    byteCount: buffer.count,
                    alignment: 1
                )
                bytes.copyBytes(from: buffer)
                let consumed = read(UnsafeRawBufferPointer(bytes))
                bytes.deallocate()
                buffer.removeFirst(consumed ?? 0)
                if consumed == nil { return }
            }
        }

        /// Reads one head or what there is of a body; nil if more bytes must come for either.
        private mutating func read(_ bytes: UnsafeRawBufferPointer) -> Int? {
            if body != nil { return readBody(bytes) }
            switch parser.parse(bytes, limits: limits, into: &head) {
            case .incomplete:
                return nil
            case .failed(let error):
                self.error = error
                return nil
            case .head(let consumed):
                messages.append(
                    Message(
                        request: head.request(),
                        keepAlive: head.keepAlive,
                        isHTTP10: head.isHTTP10,
                        expectsContinue: head.expectsContinue,
                        framing: head.body,
                        followsEmptyLine: bytes.first == UInt8(ascii: "\r")
                    )
                )
                body = HTTP1BodyParser(head.body, limits: limits)
                if body?.isComplete == true { endMessage() }
                return consumed
            }
        }

        private mutating func readBody(_ bytes: UnsafeRawBufferPointer) -> Int? {
            var data: [UInt8] = []
            let result = body?.parse(bytes) { data.append(contentsOf: $0) }
            messages[messages.count - 1].request.body += data
            switch result {
            case .complete(let consumed):
                endMessage()
                return consumed
            case .failed(let error):
                self.error = error
                return nil
            default:
                return bytes.count
            }
        }

        private mutating func endMessage() {
            messages[messages.count - 1].isComplete = true
            messages[messages.count - 1].trailers = body?.trailers ?? [:]
            isClosed = messages[messages.count - 1].keepAlive == false
            body = nil
        }
    }
}

/// The same bytes cut in every way that the tests try: in two at every place, and into single bytes.
package func cuts(of bytes: [UInt8]) -> [[[UInt8]]] {
    let halves = (0...bytes.count).map { [Array(bytes[..<$0]), Array(bytes[$0...])] }
    return halves + [bytes.map { [$0] }]
}
