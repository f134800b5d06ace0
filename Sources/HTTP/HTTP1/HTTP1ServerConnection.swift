import Glibc
import Loop

/// A server's HTTP/1 connection: requests in, answers out in their order.
@EventLoop
final class HTTP1ServerConnection: ServerConnection, ChannelOwner {
    private enum State {
        case head
        case body(HTTP1BodyParser)
        /// The handler has the request; what comes behind it waits.
        case answering
    }

    let channel: Channel
    /// The server keeps its connections and outlives them.
    private unowned(unsafe) let server: HTTPServer
    private var state = State.head
    private var parser = HTTP1Parser()
    /// Bytes that came and were not used yet.
    private var rest: [UInt8] = []
    private var isProcessing = false
    private var isClosing = false
    private var peerEnded = false
    /// What the peer sent was refused, and it may still be sending.
    private var hasRefused = false
    private var activeTick: Int
    private var taking = TakeWatch()

    // The request under way
    private var exchange: Exchange?
    private var request: HTTPRequest?
    private var token: RouteToken?
    private var body: [UInt8] = []
    private var beganTick = 0
    private var keepAlive = true
    private var isHTTP10 = false

    /// The last head that led to a prepared answer: pollers send the same bytes each time, and then
    /// a comparison replaces the parsing.
    private var lastHead: [UInt8] = []
    private var lastToken = RouteToken(bits: 0)
    private var lastIsHead = false

    init(_ channel: Channel, _ server: HTTPServer) {
        self.channel = channel
        self.server = server
        activeTick = server.tick
    }

    func start(_ bytes: UnsafeRawBufferPointer) {
        channel.owner = self
        channel.most = server.limits.maxBacklog
        received(bytes)
    }

    func overdue() -> HTTPBound? {
        if hasRefused {
            if server.isPast(HTTPLimits.farewell, since: activeTick) { abort() }
            return nil
        }
        let limits = server.limits
        if taking.isOverdue(channel.isWaitingForPeer, server, turns: channel.emptied) {
            return .takenWithin
        }
        switch state {
        case .head where rest.isEmpty:
            return !isClosing && server.isPast(limits.idleTimeout, since: activeTick) ? .idle : nil
        case .head:
            // What lies behind a backlog is ours to read: the peer is not late with a head.
            return !channel.isWaitingForPeer
                && server.isPast(limits.headerTimeout, since: activeTick)
                ? .headersWithin : nil
        case .body:
            let isLate = exchange == nil && server.isPast(limits.requestTimeout, since: beganTick)
            return isLate || server.isPast(limits.bodyTimeout, since: activeTick)
                ? .requestWithin : nil
        case .answering: return nil
        }
    }

    // MARK: Bytes in

    func received(_ bytes: UnsafeRawBufferPointer) {
        // A head that trickles in must be whole in time, however often a byte comes.
        if rest.isEmpty || !parser.isWithinHead { activeTick = server.tick }
        if rest.isEmpty, !isProcessing {
            let used = process(bytes)
            if used < bytes.count { rest = Array(bytes[used...]) }
        } else {
            rest.append(contentsOf: bytes)
            processRest()
        }
        if isFull { channel.pauseReading() }
    }

    /// The peer sends without reading, or far ahead of our answers: it waits.
    private var isFull: Bool {
        rest.count > server.limits.maxHeaderBytes + 65536
            || channel.backlog > server.limits.maxBacklog
    }

    private var hasBacklog: Bool { channel.backlog >= server.limits.maxBacklog }

    private func processRest() {
        guard !isProcessing, !rest.isEmpty, !hasBacklog else { return }
        let bytes = rest
        let used = bytes.withUnsafeBytes { process($0) }
        rest.removeFirst(min(used, rest.count))
        if used > 0 { activeTick = server.tick }
        if !isClosing, !peerEnded, !isFull { channel.startReading() }
    }

    /// Uses as much of the bytes as it can and says how much.
    private func process(_ bytes: UnsafeRawBufferPointer) -> Int {
        isProcessing = true
        defer { isProcessing = false }
        var at = 0
        while at < bytes.count, !isClosing, !hasBacklog {
            let left = UnsafeRawBufferPointer(rebasing: bytes[at...])
            switch state {
            case .head:
                if let used = repeated(left) {
                    at += used
                    continue
                }
                switch parser.parse(left, limits: server.limits, into: &server.head) {
                case .incomplete: return at
                case .failed(let error):
                    refuse(error)
                    return bytes.count
                case .head(let used):
                    begin(UnsafeRawBufferPointer(rebasing: left[..<used]))
                    at += used
                }
            case .body(var parser):
                let result = parser.parse(left) { take($0) }
                switch result {
                case .incomplete:
                    state = .body(parser)
                    return bytes.count
                case .failed(let error):
                    refuse(error)
                    return bytes.count
                case .complete(let used):
                    at += used
                    state = .answering
                    complete()
                }
            case .answering: return at
            }
        }
        return isClosing ? bytes.count : at
    }

    private func repeated(_ bytes: UnsafeRawBufferPointer) -> Int? {
        let count = lastHead.count
        guard count > 0, bytes.count >= count, !parser.isWithinHead,
            lastHead.withUnsafeBytes({ $0.isEqual(to: bytes, count) }),
            let answer = server.handler.answer(lastToken, noBytes)
        else { return nil }
        send(answer, isHead: lastIsHead)
        return count
    }

    private func send(_ answer: PreparedAnswer, isHead: Bool) {
        server.answered += 1
        answer.http1.withUnsafeBytes {
            channel.send(
                isHead ? UnsafeRawBufferPointer(rebasing: $0[..<answer.http1HeadCount]) : $0
            )
        }
    }

    // MARK: Requests

    private func begin(_ bytes: UnsafeRawBufferPointer) {
        beganTick = server.tick
        keepAlive = server.head.keepAlive
        isHTTP10 = server.head.isHTTP10
        body = []
        token = server.handler.route(server.head)
        let framing = server.head.body
        if framing == .none, let token, let answer = server.handler.answer(token, noBytes) {
            let isHead = server.head.isMethod("HEAD")
            guard keepAlive, !isHTTP10 else {
                server.answered += 1
                return finish(answer.response, isHead: isHead)
            }
            if bytes.count <= 1024 {
                lastHead = Array(bytes)
                lastToken = token
                lastIsHead = isHead
            }
            return send(answer, isHead: isHead)
        }
        let request = server.head.request()
        self.request = request
        guard framing != .none else {
            state = .answering
            guard token == nil, server.handler.streamsBody(request) else { return complete() }
            // A body that is awaited piece by piece ends too where there is none.
            return hand(request).receive([], last: true)
        }
        state = .body(HTTP1BodyParser(framing, limits: server.limits))
        if server.head.expectsContinue { channel.send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
        if token == nil, server.handler.streamsBody(request) { hand(request) }
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        if let exchange {
            exchange.receive(Array(bytes), last: false)
        } else {
            body.append(contentsOf: bytes)
        }
    }

    private func complete() {
        if let exchange { return exchange.receive([], last: true) }
        guard var request else { return }
        if let token {
            let answer = body.withUnsafeBytes { server.handler.answer(token, $0) }
            if let answer {
                server.answered += 1
                return finish(answer.response, isHead: request.method == "HEAD")
            }
        }
        request.body = body
        body = []
        hand(request)
    }

    @discardableResult
    private func hand(_ request: HTTPRequest) -> Exchange {
        let exchange = Exchange(request, peer: channel.peer, carrier: self)
        self.exchange = exchange
        server.answered += 1
        server.handler.handle(exchange)
        return exchange
    }

    /// Answers a request that cannot be trusted and ends the connection.
    private func refuse(_ error: HTTP1Error) {
        server.onOffence?(channel.peer, error.description)
        keepAlive = false
        hasRefused = true
        let answer = server.refusal(error.status, error.bound)
        if let exchange, exchange.isStarted { return abort() }
        finish(answer.response, isHead: false)
    }

    // MARK: Answers

    private func finish(_ response: HTTPResponse, isHead: Bool) {
        var bytes: [UInt8] = []
        do {
            try HTTP1Serializer.append(
                response,
                toHead: isHead,
                isHTTP10: isHTTP10,
                keepAlive: keepAlive && !isClosing,
                to: &bytes
            )
        } catch {
            bytes = []
            keepAlive = false
            let plain = HTTPResponse(500, body: Array("\(error)\n".utf8))
            try? HTTP1Serializer.append(plain, keepAlive: false, to: &bytes)
        }
        channel.send(bytes)
        answered()
    }

    /// The answer is complete: on to the next request, or the end.
    private func answered() {
        let done = exchange
        exchange = nil
        request = nil
        token = nil
        if case .body = state { keepAlive = false }  // what is left of a body is not waited for
        state = .head
        activeTick = server.tick
        done?.close()
        if !keepAlive || isClosing || (peerEnded && rest.isEmpty) { return end() }
        if !isFull { channel.startReading() }
        processRest()
    }

    private func end() {
        isClosing = true
        rest = []
        if hasRefused { channel.endAndDiscard() } else { channel.closeWhenDrained() }
    }

    /// Only now may the server forget this connection, and now it must: it counts them.
    func closed() { gone() }

    private func gone() {
        let open = exchange
        exchange = nil
        open?.close()
        server.closed(self)
    }

    func drained() {
        channel.gather { processRest() }
        if peerEnded, !hasBacklog, exchange == nil { return end() }
        if !isClosing, !isFull { channel.startReading() }
        exchange?.onDrained?()
    }

    func ended(_ error: LoopError?) {
        peerEnded = true
        if error == nil, let exchange, !exchange.isStarted { return }
        if error == nil, exchange == nil, channel.backlog > 0 {
            // Requests that wait behind the backlog are answered yet.
            return hasBacklog && !rest.isEmpty ? () : end()
        }
        abort()
    }

    func close() {
        isClosing = true
        if exchange == nil { end() }
    }

    func abort() {
        isClosing = true
        channel.close()
        gone()
    }
}

extension HTTP1ServerConnection: ExchangeCarrier {
    func respond(_ exchange: Exchange, _ response: HTTPResponse) {
        guard exchange === self.exchange else { return }
        finish(response, isHead: exchange.isHead)
    }

    func start(_ exchange: Exchange, _ status: Int, _ headers: HTTPHeaders) {
        guard exchange === self.exchange else { return }
        if isHTTP10 { keepAlive = false }
        var bytes: [UInt8] = []
        do {
            try HTTP1Serializer.appendHead(
                status,
                headers,
                body: .chunked,
                isHTTP10: isHTTP10,
                keepAlive: keepAlive && !isClosing,
                to: &bytes
            )
            channel.send(bytes)
            if exchange.isHead { answered() }
        } catch {
            abort()
        }
    }

    func write(_ exchange: Exchange, _ bytes: [UInt8]) {
        guard exchange === self.exchange else { return }
        if isHTTP10 { return channel.send(bytes) }
        var chunk: [UInt8] = []
        HTTP1Serializer.appendChunk(bytes, to: &chunk)
        channel.send(chunk)
    }

    func finish(_ exchange: Exchange, _ trailers: HTTPHeaders) {
        guard exchange === self.exchange else { return }
        var bytes: [UInt8] = []
        if !isHTTP10 { try? HTTP1Serializer.appendLastChunk(trailers: trailers, to: &bytes) }
        channel.send(bytes)
        answered()
    }

    func abort(_ exchange: Exchange, _ code: UInt32) {
        if exchange === self.exchange { abort() }
    }

    func consumed(_ exchange: Exchange, _ count: Int) {}

    func backlog(_ exchange: Exchange) -> Int { channel.backlog }
}

private var noBytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }

extension UnsafeRawBufferPointer {
    fileprivate func isEqual(to other: UnsafeRawBufferPointer, _ count: Int) -> Bool {
        guard let mine = baseAddress, let theirs = other.baseAddress else { return false }
        return memcmp(mine, theirs, count) == 0
    }
}
