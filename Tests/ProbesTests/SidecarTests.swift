import GRPC
import HTTP
import Health
import Loop
import Probes
import Testing

@EventLoop
@Suite
struct `Through a real sidecar` {
    @Test func `each kind of probe blames the hop that is broken`() async throws {
        let any = try #require(SocketAddress("127.0.0.1:0"))
        let health = GRPCServer()
        HealthService(HealthTable(["": .serving])).serve(on: health)
        let grpc = try HTTPServer(any, handler: health)
        let page = try HTTPServer(any, handler: App())
        let mail = try ScriptedServer(.greet("220 ready\r\n"))
        let silent = try ScriptedServer(.silent)
        let hanging = try FullBacklog()
        let nobody = try ScriptedServer.nobody()
        let sidecar = try await Sidecar([
            "web": page.address, "web-gone": nobody, "web-silent": silent.address,
            "web-hanging": hanging.address, "grpc": grpc.address, "grpc-gone": nobody,
            "grpc-silent": silent.address, "mail": mail.address,
        ])
        defer { sidecar.stop() }
        let http = try sidecar["http"]

        #expect(await ask(.page, http, "web").passed)
        #expect(await blame(.page, http, "web-gone") == .upstreamRefused)
        #expect(await blame(.page, http, "web-silent") == .upstreamTimeout)
        #expect(await blame(.page, http, "web-hanging") == .upstreamTimeout)
        // Over TLS and by bytes the sidecar says nothing, and only its time tells.
        for (kind, tls) in [
            (ProbeTarget.Kind.page, TLSSettings(verifies: false)), (.tcp(expect: "220"), nil),
        ] {
            let address = try sidecar["web-hanging"]
            let hangs = await look(kind, address, through: .sidecar, tls: tls)
            #expect(hangs.failure?.reason == .upstreamTimeout, "\(hangs)")
        }
        let unrouted = await ask(.page, http, "web-none").failure
        #expect(unrouted?.reason == .status)
        #expect(unrouted?.hop == .sidecar)

        #expect(await ask(.grpc(service: ""), http, "grpc").passed)
        #expect(await blame(.grpc(service: ""), http, "grpc-gone") == .upstreamRefused)
        #expect(await blame(.grpc(service: ""), http, "grpc-silent") == .upstreamTimeout)
        let unroutedCall = await ask(.grpc(service: ""), http, "grpc-none").failure
        #expect(unroutedCall?.reason == .status)
        #expect(unroutedCall?.hop == .sidecar)

        // A mere connect ends at the sidecar, whatever stands behind it.
        #expect(await ask(.tcp(), try sidecar["web-gone"], "").passed)
        #expect(await ask(.tcp(expect: "220"), try sidecar["mail"], "").passed)
        #expect(await blame(.tcp(expect: "220"), try sidecar["web-gone"], "") == .upstreamRefused)
    }

    private func ask(
        _ kind: ProbeTarget.Kind,
        _ address: SocketAddress,
        _ authority: String
    ) async -> Outcome {
        let target = ProbeTarget(
            kind,
            Endpoint(address),
            through: .sidecar,
            authority: authority
        )
        let probe = AnyProbe.make(target)
        defer { probe.close() }
        return await probe.run(until: soon())
    }

    private func blame(
        _ kind: ProbeTarget.Kind,
        _ address: SocketAddress,
        _ authority: String
    ) async -> Reason? {
        await ask(kind, address, authority).failure?.reason
    }
}
