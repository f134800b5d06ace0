import Loop

/// Answers that a handler makes by an exchange, whole or piece by piece.
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

    /// There is more to send of an answer.
    private func resume(_ stream: HTTP2ServerStream) {
        if stream.isDeferred {
            stream.isDeferred = false
            session?.resume(stream.id)
        }
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
