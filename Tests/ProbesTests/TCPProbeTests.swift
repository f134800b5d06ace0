import Health
import Loop
import Probes
import Testing

@EventLoop
@Suite struct `A TCP probe` {
    @Test func `finds a port that accepts up, with the time of the connect`() async throws {
        let server = try ScriptedServer(.silent)
        let outcome = await look(.tcp(), server.address)
        #expect(outcome.result == .up)
        #expect(outcome.phases.map(\.name) == [.connect])
        #expect(outcome.took >= outcome.phases[0].took)
    }

    @Test func `resolves a name in a phase of its own`() async throws {
        let server = try ScriptedServer(.silent)
        let endpoint = try #require(Endpoint("localhost:\(server.address.port ?? 0)"))
        let outcome = await AnyProbe.make(ProbeTarget(.tcp(), endpoint)).run(until: soon())
        #expect(outcome.result == .up)
        #expect(outcome.phases.map(\.name) == [.dns, .connect])
    }

    @Test func `reads a greeting without having spoken`() async throws {
        let server = try ScriptedServer(.greet("220 mail ready\r\n"))
        let outcome = await look(.tcp(expect: "220 "), server.address)
        #expect(outcome.result == .up)
        #expect(outcome.phases.map(\.name) == [.connect, .query])
    }

    @Test func `sends and compares the reply`() async throws {
        let server = try ScriptedServer(.answer("+PONG\r\n"))
        #expect(await look(.tcp(send: "PING\r\n", expect: "+PONG"), server.address).passed)
        let outcome = await look(.tcp(send: "PING\r\n", expect: "+POP"), server.address)
        #expect(outcome.failure?.reason == .body)
        #expect(outcome.failure?.text == #"expected "+POP", the reply is "+PONG\r\n""#)
    }

    @Test func `takes any reply where none is described`() async throws {
        let server = try ScriptedServer(.answer("?"))
        #expect(await look(.tcp(send: "x"), server.address).passed)
    }

    @Test func `knows a reply that ends too early`() async throws {
        let server = try ScriptedServer(.answer("+PO", closes: true))
        let outcome = await look(.tcp(send: "x", expect: "+PONG"), server.address)
        #expect(outcome.failure?.reason == .protocol)
    }
}
