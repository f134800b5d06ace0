package import HTTP
package import Loop

/// One call as the server sees it: messages in, messages out, and the end.
@EventLoop
package final class GRPCServerCall {
    package let metadata: HTTPHeaders
    /// The `:authority` that the caller asked for.
    package let authority: String?
    package let peer: SocketAddress?
    /// When the caller will wait no longer.
    package let deadline: Instant?
    /// The caller has gone, or its deadline has passed.
    private(set) package var isCancelled = false
    /// Sent before the first message.
    package var initialMetadata: HTTPHeaders = [:]
    /// Sent with the status.
    package var trailingMetadata: HTTPHeaders = [:]

    private let exchange: Exchange
    private let inbox: GRPCInbox
    private let timeoutIsValid: Bool
    private var task: Task<Void, any Error>?
    private var timer: Timer?
    private var drained: Waiter<Void>?
    private var hasStarted = false
    private var hasEnded = false

    init(_ exchange: Exchange, maxMessage: Int) {
        self.exchange = exchange
        metadata = exchange.request.headers
        authority = exchange.request.authority
        peer = exchange.peer
        let header = metadata["grpc-timeout"]
        let timeout = header.flatMap(GRPCTimeout.parse)
        timeoutIsValid = header == nil || timeout != nil
        deadline = timeout.map { .now + $0 }
        inbox = GRPCInbox(maxMessage: maxMessage)
        inbox.onConsumed = { [weak exchange] in exchange?.consumed($0) }
        exchange.onBody = { [inbox] in inbox.receive($0, last: $1) }
        exchange.onClose = { [weak self] in
            self?.cancel(GRPCStatus(.cancelled, "the caller has gone"))
        }
        exchange.onDrained = { [weak self] in self?.drained?.fulfil(.success(())) }
    }

    isolated deinit {}

    /// The caller's next message; nil when it has sent its last.
    package func next() async throws(GRPCStatus) -> [UInt8]? {
        try await inbox.next(until: nil)
    }

    /// Sends a message; returns when there is room for the next.
    package func send(_ message: [UInt8]) async throws(GRPCStatus) {
        guard !hasEnded, !isCancelled else { throw GRPCStatus(.cancelled, "the call has ended") }
        start()
        exchange.write(grpcFramed(message))
        guard exchange.backlog > 256 << 10 else { return }
        let waiter = Waiter<Void>()
        drained = waiter
        do throws(LoopError) {
            try await waiter.wait(until: nil, "send a message")
        } catch {
            throw GRPCStatus(.cancelled, error.message)
        }
    }

    func run(_ body: @escaping GRPCServer.StreamingBody) {
        guard timeoutIsValid else {
            return end(GRPCStatus(.internal, "the grpc-timeout cannot be read"))
        }
        if let deadline {
            timer = Timer(after: max(.zero, deadline - .now)) { [weak self] in
                let status = GRPCStatus(.deadlineExceeded, "the deadline has passed")
                self?.end(status)
                self?.cancel(status)
            }
        }
        task = EventLoop.task {
            do throws(GRPCStatus) {
                try await body(self)
                self.end(.ok)
            } catch {
                self.end(error)
            }
        }
    }

    /// Ends the call; only the first end counts.
    func end(_ status: GRPCStatus) {
        guard !hasEnded else { return }
        hasEnded = true
        timer = nil
        start()
        var trailers = status.trailers
        for field in trailingMetadata { trailers.add(field.name, field.value) }
        // What the caller still sends is taken from the wire and dropped.
        inbox.discard()
        exchange.finish(trailers: trailers)
    }

    private func start() {
        guard !hasStarted else { return }
        hasStarted = true
        var headers: HTTPHeaders = ["content-type": "application/grpc"]
        for field in initialMetadata { headers.add(field.name, field.value) }
        exchange.start(200, headers)
    }

    private func cancel(_ status: GRPCStatus) {
        guard !isCancelled else { return }
        isCancelled = true
        inbox.fail(status)
        drained?.fulfil(.failure(.closed))
        task?.cancel()
    }
}
