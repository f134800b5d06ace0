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
    private var faults: Set<Fault>
    /// Health checks that reached this app, answered or not.
    private var healthChecks: UInt64 = 0
    private let server = GRPCServer()
    private let status = HealthTable()
    private let health: HealthService
    private var listener: HTTPServer?
    private var flapping: Timer?

    /// What `grpc.health.v1` knows the app by, beside the server as a whole.
    package nonisolated static let service = "demo.App"

    package init(_ options: Options) {
        self.options = options
        faults = options.faults
        health = HealthService(status)
    }

    isolated deinit {}

    /// Begins to listen.
    package func start() throws(LoopError) {
        server.unary(DemoMessage.call) { [self] bytes, _ async throws(GRPCStatus) in
            try await answer(bytes)
        }
        server.streaming(DemoMessage.stream) { [self] call async throws(GRPCStatus) in
            try await stream(call)
        }
        server.unary(DemoMessage.healthChecks) { [self] _, _ async throws(GRPCStatus) in
            counted.bytes
        }
        health.serve(on: server)
        server.unary(HealthMessages.check) { [self] request, _ async throws(GRPCStatus) in
            healthChecks += 1
            if slowness > .zero { try await pause(slowness) }
            if has(.hang) || has(.hangHealth) { try await hang() }
            return try health.check(request)
        }
        take(faults)
        listener = try HTTPServer(options.listen, handler: server)
    }

    package var address: SocketAddress { listener?.address ?? options.listen }

    /// Does these things wrong from now on, and no others.
    package func take(_ faults: Set<Fault>) {
        self.faults = faults
        flapping = nil
        setHealth(has(.notServing) ? .notServing : .serving)
        for case .flap(let period) in faults { flap(every: period) }
    }

    /// Takes no new calls and lets those that run come to their end.
    package func stop(within limit: Duration) async {
        flapping = nil
        setHealth(.notServing)
        health.close()
        await listener?.close(within: limit)
        listener = nil
    }

    // MARK: Calls

    private func answer(_ bytes: [UInt8]) async throws(GRPCStatus) -> [UInt8] {
        if has(.hang) || has(.hangCalls) { try await hang() }
        if slowness > .zero { try await pause(slowness) }
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

    private var counted: DemoMessage {
        var message = reply(to: DemoMessage())
        message.count = healthChecks
        return message
    }

    // MARK: Health

    private func setHealth(_ serving: ServingStatus) {
        // By its own name too: only so can a check tell that it reached this app and no other.
        for service in ["", Self.service, options.name] { status.set(service, serving) }
    }

    private func flap(every period: Duration) {
        flapping = Timer(after: period) { [weak self] in
            guard let self else { return }
            setHealth(status.serving("") == .serving ? .notServing : .serving)
            flap(every: period)
        }
    }

    // MARK: Faults

    private func has(_ fault: Fault) -> Bool { faults.contains(fault) }

    private var slowness: Duration {
        for case .slow(let time) in faults { return time }
        return .zero
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
