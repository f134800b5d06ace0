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
        session.goAway(0)
        flush()
        end(HTTPError(.connection(.closed), "the connection was closed by this side"))
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

    /// After a GOAWAY, once the last answer has come.
    private func endIfLeft() {
        guard isGoingAway, streams.isEmpty else { return }
        end(HTTPError(.connection(.closed), "the peer closed the connection"))
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
        guard session.isFinished else { return }
        // With requests open, nghttp2 has ended it by itself (RFC 9113 section 5.4.1).
        end(
            streams.isEmpty
                ? HTTPError(.connection(.closed), "the connection has ended")
                : HTTPError(.protocol, "this is not HTTP/2, or against its rules")
        )
    }

    private func end(_ error: HTTPError) {
        guard let last = session else { return }
        ending = error
        session = nil
        channel.close()
        let open = streams.values
        streams = [:]
        for stream in open {
            stream.fail(
                HTTPError(error.kind, error.message, afterFirstByte: stream.hasReceivedHead)
            )
        }
        unusable()
        let told = onEnd
        onEnd = nil
        told?()
        withExtendedLifetime(last) {}
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
        guard fieldBytes <= 64 << 10 else { return .resetsStream }
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
            stream.receive(status: status, headers: headers)
            if endStream { stream.finish(trailers: [:]) }
        }
    }

    override func data(_ id: Int32, _ bytes: UnsafeRawBufferPointer) {
        guard let stream = streams[id], !stream.isEnded else {
            session?.consume(id, bytes.count)
            return
        }
        stream.receive(Array(bytes))
    }

    override func dataEnded(_ id: Int32) { streams[id]?.finish(trailers: [:]) }

    override func streamClosed(_ id: Int32, _ context: UnsafeMutableRawPointer?, code: UInt32) {
        guard let stream = streams.removeValue(forKey: id) else { return }
        let kind: HTTPError.Kind = code == 7 ? .refusedStream : .reset(code)
        stream.fail(
            HTTPError(
                kind,
                code == 0
                    ? "the stream was closed without an answer" : "the stream was reset (\(code))",
                afterFirstByte: stream.hasReceivedHead
            )
        )
    }

    /// Streams above `last` were not looked at by the peer; nghttp2 closes them as refused.
    override func goAway(last: Int32, code: UInt32) {
        isGoingAway = true
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
        session?.reset(stream.id, 8)
        flush()
        endIfLeft()
    }

    func consumed(_ stream: HTTPClientStream, _ count: Int) {
        session?.consume(stream.id, count)
        flush()
    }
}
