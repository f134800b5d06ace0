import Loop

/// A server's HTTP/2 connection: requests in, answers out.
@EventLoop
final class HTTP2ServerConnection: HTTP2SessionOwner, ChannelOwner {
    let channel: Channel
    /// The server keeps its connections and outlives them.
    unowned(unsafe) let server: HTTPServer
    private(set) var session: HTTP2Session?
    private var head: HTTP2Head
    /// The stream whose head is coming in; 0: none.
    private(set) var headStream: Int32 = 0
    private(set) var headTick = 0
    private var isTrailers = false
    /// What the handler made of the remembered head.
    private var lastToken = RouteToken(bits: 0)
    private var lastIsHead = false
    private(set) var streams: [Int32: HTTP2ServerStream] = [:]
    /// Prepared answers that nghttp2 may still read from.
    var answers: [PreparedAnswer] = []
    /// How far a prepared body went, for peers whose window is smaller than it.
    var offsets: [Int32: Int] = [:]
    /// How many streams have begun and are not closed.
    private(set) var begun = 0
    /// How many streams have closed since the start.
    private(set) var done = 0
    /// Requests whose body has not ended and that nobody reads piece by piece, and since when.
    private(set) var unfinished: [Int32: Int] = [:]
    private var isReceiving = false
    private var isSending = false
    private(set) var isClosing = false
    private var isForgotten = false
    private var peerLeaves = false
    private(set) var activeTick: Int
    private var idleTraffic: IdleTraffic
    var reading = TakeWatch()
    var granting = TakeWatch()

    init(_ channel: Channel, _ server: HTTPServer) {
        self.channel = channel
        self.server = server
        activeTick = server.tick
        idleTraffic = IdleTraffic(at: server.tick)
        let limits = server.limits
        head = HTTP2Head(maxBytes: limits.maxHeaderBytes, maxFields: limits.maxHeaders)
    }

    func start(_ bytes: UnsafeRawBufferPointer) {
        channel.owner = self
        channel.most = server.limits.maxBacklog
        do {
            let session = try HTTP2Session(isServer: true, owner: self)
            self.session = session
            try session.start(maxStreams: server.limits.maxStreams, window: 1 << 20)
        } catch {
            return abort()
        }
        received(bytes)
    }

    /// The peer owes us the rest of a head or of a body.
    var isUnfinished: Bool { headStream != 0 || !unfinished.isEmpty }

    // MARK: Bytes

    func received(_ bytes: UnsafeRawBufferPointer) {
        guard let session else { return }
        // A request must go on; frames that are none of its own keep nothing alive.
        if !isUnfinished { activeTick = server.tick }
        idleTraffic.add(bytes: bytes.count)
        isReceiving = true
        do {
            try session.receive(bytes)
            isReceiving = false
        } catch {
            isReceiving = false
            let isFlood = error.isFlood || isFlooded
            offended(head.isBomb ? head.bound : isFlood ? .flood : .malformed, "\(error)")
            session.refusePeer()
            flush()
            return end()
        }
        if isFlooded {
            offended(.flood)
            session.refusePeer()
        }
        flush()
        // A peer that sends and does not read is slowed down: what it is owed must not grow.
        if channel.backlog >= server.limits.maxBacklog { channel.pauseReading() }
    }

    /// The connection ends by the peer's doing; counted and told once.
    private func offended(_ bound: HTTPBound, _ words: @autoclosure () -> String = "") {
        guard !isClosing else { return }
        isClosing = true
        server.met[bound] += 1
        server.onOffence?(channel.peer, bound == .flood ? floodWords : words())
    }

    func ended(_ error: LoopError?) { abort() }

    func closed() {
        end()
        forget()
    }

    func drained() {
        if session != nil, channel.isOpen { channel.startReading() }
        flush()
        for stream in streams.values where stream.backlog == 0 { stream.exchange?.onDrained?() }
    }

    func flush() {
        // What a callback of nghttp2 asks to send, the call that it came from sends.
        guard !isReceiving, !isSending, let session, channel.isOpen else { return }
        isSending = true
        defer { isSending = false }
        channel.gather {
            // What nghttp2 holds back stays bounded by windows; what we hold, by this.
            let most = server.limits.maxBacklog
            guard channel.backlog < most else { return }
            let drained: Void? = try? session.drain {
                channel.send($0)
                return channel.backlog < most
            }
            guard drained == nil || session.isFinished else { return }
            if !peerLeaves { offended(.malformed, "HTTP/2 frames that break the protocol") }
            channel.closeWhenDrained()
        }
        if !channel.isOpen || (isClosing && begun == 0) { end() }
    }

    /// No more streams; what is written still leaves. Only `closed` lets the server forget this
    /// connection: the channel does not keep its owner, and tells it until then.
    private func end() {
        guard let last = session else { return }
        let open = streams.values.compactMap(\.exchange)
        streams = [:]
        // The session may be what called us: it goes when the turn is over.
        session = nil
        for exchange in open { exchange.close() }
        channel.closeWhenDrained()
        withExtendedLifetime(last) {}
    }

    private func forget() {
        guard !isForgotten else { return }
        isForgotten = true
        server.closed(self)
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
        forget()
    }

    // MARK: Streams

    override func headersBegan(_ stream: Int32, isRequest: Bool) {
        headStream = stream
        isTrailers = !isRequest
        headTick = server.tick
        if isRequest { begun += 1 }
        idleTraffic.addRequest()
        head.begin()
    }

    override func header(
        _ stream: Int32,
        _ name: UnsafeBufferPointer<UInt8>,
        _ value: UnsafeBufferPointer<UInt8>
    ) -> HTTP2FieldAnswer {
        head.add(name, value)
        return head.isBomb ? .endsConnection : .goesOn
    }

    override func headersEnded(_ id: Int32, endStream: Bool) {
        headStream = 0
        guard !isTrailers else { return trailersEnded(id, endStream: endStream) }
        if !endStream { unfinished[id] = server.tick }
        guard !head.isTooLarge else {
            return answer(id, server.refusal(431, head.bound), isHead: false)
        }
        guard head.isRemembered else { return begin(id, endStream: endStream) }
        if !endStream {
            open(id, lastToken)
        } else if !isAnswered(id, lastToken, isHead: lastIsHead) {
            begin(id, endStream: true)
        }
    }

    private func trailersEnded(_ id: Int32, endStream: Bool) {
        // There is no stream if its request was refused before its end.
        guard let stream = streams[id] else { return }
        if head.isTooLarge {
            server.met[head.bound] += 1
            idleTraffic.addFrame()
            session?.reset(id, HTTP2Code.enhanceYourCalm)
        } else if endStream {
            complete(stream)
        }
    }

    /// Answers a request without a body; false: the handler has no prepared answer now.
    private func isAnswered(_ id: Int32, _ token: RouteToken, isHead: Bool) -> Bool {
        guard let prepared = server.handler.answer(token, emptyBytes) else { return false }
        server.answered += 1
        answer(id, prepared, isHead: isHead)
        return true
    }

    /// Reads the head and lets the handler recognise it.
    private func begin(_ id: Int32, endStream: Bool) {
        HTTP2Head.read(head.entries, into: &server.head)
        server.head.storage.body = endStream ? .none : .untilEnd
        guard server.head.hasValidHTTP2Target else {
            return answer(id, server.refusal(400, .malformed), isHead: false)
        }
        let token = server.handler.route(server.head)
        let isHead = server.head.isMethod("HEAD")
        if let token {
            if head.remember() {
                lastToken = token
                lastIsHead = isHead
            }
            if endStream, isAnswered(id, token, isHead: isHead) { return }
        }
        let stream = open(id, token)
        if token == nil, server.handler.streamsBody(stream.request) {
            stream.streamsBody = true
            hand(stream, stream.request)
        }
        // A body that is awaited piece by piece ends too where there is none.
        if endStream { complete(stream) }
    }

    @discardableResult
    private func open(_ id: Int32, _ token: RouteToken?) -> HTTP2ServerStream {
        let stream = HTTP2ServerStream(id, head.entries, token: token)
        streams[id] = stream
        session?.setContext(id, Unmanaged.passUnretained(stream).toOpaque())
        return stream
    }

    override func data(_ id: Int32, _ bytes: UnsafeRawBufferPointer) {
        guard let stream = streams[id] else {
            // What is left of a refused body: its window stays shut.
            session?.consumeConnection(bytes.count)
            return
        }
        activeTick = server.tick
        idleTraffic.addRequest()
        if stream.streamsBody {
            stream.unconsumed += bytes.count
            stream.exchange?.receive(Array(bytes), last: false)
            return
        }
        session?.consume(id, bytes.count)
        guard stream.body.count + bytes.count <= server.limits.maxBody else {
            streams[id] = nil
            answer(id, server.refusal(413, .body), isHead: false)
            return
        }
        stream.body.append(contentsOf: bytes)
    }

    override func dataEnded(_ id: Int32) {
        if let stream = streams[id] { complete(stream) }
    }

    private func complete(_ stream: HTTP2ServerStream) {
        unfinished[stream.id] = nil
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
                return answer(stream.id, prepared, isHead: stream.request.method == "HEAD")
            }
        }
        var request = stream.request
        request.body = stream.body
        hand(stream, request)
    }

    private func hand(_ stream: HTTP2ServerStream, _ request: HTTPRequest) {
        unfinished[stream.id] = nil  // a caller may stay half-open for as long as it is served
        let exchange = Exchange(request, peer: channel.peer, carrier: self)
        exchange.stream = stream
        stream.exchange = exchange
        server.answered += 1
        server.handler.handle(exchange)
    }

    override func streamClosed(_ id: Int32, _ context: UnsafeMutableRawPointer?, code: UInt32) {
        begun -= 1
        done &+= 1
        if code == 0 { idleTraffic.addAnswer() }
        if headStream == id { headStream = 0 }
        if !unfinished.isEmpty { unfinished[id] = nil }
        if !offsets.isEmpty { offsets[id] = nil }
        let own = streams.isEmpty ? nil : streams.removeValue(forKey: id)
        // Nobody reads from prepared answers while all streams are our own.
        if answers.count > 1, begun == streams.count { answers.removeFirst(answers.count - 1) }
        guard let stream = own else { return }
        session?.consume(id, stream.unconsumed)
        stream.exchange?.close()
    }

    override func goAway(last: Int32, code: UInt32) {
        // One says it all, and a second one may take it back a little (RFC 9113 section 6.8).
        if peerLeaves { for _ in 0..<20 { idleTraffic.addFrame() } }
        peerLeaves = true
    }

    override func idleFrame() -> Bool {
        idleTraffic.addFrame()
        return !isFlooded
    }

    // Asked in the midst of what was read: the other connections wait for their turn.
    private var isFlooded: Bool {
        idleTraffic.isFlood(at: server.tick, most: server.limits.maxIdleFrames)
    }

    override func invalidFrame(_ code: Int32) {
        idleTraffic.addFrame()
        // A stream too many ends the connection once the peer knows the limit, and itself before.
        if begun >= server.limits.maxStreams || HTTP2Error(code: code).isRefusedStream {
            server.met[.streams] += 1
        }
    }

    override func body(
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
}

private let floodWords = "a flood of HTTP/2 frames that ask for nothing"
private var emptyBytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }
