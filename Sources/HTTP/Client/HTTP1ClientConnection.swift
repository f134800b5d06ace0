import Loop

/// A client's HTTP/1.1 connection: one request after the other.
@EventLoop
final class HTTP1ClientConnection: ChannelOwner {
    private let channel: Channel
    private let limits: HTTPLimits
    private var parser = HTTP1Parser()
    private var head = ResponseHead()
    private var body: HTTP1BodyParser?
    private var rest: [UInt8] = []
    private var stream: HTTPClientStream?
    private var isHeadRequest = false
    private var keepAlive = true
    /// Why it ended, should a request come only then: over TLS 1.3 a server refuses a client's
    /// certificate after the handshake.
    private var ending: HTTPError?
    /// Told once, when no further request can be made on it.
    var onUnusable: (() -> Void)?
    /// Told when it is ready for the next request.
    var onIdle: (() -> Void)?

    init(_ channel: Channel, limits: HTTPLimits) {
        self.channel = channel
        self.limits = limits
        channel.owner = self
        channel.startReading()
    }

    isolated deinit { channel.close() }

    var isUsable: Bool { channel.isOpen && keepAlive && stream == nil }

    func send(
        _ request: HTTPRequest,
        authority: String,
        keepAlive: Bool
    ) throws(HTTPError) -> HTTPClientStream {
        guard isUsable else {
            throw ending ?? HTTPError(.connection(.closed), "the connection is closed")
        }
        var request = request
        if request.authority == nil { request.authority = authority }
        var bytes: [UInt8] = []
        do {
            try HTTP1Serializer.append(request, keepAlive: keepAlive, to: &bytes)
        } catch {
            throw HTTPError(.protocol, error.description)
        }
        let stream = HTTPClientStream()
        stream.carrier = self
        stream.isSendingFinished = true
        self.stream = stream
        self.keepAlive = keepAlive
        isHeadRequest = request.method == "HEAD"
        parser = HTTP1Parser()
        body = nil
        channel.send(bytes)
        return stream
    }

    func close() { fail(HTTPError(.connection(.closed), "the connection was closed by this side")) }

    func received(_ bytes: UnsafeRawBufferPointer) {
        if rest.isEmpty {
            let used = process(bytes)
            if used < bytes.count { rest = Array(bytes[used...]) }
        } else {
            rest.append(contentsOf: bytes)
            let all = rest
            let used = all.withUnsafeBytes { process($0) }
            rest.removeFirst(min(used, rest.count))
        }
        if stream == nil, !rest.isEmpty {
            rest = []
            fail(HTTPError(.protocol, "bytes came that belong to no request"))
        }
    }

    private func process(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let stream else {
            // Bytes that no request asked for: nothing behind them can be matched to one.
            fail(HTTPError(.protocol, "bytes came that belong to no request"))
            return bytes.count
        }
        var at = 0
        if body == nil {
            let result = parser.parseResponse(
                bytes,
                toHead: isHeadRequest,
                limits: limits,
                into: &head
            )
            switch result {
            case .incomplete: return 0
            case .failed(let error):
                fail(HTTPError(.protocol, "not HTTP/1.1: \(error)"))
                return bytes.count
            case .head(let used): at = used
            }
            keepAlive = keepAlive && head.keepAlive
            body = HTTP1BodyParser(head.body, limits: limits)
            stream.receive(status: head.status, headers: head.headers)
        }
        guard var parser = body else { return bytes.count }
        let left = UnsafeRawBufferPointer(rebasing: bytes[at...])
        let result: HTTP1BodyParser.Result =
            parser.isComplete
            ? .complete(consumed: 0) : parser.parse(left) { stream.receive(Array($0)) }
        body = parser
        switch result {
        case .incomplete: return bytes.count
        case .failed(let error):
            let kind: HTTPError.Kind = error == .bodyTooLarge ? .tooLarge : .protocol
            fail(HTTPError(kind, error.description, afterFirstByte: true))
            return bytes.count
        case .complete(let used):
            finish(stream, trailers: parser.trailers)
            return at + used
        }
    }

    private func finish(_ stream: HTTPClientStream, trailers: HTTPHeaders) {
        self.stream = nil
        body = nil
        stream.finish(trailers: trailers)
        if keepAlive {
            onIdle?()
        } else {
            channel.close()
            unusable()
        }
    }

    private func fail(_ error: HTTPError) {
        if ending == nil { ending = error }
        channel.close()
        let stream = stream
        self.stream = nil
        stream?.fail(
            HTTPError(error.kind, error.message, afterFirstByte: stream?.hasReceivedHead ?? false)
        )
        unusable()
    }

    private func unusable() {
        let told = onUnusable
        onUnusable = nil
        onIdle = nil
        told?()
    }

    func ended(_ error: LoopError?) {
        if let error { return fail(HTTPError(error)) }
        if let stream, var parser = body, case .complete = parser.end() {
            keepAlive = false
            return finish(stream, trailers: parser.trailers)
        }
        let midway = !rest.isEmpty || body != nil
        fail(
            HTTPError(
                .connection(.closed),
                midway ? "the peer closed the connection midway" : "the peer closed the connection",
                afterFirstByte: midway
            )
        )
    }

    func drained() {}
}

extension HTTP1ClientConnection: HTTPClientCarrier {
    func wrote(_ stream: HTTPClientStream) {}

    func cancelled(_ stream: HTTPClientStream) {
        if self.stream === stream { close() }
    }

    func consumed(_ stream: HTTPClientStream, _ count: Int) {}
}
