import Health
import Loop
import Probes
import Testing

@EventLoop
@Suite struct `A probe of any kind` {
    @Test(arguments: [ProbeTarget.Kind.tcp()] + ProbeTarget.Kind.talking)
    func `says refused where nobody listens`(kind: ProbeTarget.Kind) async throws {
        let address = try ScriptedServer.nobody()
        #expect(await look(kind, address).failure?.reason == .refused)
        let through = await look(kind, address, through: .sidecar).failure
        #expect(through?.reason == .sidecarRefused)
        #expect(through?.hop == .sidecar)
    }

    @Test(arguments: [ProbeTarget.Kind.tcp()] + ProbeTarget.Kind.talking)
    func `says connect_timeout where a connect hangs`(kind: ProbeTarget.Kind) async throws {
        let hanging = try FullBacklog()
        let failure = await look(kind, hanging.address, until: shortly()).failure
        #expect(failure?.reason == .connectTimeout)
        #expect(failure?.hop == .network)
        let through = await look(kind, hanging.address, through: .sidecar, until: shortly()).failure
        #expect(through?.reason == .connectTimeout)
        #expect(through?.hop == .sidecar)
    }

    @Test(arguments: ProbeTarget.Kind.talking)
    func `says timeout where nothing is answered`(kind: ProbeTarget.Kind) async throws {
        let server = try ScriptedServer(.silent)
        let outcome = await lookInVain(kind, server.address)
        #expect(outcome.failure?.reason == .timeout)
        #expect(outcome.phases.map(\.name) == [.connect, .query])
    }

    @Test(arguments: ProbeTarget.Kind.talking)
    func `says upstream_refused where the sidecar closes before a byte`(
        kind: ProbeTarget.Kind
    ) async throws {
        for script in [ScriptedServer.Script.close, .reset, .answer("", closes: true)] {
            let server = try ScriptedServer(script)
            let through = await look(kind, server.address, through: .sidecar).failure
            #expect(through?.reason == .upstreamRefused)
            #expect(through?.hop == .upstream)
            #expect(await look(kind, server.address).failure?.reason == .protocol)
        }
    }

    @Test(arguments: ProbeTarget.Kind.talking)
    func `says protocol where the answer is gibberish`(kind: ProbeTarget.Kind) async throws {
        if case .tcp = kind { return }
        let server = try ScriptedServer(.answer("\u{0}\u{1}gibberish, and more of it\r\n\r\n"))
        #expect(await look(kind, server.address).failure?.reason == .protocol)
    }

    @Test(arguments: [ProbeTarget.Kind.tcp()] + ProbeTarget.Kind.talking)
    func `says dns where the name cannot be`(kind: ProbeTarget.Kind) async throws {
        // A label longer than 63 bytes is refused before any server is asked.
        let endpoint = try #require(Endpoint("\(String(repeating: "x", count: 70)).test:80"))
        let outcome = await AnyProbe.make(ProbeTarget(kind, endpoint)).run(until: soon())
        #expect(outcome.failure?.reason == .dns)
        #expect(outcome.failure?.hop == .network)
    }

    @Test(arguments: [ProbeTarget.Kind.tcp()] + ProbeTarget.Kind.talking)
    func `ends when its task is cancelled`(kind: ProbeTarget.Kind) async throws {
        let hanging = try FullBacklog()
        let task = EventLoop.task { await look(kind, hanging.address) }
        task.cancel()
        #expect(try await task.value.failure?.reason == .internal)
    }
}
