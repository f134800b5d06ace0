import GRPC
import HTTP
package import Loop

/// A gRPC service to release: `demo.App` with one unary and one server-streaming call, and
/// `grpc.health.v1`, with faults on demand.
@EventLoop
package final class SampleApp {
    package struct Options: Sendable {
        package var listen: SocketAddress
        package var name: String
        package var host: String
        package var version: String
        package var faults: Set<Fault>

        package init(
            listen: SocketAddress,
            name: String,
            host: String,
            version: String,
            faults: Set<Fault> = []
        ) {
            self.listen = listen
            self.name = name
            self.host = host
            self.version = version
            self.faults = faults
        }
    }

    private let options: Options
    private let server = GRPCServer()
    private var listener: HTTPServer?
    private var isStopping = false
    private let started = ContinuousClock.now

    package init(_ options: Options) { self.options = options }

    /// Begins to listen.
    package func start() throws(LoopError) {
        server.unary(DemoMessage.call) { [self] bytes, _ async throws(GRPCStatus) in
            try await answer(bytes)
        }
        server.streaming(DemoMessage.stream) { [self] call async throws(GRPCStatus) in
            try await stream(call)
        }
        server.unary("/grpc.health.v1.Health/Check") {
            [self] _, _ async throws(GRPCStatus) in try await health()
        }
        listener = try HTTPServer(options.listen, handler: server)
    }

    package var address: SocketAddress { listener?.address ?? options.listen }

    /// Takes no new calls and lets those that run come to their end.
    package func stop(within limit: Duration) async {
        isStopping = true
        await listener?.close(within: limit)
        listener = nil
    }

    // MARK: Calls

    private func answer(_ bytes: [UInt8]) async throws(GRPCStatus) -> [UInt8] {
        if has(.hang) || has(.hangCalls) { try await hang() }
        try await beSlow()
        return try reply(to: request(bytes)).bytes
    }

    private func stream(_ call: GRPCServerCall) async throws(GRPCStatus) {
        guard let bytes = try await call.next() else {
            throw GRPCStatus(.invalidArgument, "no request")
        }
        if has(.hang) || has(.hangCalls) { try await hang() }
        let request = try request(bytes)
        var answer = reply(to: request)
        for index in 0..<request.count {
            answer.index = index
            try await call.send(answer.bytes)
            try await pause(.milliseconds(Int64(clamping: request.everyMs)))
        }
    }

    private func request(_ bytes: [UInt8]) throws(GRPCStatus) -> DemoMessage {
        guard let request = DemoMessage(bytes) else {
            throw GRPCStatus(.invalidArgument, "not a demo message")
        }
        return request
    }

    private func reply(to request: DemoMessage) -> DemoMessage {
        var reply = request
        reply.app = options.name
        reply.host = options.host
        reply.version = options.version
        if has(.wrongAnswer) { reply.text = "an answer to something else" }
        return reply
    }

    // MARK: Health

    /// HealthCheckResponse.status: 1 is SERVING, 2 NOT_SERVING.
    private func health() async throws(GRPCStatus) -> [UInt8] {
        if has(.hang) || has(.hangHealth) { try await hang() }
        try await beSlow()
        return [0x08, isServing ? 1 : 2]
    }

    private var isServing: Bool {
        if isStopping || has(.notServing) { return false }
        for case .flap(let period) in options.faults {
            return Int64((ContinuousClock.now - started) / period).isMultiple(of: 2)
        }
        return true
    }

    // MARK: Faults

    private func has(_ fault: Fault) -> Bool { options.faults.contains(fault) }

    private func beSlow() async throws(GRPCStatus) {
        for case .slow(let time) in options.faults { try await pause(time) }
    }

    private func hang() async throws(GRPCStatus) {
        try await pause(.seconds(86_400))
    }

    private func pause(_ time: Duration) async throws(GRPCStatus) {
        do { try await EventLoop.sleep(for: time) } catch {
            throw GRPCStatus(.cancelled, "the caller went away")
        }
    }
}
