import Loop

/// A server's HTTP/2 connection: requests in, answers out.
@EventLoop
final class HTTP2ServerConnection: ServerConnection, ChannelOwner {
    let channel: Channel
    /// The server keeps its connections and outlives them.
    private unowned(unsafe) let server: HTTPServer
    private var session: HTTP2Session?
    private var head = RequestHead()
    private var scratch: [UInt8] = []
    private var headStream: Int32 = 0
    private var isHeadTooLarge = false
    private(set) var streams: [Int32: HTTP2ServerStream] = [:]
    /// Prepared answers that nghttp2 may still read from.
    private var answers: [PreparedAnswer] = []
    /// How far a prepared body went, for peers whose window is smaller than it.
    private var offsets: [Int32: Int] = [:]
    /// Streams that have begun and are not closed.
    private var begun: Set<Int32> = []
    /// Requests whose end has not come, and that nobody reads piece by piece.
    private var unfinished: Set<Int32> = []
    private var isTrailers = false
    private var isReceiving = false
    private var isClosing = false
    var activeTick = 0

    init(_ channel: Channel, _ server: HTTPServer) {
        self.channel = channel
        self.server = server
        activeTick = server.tick
    }

    func start(_ bytes: UnsafeRawBufferPointer) {
        channel.owner = self
        do {
            let session = try HTTP2Session(isServer: true, owner: self)
            self.session = session
            try session.start(maxStreams: server.limits.maxStreams, window: 1 << 20)
        } catch {
            return end()
        }
        received(bytes)
    }

    var isIdle: Bool { begun.isEmpty }

    var receiveTimeout: Duration? { unfinished.isEmpty ? nil : server.limits.bodyTimeout }

    // MARK: Bytes

    func received(_ bytes: UnsafeRawBufferPointer) {
        // A request must go on; frames that are none of its own keep nothing alive.
        if unfinished.isEmpty { activeTick = server.tick }
        guard let session else { return }
        isReceiving = true
        do {
            try session.receive(bytes)
            isReceiving = false
        } catch {
            isReceiving = false
            flush()
            return end()
        }
        flush()
    }

    func ended(_ error: LoopError?) { end() }

    func closed() { end() }

    func drained() {
        flush()
        for stream in streams.values where stream.backlog == 0 { stream.exchange?.onDrained?() }
    }

    private func flush() {
        guard !isReceiving, let session, channel.isOpen else { return }
        channel.gather {
            // What nghttp2 holds back stays bounded by windows; what we hold, by this.
            guard channel.backlog < 1 << 20 else { return }
            let drained: Void? = try? session.drain {
                channel.send($0)
                return channel.backlog < 1 << 20
            }
            if drained == nil || session.isFinished { channel.closeWhenDrained() }
        }
        if !channel.isOpen || (isClosing && begun.isEmpty) { end() }
    }

    private func end() {
        guard session != nil else { return }
        let open = streams.values.compactMap(\.exchange)
        streams = [:]
        channel.closeWhenDrained()
        if channel.backlog > 0, !isClosing { channel.close() }
        // The session may be what called us: it goes when the turn is over.
        let last = session
        session = nil
        for exchange in open { exchange.close() }
        server.closed(self)
        withExtendedLifetime(last) {}
    }

    func close() {
        guard let session else { return }
        if !isClosing {
            isClosing = true
            session.goAway(0)
        }
        flush()
    }

    func abort() {
        channel.close()
        end()
    }

    /// Bytes of an answer that the peer has not taken.
    fileprivate func resume(_ stream: HTTP2ServerStream) {
        if stream.isDeferred {
            stream.isDeferred = false
            session?.resume(stream.id)
        }
        flush()
    }
}

// MARK: - Requests

extension HTTP2ServerConnection: HTTP2SessionOwner {
    func headersBegan(_ stream: Int32) {
        headStream = stream
        isHeadTooLarge = false
        scratch.removeAll(keepingCapacity: true)
        head.storage.reset()
        isTrailers = !begun.insert(stream).inserted
        if !isTrailers { unfinished.insert(stream) }
    }

    func header(
        _ stream: Int32,
        _ name: UnsafeBufferPointer<UInt8>,
        _ value: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        let nameStart = scratch.count
        guard nameStart + name.count + value.count <= server.limits.maxHeaderBytes,
            head.storage.fields.count < server.limits.maxHeaders
        else {
            isHeadTooLarge = true
            return true
        }
        if name.first == UInt8(ascii: ":") {
            scratch.append(contentsOf: value)
            let slice = RequestHead.Slice(nameStart, value.count)
            switch name.count {
            case 5: head.storage.path = slice  // :path
            case 7 where name[1] == UInt8(ascii: "m"): head.storage.method = slice
            case 10: head.storage.authority = slice
            default: break
            }
            return true
        }
        scratch.append(contentsOf: name)
        scratch.append(contentsOf: value)
        let valueStart = nameStart + name.count
        if name.equals("host"), head.storage.authority.length == 0 {
            head.storage.authority = RequestHead.Slice(valueStart, value.count)
        }
        head.storage.append(
            nameOffset: nameStart,
            nameLength: name.count,
            valueOffset: valueStart,
            valueLength: value.count
        )
        return true
    }

    func headersEnded(_ id: Int32, endStream: Bool) {
        if let stream = streams[id] {  // trailers
            if endStream { complete(stream) }
            return
        }
        guard !isTrailers else { return }  // of a request that was refused before its end
        if endStream { unfinished.remove(id) }
        guard !isHeadTooLarge else {
            return answer(id, server.refusal(431), isHead: false)
        }
        head.storage.body = endStream ? .none : .untilEnd
        scratch.withUnsafeBytes { bytes in
            head.bytes = bytes
            begin(id, endStream: endStream)
        }
    }

    private func begin(_ id: Int32, endStream: Bool) {
        let token = server.handler.route(head)
        if endStream, let token, let prepared = server.handler.answer(token, emptyBytes) {
            server.answered += 1
            return answer(id, prepared, isHead: head.isMethod("HEAD"))
        }
        let request = head.request()
        let stream = HTTP2ServerStream(
            id,
            request,
            token: token,
            streamsBody: !endStream && token == nil && server.handler.streamsBody(request)
        )
        streams[id] = stream
        session?.setContext(id, Unmanaged.passUnretained(stream).toOpaque())
        if stream.streamsBody { hand(stream, request) } else if endStream { complete(stream) }
    }

    func data(_ id: Int32, _ bytes: UnsafeRawBufferPointer) {
        activeTick = server.tick
        guard let stream = streams[id] else {
            session?.consume(id, bytes.count)
            return
        }
        if stream.streamsBody {
            stream.unconsumed += bytes.count
            stream.exchange?.receive(Array(bytes), last: false)
            return
        }
        session?.consume(id, bytes.count)
        guard stream.body.count + bytes.count <= server.limits.maxBody else {
            streams[id] = nil
            answer(id, server.refusal(413), isHead: false)
            return
        }
        stream.body.append(contentsOf: bytes)
    }

    func dataEnded(_ id: Int32) {
        if let stream = streams[id] { complete(stream) }
    }

    private func complete(_ stream: HTTP2ServerStream) {
        unfinished.remove(stream.id)
        if stream.streamsBody {
            stream.exchange?.receive([], last: true)
            return
        }
        guard stream.exchange == nil else { return }
        if let token = stream.token {
            let prepared = stream.body.withUnsafeBytes { server.handler.answer(token, $0) }
            if let prepared {
                streams[stream.id] = nil
                server.answered += 1
                return answer(stream.id, prepared, isHead: false)
            }
        }
        var request = stream.request
        request.body = stream.body
        hand(stream, request)
    }

    private func hand(_ stream: HTTP2ServerStream, _ request: HTTPRequest) {
        unfinished.remove(stream.id)  // a caller may stay half-open for as long as it is served
        let exchange = Exchange(request, peer: channel.peer, carrier: self)
        exchange.stream = stream
        stream.exchange = exchange
        server.answered += 1
        server.handler.handle(exchange)
    }

    /// Submits a prepared answer; its bytes are read where they lie.
    private func answer(_ id: Int32, _ answer: PreparedAnswer, isHead: Bool) {
        guard let session else { return }
        if answers.last !== answer, !answers.contains(where: { $0 === answer }) {
            answers.append(answer)
        }
        session.setContext(id, Unmanaged.passUnretained(answer).toOpaque())
        try? session.respond(id, answer.head, hasBody: !isHead && answer.hasMore)
    }

    func streamClosed(_ id: Int32, _ context: UnsafeMutableRawPointer?, code: UInt32) {
        begun.remove(id)
        unfinished.remove(id)
        if begun.isEmpty, answers.count > 1 { answers.removeFirst(answers.count - 1) }
        if !offsets.isEmpty { offsets[id] = nil }
        guard let stream = streams.removeValue(forKey: id) else { return }
        session?.consume(id, stream.unconsumed)
        stream.exchange?.close()
    }

    func goAway(last: Int32, code: UInt32) {}

    func body(
        _ id: Int32,
        _ context: UnsafeMutableRawPointer?,
        into buffer: UnsafeMutableRawBufferPointer
    ) -> HTTP2BodyPiece {
        guard let context else { return .failed }
        let source = Unmanaged<HTTP2StreamContext>.fromOpaque(context).takeUnretainedValue()
        if source.isPrepared {
            return piece(id, unsafeDowncast(source, to: PreparedAnswer.self), into: buffer)
        }
        let stream = unsafeDowncast(source, to: HTTP2ServerStream.self)
        let count = stream.take(into: buffer)
        guard stream.backlog == 0 else { return .bytes(count) }
        if stream.isFinished {
            guard !stream.trailers.isEmpty else { return .last(count) }
            let list = HeaderList(stream.trailers.http2Pairs(first: []))
            stream.lists.append(list)
            session?.trailers(id, list)
            return .lastBeforeTrailers(count)
        }
        stream.exchange?.onDrained?()
        if count > 0 || stream.backlog > 0 { return .bytes(count) }
        stream.isDeferred = true
        return .later
    }

    private func piece(
        _ id: Int32,
        _ answer: PreparedAnswer,
        into buffer: UnsafeMutableRawBufferPointer
    ) -> HTTP2BodyPiece {
        let offset = offsets.isEmpty ? 0 : offsets[id] ?? 0
        let count = min(buffer.count, answer.body.count - offset)
        answer.body.withUnsafeBytes {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count]))
        }
        guard offset + count == answer.body.count else {
            offsets[id] = offset + count
            return .bytes(count)
        }
        guard let trailers = answer.trailers else { return .last(count) }
        session?.trailers(id, trailers)
        return .lastBeforeTrailers(count)
    }
}

// MARK: - Answers by exchange

extension HTTP2ServerConnection: ExchangeCarrier {
    func respond(_ exchange: Exchange, _ response: HTTPResponse) {
        guard let stream = exchange.stream else { return }
        stream.output = exchange.isHead ? [] : response.body
        stream.trailers = response.trailers
        stream.isFinished = true
        var first = [(":status", String(response.status))]
        if response.trailers.isEmpty, !response.headers.contains("content-length") {
            first.append(("content-length", String(response.body.count)))
        }
        submit(stream, response.headers.http2Pairs(first: first))
    }

    func start(_ exchange: Exchange, _ status: Int, _ headers: HTTPHeaders) {
        guard let stream = exchange.stream else { return }
        stream.isFinished = exchange.isHead
        submit(stream, headers.http2Pairs(first: [(":status", String(status))]))
    }

    private func submit(_ stream: HTTP2ServerStream, _ pairs: [(String, String)]) {
        let list = HeaderList(pairs)
        stream.lists.append(list)
        let hasBody = !stream.isFinished || stream.backlog > 0 || !stream.trailers.isEmpty
        try? session?.respond(stream.id, list, hasBody: hasBody)
        flush()
    }

    func write(_ exchange: Exchange, _ bytes: [UInt8]) {
        guard let stream = exchange.stream else { return }
        stream.output.append(contentsOf: bytes)
        resume(stream)
    }

    func finish(_ exchange: Exchange, _ trailers: HTTPHeaders) {
        guard let stream = exchange.stream else { return }
        stream.isFinished = true
        stream.trailers = trailers
        resume(stream)
    }

    func abort(_ exchange: Exchange, _ code: UInt32) {
        guard let stream = exchange.stream else { return }
        session?.reset(stream.id, code)
        flush()
    }

    func consumed(_ exchange: Exchange, _ count: Int) {
        guard let stream = exchange.stream, stream.unconsumed > 0 else { return }
        let count = min(count, stream.unconsumed)
        stream.unconsumed -= count
        session?.consume(stream.id, count)
        flush()
    }

    func backlog(_ exchange: Exchange) -> Int {
        (exchange.stream?.backlog ?? 0) + channel.backlog
    }
}

private var emptyBytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }
