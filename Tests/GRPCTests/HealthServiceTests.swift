import GRPC
import HTTP
import Loop
import Testing

@EventLoop
@Suite struct `The health service` {
    let soon = Instant.now + .seconds(20)
    let table = HealthTable(["": .serving, "orders": .notServing])
    let health: HealthService
    let server: HTTPServer
    let client: GRPCClient

    init() throws {
        let service = GRPCServer()
        health = HealthService(table)
        health.serve(on: service)
        let address = try #require(SocketAddress("127.0.0.1:0"))
        server = try HTTPServer(address, handler: service)
        client = GRPCClient(Endpoint(server.address))
    }

    @Test func `answers Check by the source`() async throws {
        #expect(try await check("") == .serving)
        #expect(try await check("orders") == .notServing)
        table.set("orders", .serving)
        #expect(try await check("orders") == .serving)
    }

    @Test func `answers Check of an unknown service with NOT_FOUND`() async {
        let status = await failure { _ = try await check("none") }
        #expect(status?.code == .notFound)
    }

    @Test func `lists all services`() async throws {
        let answer = try await client.unary(HealthMessages.list, [], until: soon)
        let statuses = try HealthMessages.statuses(answer)
        #expect(statuses.map(\.service) == ["", "orders"])
        #expect(statuses.map(\.status) == [.serving, .notServing])
    }

    @Test func `pushes each change to a watcher, the first status at once`() async throws {
        let call = try await watch("orders")
        #expect(try await next(call) == .notServing)
        table.set("orders", .serving)
        #expect(try await next(call) == .serving)
        table.set("", .notServing)
        table.set("orders", .notServing)
        #expect(try await next(call) == .notServing)
        call.cancel()
    }

    @Test func `keeps a watcher of an unknown service until it becomes known`() async throws {
        let call = try await watch("new")
        #expect(try await next(call) == .serviceUnknown)
        table.set("new", .serving)
        #expect(try await next(call) == .serving)
        call.cancel()
    }

    @Test func `ends watches when it is closed`() async throws {
        let call = try await watch("")
        #expect(try await next(call) == .serving)
        health.close()
        let status = await failure { _ = try await call.next() }
        #expect(status?.code == .unavailable)
    }

    @Test func `forgets a watcher that has gone`() async throws {
        let call = try await watch("")
        #expect(try await next(call) == .serving)
        #expect(table.watchers.count == 1)
        call.cancel()
        // The end travels to the server; a second call on the connection arrives behind it.
        for _ in 0..<100 where table.watchers.count > 0 { _ = try await check("") }
        #expect(table.watchers.count == 0)
    }

    private func check(_ service: String) async throws -> ServingStatus {
        let request = HealthMessages.request(service)
        return try HealthMessages.status(
            try await client.unary(HealthMessages.check, request, until: soon)
        )
    }

    private func watch(_ service: String) async throws -> GRPCCall {
        let call = try await client.call(HealthMessages.watch, until: soon)
        try await call.send(HealthMessages.request(service))
        call.finishSending()
        return call
    }

    private func next(_ call: GRPCCall) async throws -> ServingStatus? {
        try await call.next().map { try HealthMessages.status($0) }
    }
}
