package import GRPC
package import Loop

/// Users, exactly counted: unary calls by the clock, whether or not the last one is answered, and a
/// number of long streams, each followed by the next. No call is ever tried twice.
@EventLoop
package final class Load {
    package struct Settings: Hashable, Sendable {
        /// Where users call in, one or more Fronts.
        package var targets: [SocketAddress]
        package var apps = WorldLayout.apps
        package var callsPerSecond = 320
        package var streams = 20
        /// How long a stream lives, by its number: from the first to the last of this range.
        package var streamLife: ClosedRange<Int> = 6000...9000
        package var streamPeriodMs = 100
        /// A call unanswered for this long has failed.
        package var callDeadline = Duration.seconds(5)
        package var connectionsPerApp = 2

        package init(targets: [SocketAddress]) { self.targets = targets }
    }

    package private(set) var tally = Tally()
    package private(set) var lag = Lag()
    /// From first to last send.
    package private(set) var duration = Duration.zero

    let settings: Settings
    private(set) var isStopping = false
    private var clients: [[GRPCClient]] = []
    private var streamClients: [GRPCClient] = []
    private var sender: Task<Void, any Error>?
    private var lastID: UInt64 = 0
    /// Called at the good end of each stream with its life.
    package var onStream: ((Instant, Instant) -> Void)?

    package init(_ settings: Settings) { self.settings = settings }

    /// Connects, then begins to send.
    package func start() async throws(GRPCStatus) {
        clients = settings.apps.map { app in
            (0..<settings.connectionsPerApp).map { client(app, $0) }
        }
        streamClients = (0..<max(settings.apps.count * settings.targets.count, 2)).map {
            client(settings.apps[$0 % settings.apps.count], $0 / settings.apps.count)
        }
        for client in clients.joined() + streamClients {
            try await client.connect(until: .now + settings.callDeadline)
        }
        sender = EventLoop.task { [self] in try await sendByTheClock() }
        for number in 0..<settings.streams {
            EventLoop.task { [self] in await streamAfterStream(number) }
        }
    }

    /// Sends nothing more and waits for the end of everything that was sent.
    package func stop() async throws {
        isStopping = true
        _ = await sender?.result
        let longest = Duration.milliseconds(settings.streamLife.upperBound)
        let deadline = Instant.now + settings.callDeadline + longest * 2 + .seconds(5)
        while tally.open > 0, Instant.now < deadline {
            try await EventLoop.sleep(for: .milliseconds(20))
        }
        for client in clients.joined() { client.close() }
        for client in streamClients { client.close() }
    }

    /// From now on a stream that ends is not followed by another.
    package func letStreamsEnd() { isLettingStreamsEnd = true }
    private var isLettingStreamsEnd = false

    private func client(_ app: String, _ number: Int) -> GRPCClient {
        let target = settings.targets[number % settings.targets.count]
        return GRPCClient(Endpoint(target), authority: app)
    }

    private func nextID() -> UInt64 {
        lastID += 1
        return lastID
    }

    // MARK: Calls

    private func sendByTheClock() async throws {
        let start = Instant.now
        let period = Duration.nanoseconds(1_000_000_000 / Int64(settings.callsPerSecond))
        var number = 0
        while !isStopping {
            let now = Instant.now
            while start + period * number <= now {
                lag.record(Instant.now - (start + period * number))
                send(number)
                number += 1
            }
            duration = Instant.now - start
            let wait = start + period * number - Instant.now
            if wait > .zero { try await EventLoop.sleep(for: wait) }
        }
    }

    private func send(_ number: Int) {
        let app = number % settings.apps.count
        let pool = clients[app]
        let client = pool[number / settings.apps.count % pool.count]
        let request = DemoMessage(id: nextID(), text: "hello")
        tally.callSent()
        EventLoop.task { [self] in
            let outcome = await call(client, request, app: settings.apps[app])
            tally.callEnded(outcome)
        }
    }

    private func call(
        _ client: GRPCClient,
        _ request: DemoMessage,
        app: String
    ) async -> Tally.Outcome {
        do throws(GRPCStatus) {
            let bytes = try await client.unary(
                DemoMessage.call,
                request.bytes,
                until: .now + settings.callDeadline
            )
            return judge(bytes, request, app: app, index: 0)
        } catch {
            return .failed("\(error)")
        }
    }

    private func judge(
        _ bytes: [UInt8],
        _ request: DemoMessage,
        app: String,
        index: UInt64
    ) -> Tally.Outcome {
        guard let answer = DemoMessage(bytes), answer.id == request.id, answer.app == app,
            answer.text == request.text, answer.index == index, !answer.host.isEmpty
        else { return .failed("wrong answer") }
        return .served(host: answer.host, version: answer.version)
    }

    // MARK: Streams

    private func streamAfterStream(_ number: Int) async {
        let client = streamClients[number % streamClients.count]
        let app = settings.apps[number % streamClients.count % settings.apps.count]
        let spread = settings.streamLife.upperBound - settings.streamLife.lowerBound
        let life = settings.streamLife.lowerBound + spread * number / max(settings.streams, 1)
        while !isStopping, !isLettingStreamsEnd {
            var request = DemoMessage(id: nextID(), text: "stream")
            request.everyMs = UInt64(settings.streamPeriodMs)
            request.count = UInt64(life / settings.streamPeriodMs)
            tally.streamOpened()
            let begin = Instant.now
            let outcome = await stream(client, request, app: app)
            tally.streamEnded(outcome)
            switch outcome {
            case .served: onStream?(begin, .now)
            case .failed:
                // A Front that refuses at once must not be asked ten thousand times a second.
                try? await EventLoop.sleep(for: .milliseconds(200))
            }
        }
    }

    private func stream(
        _ client: GRPCClient,
        _ request: DemoMessage,
        app: String
    ) async -> Tally.Outcome {
        let life = Duration.milliseconds(Int64(request.count * request.everyMs))
        var outcome = Tally.Outcome.failed("no message")
        var received: UInt64 = 0
        do throws(GRPCStatus) {
            let call = try await client.call(
                DemoMessage.stream,
                until: .now + life * 2 + .seconds(5)
            )
            try await call.send(request.bytes)
            call.finishSending()
            while let bytes = try await call.next() {
                outcome = judge(bytes, request, app: app, index: received)
                guard case .served = outcome else { return outcome }
                received += 1
            }
        } catch {
            return .failed("\(error) after \(received > 0 ? "some" : "no") messages")
        }
        return received == request.count ? outcome : .failed("ended with messages missing")
    }
}
