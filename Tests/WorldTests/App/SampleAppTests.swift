import GRPC
import Loop
import Testing
import World

@EventLoop @Suite struct `A sample app` {
    private func client(
        _ faults: Set<Fault>
    ) throws -> (SampleApp, GRPCClient) {
        let any = try #require(SocketAddress("127.0.0.1:0"))
        let app = SampleApp(
            .init(listen: any, name: "app1", host: "west-1", version: "v7", faults: faults)
        )
        try app.start()
        return (app, GRPCClient(Endpoint(app.address), authority: "app1"))
    }

    private func health(_ client: GRPCClient, within: Duration = .seconds(5)) async throws
        -> [UInt8]
    {
        try await client.unary(
            HealthMessages.check,
            [0x0a, 8] + Array(SampleApp.service.utf8),
            until: .now + within
        )
    }

    @Test func `says who it is in every answer, and SERVING`() async throws {
        let (app, client) = try client([])
        let bytes = try await client.unary(
            DemoMessage.call,
            DemoMessage(id: 5, text: "x").bytes,
            until: .now + .seconds(5)
        )
        let answer = try #require(DemoMessage(bytes))
        #expect(answer.id == 5 && answer.text == "x")
        #expect((answer.app, answer.host, answer.version) == ("app1", "west-1", "v7"))
        #expect(try await health(client) == [0x08, 1])
        client.close()
        await app.stop(within: .zero)
    }

    @Test func `finishes a stream that runs when it is told to stop`() async throws {
        let (app, client) = try client([])
        var request = DemoMessage(id: 1)
        request.count = 10
        request.everyMs = 20
        let call = try await client.call(DemoMessage.stream, until: .now + .seconds(10))
        try await call.send(request.bytes)
        call.finishSending()
        var received = try await call.next() == nil ? 0 : 1
        let stop = EventLoop.task { await app.stop(within: .seconds(10)) }
        while try await call.next() != nil { received += 1 }
        #expect(received == 10)
        try await stop.value
        client.close()
    }

    @Test func `answers calls and says NOT_SERVING when so told`() async throws {
        let (app, client) = try client([.notServing])
        #expect(try await health(client) == [0x08, 2])
        client.close()
        await app.stop(within: .zero)
    }

    @Test func `takes faults and drops them while it runs, and counts health checks`() async throws
    {
        let (app, client) = try client([])
        #expect(try await health(client) == [0x08, 1])
        app.take([.notServing])
        #expect(try await health(client) == [0x08, 2])
        app.take([])
        #expect(try await health(client) == [0x08, 1])
        let bytes = try await client.unary(
            DemoMessage.healthChecks,
            DemoMessage().bytes,
            until: .now + .seconds(5)
        )
        #expect(DemoMessage(bytes)?.count == 3)
        client.close()
        await app.stop(within: .zero)
    }

    @Test func `hangs its health and nothing else when so told`() async throws {
        let (app, client) = try client([.hangHealth])
        let error = await #expect(throws: GRPCStatus.self) {
            _ = try await health(client, within: .milliseconds(200))
        }
        #expect(error?.code == .deadlineExceeded)
        let bytes = try await client.unary(
            DemoMessage.call,
            DemoMessage(id: 5).bytes,
            until: .now + .seconds(5)
        )
        #expect(DemoMessage(bytes)?.id == 5)
        client.close()
        await app.stop(within: .zero)
    }
}
