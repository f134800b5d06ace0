package import Loop

/// `grpc.health.v1.Health` for a server: Check, Watch and List of a source.
@EventLoop
package final class HealthService {
    private let source: any HealthSource
    private var isClosed = false
    private let closing = HealthWatchers()

    package init(_ source: any HealthSource) { self.source = source }

    /// Adds the three methods to a server.
    package func serve(on server: GRPCServer) {
        server.unary(HealthMessages.check) { [self] (request, _) throws(GRPCStatus) in
            try check(request)
        }
        server.unary(HealthMessages.list) { [self] (_, _) throws(GRPCStatus) in list() }
        server.streaming(HealthMessages.watch) { [self] (call) throws(GRPCStatus) in
            try await watch(call)
        }
    }

    /// Ends all watches: the server is about to stop.
    package func close() {
        isClosed = true
        closing.changed()
    }

    package func check(_ request: [UInt8]) throws(GRPCStatus) -> [UInt8] {
        let service = try HealthMessages.service(request)
        guard let status = source.serving(service) else {
            throw GRPCStatus(.notFound, "unknown service \(service)")
        }
        return HealthMessages.response(status)
    }

    private func list() -> [UInt8] {
        HealthMessages.list(source.services.map { ($0, source.serving($0) ?? .unknown) })
    }

    /// Sends the status at once and then each change. An unknown service may become known, so its
    /// stream stays open, as the protocol asks.
    private func watch(_ call: GRPCServerCall) async throws(GRPCStatus) {
        guard let request = try await call.next() else {
            throw GRPCStatus(.internal, "the call ended without a message")
        }
        let service = try HealthMessages.service(request)
        let bell = Bell()
        let tokens = [
            source.watchers.add { bell.ring() }, closing.add { bell.ring() },
        ]
        defer { withExtendedLifetime(tokens) {} }
        var told: ServingStatus?
        while !isClosed {
            let status = source.serving(service) ?? .serviceUnknown
            if status != told {
                told = status
                try await call.send(HealthMessages.response(status))
                // It may have changed while the message was on its way.
                continue
            }
            try await bell.heard()
        }
        throw GRPCStatus(.unavailable, "the server is stopping")
    }
}

/// Wakes one waiting task; a ring that nobody waits for is kept.
@EventLoop
private final class Bell {
    private var hasRung = false
    private var waiting: Waiter<Void>?

    func ring() {
        hasRung = true
        waiting?.fulfil(.success(()))
    }

    func heard() async throws(GRPCStatus) {
        if !hasRung {
            let waiter = Waiter<Void>()
            waiting = waiter
            defer { waiting = nil }
            do throws(LoopError) {
                try await waiter.wait(until: nil, "wait for a change")
            } catch {
                throw GRPCStatus(error)
            }
        }
        hasRung = false
    }
}
