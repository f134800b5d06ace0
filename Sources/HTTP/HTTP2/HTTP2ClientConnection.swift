import Loop

/// A client's HTTP/2 connection by prior knowledge, with as many streams as the peer allows.
@EventLoop
final class HTTP2ClientConnection: HTTP2SessionOwner, ChannelOwner {
    private let channel: Channel
    private let scheme: String
    private var session: HTTP2Session?
    private var streams: [Int32: HTTPClientStream] = [:]
    private var fields: [(String, String)] = []
    private var fieldBytes = 0
    private var isReceiving = false
    private var isGoingAway = false
    /// Of the peer's GOAWAY.
    private var goAwayCode: UInt32?
    /// The stream that the peer has reset last.
    private var resetStream: Int32 = 0
    /// Why it ended, should a request come only then.
    private var ending: HTTPError?
    /// Told once, when no further request can be made on it; those under way go on.
    var onUnusable: (() -> Void)?
    /// Told once, when nothing is under way any more and nothing will be.
    var onEnd: (() -> Void)?

    init(_ channel: Channel, scheme: String) throws(HTTPError) {
        self.channel = channel
        self.scheme = scheme
        super.init()
        channel.owner = self
        do {
            let session = try HTTP2Session(isServer: false, owner: self)
            self.session = session
            try session.start(maxStreams: 0, window: 4 << 20)
        } catch {
            throw HTTPError(.protocol, error.description)
        }
        channel.startReading()
        flush()
    }

    isolated deinit { channel.close() }

    var isUsable: Bool { session != nil && channel.isOpen && !isGoingAway }
    var isIdle: Bool { streams.isEmpty }

    func open(
        _ request: HTTPRequest,
        authority: String,
        endStream: Bool
    ) throws(HTTPError) -> HTTPClientStream {
        guard let session, isUsable else {
            throw ending ?? HTTPError(.connection(.closed), "the connection is closed")
        }
        let stream = HTTPClientStream()
        stream.carrier = self
        stream.output = request.body
        stream.isSendingFinished = endStream
        let list = HeaderList(
            request.headers.http2Pairs(first: [
                (":method", request.method), (":scheme", scheme),
                (":authority", request.authority ?? authority), (":path", request.path),
            ])
        )
        stream.lists.append(list)
        let hasBody = !endStream || !request.body.isEmpty
        do {
            stream.id = try session.request(
                list,
                hasBody: hasBody,
                context: Unmanaged.passUnretained(stream).toOpaque()
            )
        } catch {
            throw HTTPError(.connection(.closed), error.description)
        }
        streams[stream.id] = stream
        flush()
        return stream
    }

    func close() {
        guard let session else { return }
        isGoingAway = true
        session.goAway(0)
        flush()
        end(HTTPError(.connection(.closed), "the connection was closed by this side"))
    }

    /// Takes no more requests; those under way go on.
    func leave() {
        isGoingAway = true
        unusable()
        endIfLeft()
    }

    // MARK: Bytes

    func received(_ bytes: UnsafeRawBufferPointer) {
        guard let session else { return }
        isReceiving = true
        do {
            try session.receive(bytes)
            isReceiving = false
            flush()
        } catch {
            isReceiving = false
            flush()
            end(HTTPError(.protocol, "HTTP/2: \(error)"))
        }
        endIfLeft()
    }

    /// Once the last answer has come on a connection that takes no more requests.
    private func endIfLeft() {
        guard isGoingAway, streams.isEmpty else { return }
        end(HTTPError(.connection(.closed), "the connection was given up"))
    }

    func ended(_ error: LoopError?) {
        end(
            error.map { HTTPError($0) }
                ?? HTTPError(.connection(.closed), "the peer closed the connection")
        )
    }

    func drained() { flush() }

    private func flush() {
        guard !isReceiving, let session, channel.isOpen else { return }
        channel.gather {
            guard channel.backlog < 1 << 20 else { return }
            _ = try? session.drain {
                channel.send($0)
                return channel.backlog < 1 << 20
            }
        }
        if session.isFinished {
            // Where neither side was leaving it was nghttp2 that gave up.
            end(
                isGoingAway
                    ? HTTPError(.connection(.closed), "the connection has ended")
                    : HTTPError(.protocol, "the peer breaks HTTP/2, or does not speak it")
            )
        }
    }

    private func end(_ error: HTTPError) {
        guard let last = session else { return }
        ending = error
        session = nil
        channel.close()
        let open = streams.values
        streams = [:]
        for stream in open { fail(stream, error.kind, error.message) }
        unusable()
        let told = onEnd
        onEnd = nil
        told?()
        withExtendedLifetime(last) {}
    }

    private func fail(_ stream: HTTPClientStream, _ kind: HTTPError.Kind, _ words: String) {
        let goAway = goAwayCode.map { ", after a GOAWAY (\(HTTP2Code.name($0)))" } ?? ""
        stream.fail(
            HTTPError(
                kind,
                words + goAway,
                afterFirstByte: stream.hasReceivedHead,
                goAway: goAwayCode
            )
        )
    }

    private func unusable() {
        let told = onUnusable
        onUnusable = nil
        told?()
    }

    // MARK: Streams

    override func headersBegan(_ stream: Int32, isRequest: Bool) {
        fields.removeAll(keepingCapacity: true)
        fieldBytes = 0
    }

    override func header(
        _ stream: Int32,
        _ name: UnsafeBufferPointer<UInt8>,
        _ value: UnsafeBufferPointer<UInt8>
    ) -> HTTP2FieldAnswer {
        fieldBytes += name.count + value.count
        guard fieldBytes <= 64 << 10 else {
            if let stream = streams[stream] {
                fail(stream, .tooLarge, "the answer's header fields exceed 65536 bytes")
            }
            return .resetsStream
        }
        fields.append(
            (String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
        )
        return .goesOn
    }

    override func headersEnded(_ id: Int32, endStream: Bool) {
        guard let stream = streams[id] else { return }
        var headers = HTTPHeaders()
        var status = 0
        for (name, value) in fields {
            if name == ":status" { status = Int(value) ?? 0 } else { headers.add(name, value) }
        }
        if stream.hasReceivedHead {
            stream.finish(trailers: headers)
        } else if status >= 200 {
            stream.receive(status: status, headers: headers, isWhole: endStream)
            if endStream { stream.finish(trailers: [:]) }
        }
    }

    override func data(_ id: Int32, _ bytes: UnsafeRawBufferPointer) {
        // The stream's window is for its reader to open again, the connection's is not: a stream
        // that nobody reads must hold up no other.
        session?.consumeConnection(bytes.count)
        streams[id]?.receive(Array(bytes))
    }

    override func dataEnded(_ id: Int32) { streams[id]?.finish(trailers: [:]) }

    override func streamClosed(_ id: Int32, _ context: UnsafeMutableRawPointer?, code: UInt32) {
        guard let stream = streams.removeValue(forKey: id) else { return }
        let isPeers = id == resetStream
        let name = HTTP2Code.name(code)
        if code == HTTP2Code.refusedStream {
            fail(stream, .refusedStream, "the peer refused the stream")
        } else if isPeers {
            fail(stream, .reset(code), "the peer reset the stream (\(name))")
        } else {
            fail(stream, .protocol, "the answer breaks HTTP/2 (\(name))")
        }
    }

    override func resetReceived(_ stream: Int32) { resetStream = stream }

    /// Streams above `last` were not looked at by the peer; nghttp2 closes them as refused.
    override func goAway(last: Int32, code: UInt32) {
        isGoingAway = true
        goAwayCode = code
        unusable()
    }

    override func body(
        _ id: Int32,
        _ context: UnsafeMutableRawPointer?,
        into buffer: UnsafeMutableRawBufferPointer
    ) -> HTTP2BodyPiece {
        guard let stream = streams[id] else { return .failed }
        let count = stream.take(into: buffer)
        if stream.output.isEmpty, stream.isSendingFinished { return .last(count) }
        if count > 0 { return .bytes(count) }
        stream.isDeferred = true
        return .later
    }
}

extension HTTP2ClientConnection: HTTPClientCarrier {
    func wrote(_ stream: HTTPClientStream) {
        if stream.isDeferred {
            stream.isDeferred = false
            session?.resume(stream.id)
        }
        flush()
    }

    func cancelled(_ stream: HTTPClientStream) {
        // Also when the answer is whole: the peer may wait for the rest of the request.
        guard streams[stream.id] === stream else { return }
        session?.reset(stream.id, HTTP2Code.cancel)
        flush()
        endIfLeft()
    }

    func consumed(_ stream: HTTPClientStream, _ count: Int) {
        session?.consumeStream(stream.id, count)
        flush()
    }
}
