import HTTP
import Health
import Loop
import Probes
import TestSupport
import Testing

@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `A probe of an Envoy` {
    private func look(_ admin: SocketAddress, _ needed: [String] = []) async -> Outcome {
        await ProbesTests.look(.envoy(clusters: needed), admin)
    }

    @Test func `tells whether it is live, and which clusters have no healthy host`() async throws {
        let app = try HTTPServer(try #require(SocketAddress("127.0.0.1:0")), handler: App())
        let envoy = try await EnvoyProcess(
            configuration(
                cluster("app", app.address),
                // A host that is to be checked fails until it has passed.
                cluster("dead", try ScriptedServer.nobody(), isChecked: true),
                "{ name: none, type: STATIC }"
            )
        )
        defer { envoy.stop() }
        let file = try #require(try await Files.read("\(envoy.folder.path)/admin"))
        let admin = try #require(SocketAddress(String(decoding: file, as: UTF8.self)))

        let degraded = await look(admin)
        guard case .degraded(let words) = degraded.result else {
            Issue.record("\(degraded)")
            return
        }
        #expect(words.hasPrefix("dead has no healthy host of 1 (127.0.0.1:"), "\(words)")
        #expect(words.hasSuffix(" fails its health check)"), "\(words)")
        #expect(degraded.detail == "LIVE, 1 of 3 clusters can serve")
        #expect(degraded.phases.map(\.name) == [.connect, .query])
        let down = await look(admin, ["app", "dead", "none", "nothing"]).failure
        #expect(down?.reason == .notServing)
        #expect(down?.hop == .sidecar)
        #expect(down?.text.hasSuffix("none has no host, there is no cluster nothing") == true)

        let client = HTTPClient(Endpoint(admin))
        _ = try await client.send(HTTPRequest("POST", "/healthcheck/fail"), until: soon())
        let draining = await look(admin).failure
        #expect(draining?.reason == .notServing)
        #expect(draining?.text == "Envoy is DRAINING")
    }

    @Test func `tells what is no Envoy, or none that answers`() async throws {
        let app = App()
        let server = try HTTPServer(try #require(SocketAddress("127.0.0.1:0")), handler: app)
        app.response = HTTPResponse(200, body: Array("hello".utf8))
        let other = await look(server.address).failure
        #expect(other?.reason == .protocol)
        #expect(other?.text == "/clusters is not what an Envoy answers: \"hello\"")
        app.response = HTTPResponse(503, body: Array("INITIALIZING\n".utf8))
        #expect(await look(server.address).failure?.reason == .starting)
        app.response = HTTPResponse(404)
        #expect(await look(server.address).failure?.text == "/ready gave status 404: ")
        let nobody = await look(try ScriptedServer.nobody()).failure
        #expect(nobody?.reason == .refused)
        #expect(nobody?.hop == .sidecar)
        let silent = try ScriptedServer(.silent)
        #expect(await lookInVain(.envoy(clusters: []), silent.address).failure?.reason == .timeout)
    }

    private func configuration(_ clusters: String...) -> String {
        "static_resources: { clusters: [\(clusters.joined(separator: ", "))] }"
    }

    private func cluster(
        _ name: String,
        _ address: SocketAddress,
        isChecked: Bool = false
    ) -> String {
        let check =
            isChecked
            ? ", health_checks: [{ timeout: 1s, interval: 1s, unhealthy_threshold: 1, "
                + "healthy_threshold: 1, tcp_health_check: {} }]" : ""
        return "{ name: \(name), type: STATIC\(check), load_assignment: { cluster_name: \(name), "
            + "endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { "
            + "address: 127.0.0.1, port_value: \(address.port ?? 0) } } } }] }] } }"
    }
}
