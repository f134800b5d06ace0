import GRPC
import HTTP
import Health
import Loop
import Probes
import Testing

@EventLoop
@Suite struct `A gRPC probe` {
    let table = HealthTable(["": .serving, "shop.v1.Orders": .notServing])
    let service = GRPCServer()
    let server: HTTPServer

    init() throws {
        HealthService(table).serve(on: service)
        server = try HTTPServer(try #require(SocketAddress("127.0.0.1:0")), handler: service)
    }

    @Test func `finds a serving service up`() async {
        let outcome = await probe("").run(until: soon())
        #expect(outcome.result == .up)
        #expect(outcome.detail == "SERVING")
        #expect(outcome.phases.map(\.name) == [.connect, .query])
    }

    @Test func `says not_serving for a service that says so, and for an unknown one`() async {
        let failure = await probe("shop.v1.Orders").run(until: soon()).failure
        #expect(failure == Outcome.Failure(.notServing, at: .upstream, "NOT_SERVING"))
        let unknown = await probe("none").run(until: soon()).failure
        #expect(unknown?.reason == .notServing)
        #expect(unknown?.text == "NOT_FOUND: unknown service none")
    }

    @Test func `makes a connection for each attempt`() async throws {
        let probe = probe("")
        for _ in 0..<2 {
            #expect(await probe.run(until: soon()).phases.map(\.name) == [.connect, .query])
        }
        #expect(try await eventually { server.connectionCount == 0 })
    }

    @Test func `sees each change over one connection where it is told to keep it`() async {
        let probe = probe("shop.v1.Orders", keeps: true)
        #expect(await !probe.run(until: soon()).passed)
        table.set("shop.v1.Orders", .serving)
        #expect(await probe.run(until: soon()).phases.map(\.name) == [.query])
        #expect(server.connectionCount == 1)
    }

    @Test func `is not misled by a kept connection that was closed`() async throws {
        let probe = probe("", keeps: true)
        #expect(await probe.run(until: soon()).passed)
        await server.close(within: .zero)
        let second = try HTTPServer(server.address, handler: service)
        defer { withExtendedLifetime(second) {} }
        #expect(await probe.run(until: soon()).passed)
    }

    @Test func `sends its authority`() async {
        var authority: String?
        service.unary(HealthMessages.check) { (_, call) throws(GRPCStatus) in
            authority = call.authority
            return HealthMessages.response(.serving)
        }
        #expect(await probe("", authority: "orders").run(until: soon()).passed)
        #expect(authority == "orders")
    }

    @Test(arguments: [
        (GRPCStatus(.unavailable, "no healthy upstream"), Reason.upstreamRefused, Hop.upstream),
        (
            GRPCStatus(
                .unavailable,
                "upstream connect error or disconnect/reset before headers. reset reason: "
                    + "remote connection failure"
            ),
            .upstreamRefused, .upstream
        ),
        (GRPCStatus(.unavailable, "upstream request timeout"), .upstreamTimeout, .upstream),
        (GRPCStatus(.unimplemented), .status, .sidecar),
        (GRPCStatus(.unimplemented, "unknown service"), .protocol, .upstream),
        (GRPCStatus(.unauthenticated, "who?"), .auth, .upstream),
        (GRPCStatus(.internal, "oops"), .status, .upstream),
    ])
    func `blames by the status`(status: GRPCStatus, reason: Reason, hop: Hop) async {
        service.unary(HealthMessages.check) { (_, _) throws(GRPCStatus) in throw status }
        let failure = await probe("", through: .sidecar).run(until: soon()).failure
        #expect(failure?.reason == reason)
        #expect(failure?.hop == hop)
    }

    @Test func `says timeout where the service hangs, and comes back`() async {
        let probe = probe("")
        #expect(await probe.run(until: soon()).passed)
        service.streaming(HealthMessages.check) { (call) throws(GRPCStatus) in
            while try await call.next() != nil {}
            try await Hang().wait()
        }
        #expect(await probe.run(until: shortly()).failure?.reason == .timeout)
        HealthService(table).serve(on: service)
        #expect(await probe.run(until: soon()).passed)
    }

    private func probe(
        _ service: String,
        through: ProbeTarget.Through = .none,
        authority: String? = nil,
        keeps: Bool = false
    ) -> any Probe {
        AnyProbe.make(
            ProbeTarget(
                .grpc(service: service),
                Endpoint(server.address),
                through: through,
                authority: authority,
                keeps: keeps
            )
        )
    }
}

@EventLoop
private struct Hang {
    func wait() async throws(GRPCStatus) {
        do throws(LoopError) {
            try await Waiter<Void>().wait(until: nil, "hang")
        } catch {
            throw GRPCStatus(.cancelled)
        }
    }
}
