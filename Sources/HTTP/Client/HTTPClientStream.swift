package import Loop

/// One request of a client under way: its answer comes piece by piece.
@EventLoop
package final class HTTPClientStream {
    package private(set) var status = 0
    package private(set) var headers = HTTPHeaders()
    /// Complete once `next` has returned nil.
    package private(set) var trailers = HTTPHeaders()
    /// The answer was a head and nothing else.
    package private(set) var isHeadOnly = false
    /// When the head came.
    package private(set) var answered: Instant?
    var id: Int32 = 0
    weak var carrier: (any HTTPClientCarrier)?
    private var hasHead = false
    private var chunks: [[UInt8]] = []
    private var first = 0
    private var end: Result<Void, HTTPError>?
    private var waiter: Waiter<Void>?
    private var drained: Waiter<Void>?
    /// HTTP/2: bytes that nghttp2 has not asked for yet.
    var output: [UInt8] = []
    var offset = 0
    var isSendingFinished = false
    var isDeferred = false
    var lists: [HeaderList] = []

    init() {}

    /// Waits for the head of the answer; 1xx answers are passed over.
    package func head(until deadline: Instant) async throws(HTTPError) {
        while !hasHead {
            if case .failure(let error) = end { throw error }
            if end != nil { throw HTTPError(.protocol, "the stream ended before an answer") }
            try await event(until: deadline, "await an answer")
        }
    }

    /// The next piece of the body; nil at its proper end.
    package func next(until deadline: Instant) async throws(HTTPError) -> [UInt8]? {
        while first == chunks.count {
            if case .failure(let error) = end { throw error }
            if end != nil { return nil }
            try await event(until: deadline, "read the answer")
        }
        let chunk = chunks[first]
        first += 1
        if first == chunks.count {
            chunks.removeAll(keepingCapacity: true)
            first = 0
        }
        carrier?.consumed(self, chunk.count)
        return chunk
    }

    /// Sends a piece of the request's body; returns when little is left waiting.
    package func write(_ bytes: [UInt8], until deadline: Instant) async throws(HTTPError) {
        if case .failure(let error) = end { throw error }
        send(bytes)
        while unsent > 65536 {
            if case .failure(let error) = end { throw error }
            let waiter = Waiter<Void>()
            drained = waiter
            defer { drained = nil }
            do { try await waiter.wait(until: deadline, "send the request") } catch {
                throw HTTPError(error)
            }
        }
    }

    /// Takes a piece of the request's body, however much waits already to be sent.
    package func send(_ bytes: [UInt8]) {
        guard end == nil, !isSendingFinished else { return }
        output.append(contentsOf: bytes)
        carrier?.wrote(self)
    }

    /// Bytes of the request's body that the peer has still to make room for.
    package var unsent: Int { output.count - offset }

    /// No more body will come from us.
    package func finishSending() {
        guard !isSendingFinished else { return }
        isSendingFinished = true
        carrier?.wrote(self)
    }

    /// Gives up what is left of the request and its answer; the peer is told by a reset, where the
    /// protocol has one.
    package func cancel() {
        let carrier = carrier
        fail(HTTPError(.cancelled, "cancelled", afterFirstByte: hasHead))
        carrier?.cancelled(self)
    }

    /// Nothing more will come from the peer; what has come may still be read.
    package var isEnded: Bool { end != nil }
    var hasReceivedHead: Bool { hasHead }

    private func event(until deadline: Instant, _ attempt: String) async throws(HTTPError) {
        let waiter = Waiter<Void>()
        self.waiter = waiter
        defer { self.waiter = nil }
        do {
            try await waiter.wait(until: deadline, attempt)
        } catch {
            throw HTTPError(error, afterFirstByte: hasHead)
        }
    }

    // MARK: From the connection

    func receive(status: Int, headers: HTTPHeaders, isWhole: Bool = false) {
        self.status = status
        self.headers = headers
        hasHead = true
        isHeadOnly = isWhole
        answered = .now
        waiter?.fulfil(.success(()))
    }

    func receive(_ bytes: [UInt8]) {
        guard end == nil, !bytes.isEmpty else { return }
        chunks.append(bytes)
        waiter?.fulfil(.success(()))
    }

    func finish(trailers: HTTPHeaders) {
        guard end == nil else { return }
        self.trailers = trailers
        end = .success(())
        waiter?.fulfil(.success(()))
        drained?.fulfil(.success(()))
    }

    func fail(_ error: HTTPError) {
        guard end == nil else { return }
        end = .failure(error)
        waiter?.fulfil(.success(()))
        drained?.fulfil(.success(()))
    }

    func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, output.count - offset)
        output.withUnsafeBytes {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count]))
        }
        offset += count
        if offset == output.count {
            output.removeAll(keepingCapacity: true)
            offset = 0
            drained?.fulfil(.success(()))
        }
        return count
    }
}

/// The connection that carries a client's stream.
@EventLoop
protocol HTTPClientCarrier: AnyObject {
    /// There is more in the stream's output, or it is finished.
    func wrote(_ stream: HTTPClientStream)
    func cancelled(_ stream: HTTPClientStream)
    func consumed(_ stream: HTTPClientStream, _ count: Int)
}
