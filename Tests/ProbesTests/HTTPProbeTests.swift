import HTTP
import Health
import Loop
import Probes
import Testing

@EventLoop
@Suite struct `An HTTP probe` {
    let app = App()
    let server: HTTPServer

    init() throws {
        server = try HTTPServer(try #require(SocketAddress("127.0.0.1:0")), handler: app)
    }

    @Test(arguments: [HTTPClient.Version.http1, .http2])
    func `asks for its path with its authority`(version: HTTPClient.Version) async throws {
        let outcome = await probe(version, path: "/a?b=c").run(until: soon())
        #expect(outcome.result == .up)
        #expect(outcome.detail == "status 200")
        #expect(app.last?.path == "/a?b=c")
        #expect(app.last?.authority == "orders")
        #expect(app.last?.method == "GET")
    }

    @Test(arguments: [HTTPClient.Version.http1, .http2])
    func `makes a connection for each attempt`(version: HTTPClient.Version) async throws {
        let probe = probe(version)
        for _ in 0..<2 {
            #expect(await probe.run(until: soon()).phases.map(\.name) == [.connect, .query])
        }
        // The server learns of the end a moment after us.
        #expect(try await eventually { server.connectionCount == 0 })
    }

    @Test(arguments: [HTTPClient.Version.http1, .http2])
    func `keeps its connection from one attempt to the next where it is told to`(
        version: HTTPClient.Version
    ) async throws {
        let probe = probe(version, keeps: true)
        #expect(await probe.run(until: soon()).phases.map(\.name) == [.connect, .query])
        #expect(await probe.run(until: soon()).phases.map(\.name) == [.query])
        #expect(server.connectionCount == 1)
    }

    @Test(arguments: [HTTPClient.Version.http1, .http2])
    func `is not misled by a kept connection that was closed`(
        version: HTTPClient.Version
    ) async throws {
        let probe = probe(version, keeps: true)
        #expect(await probe.run(until: soon()).passed)
        await server.close(within: .zero)
        let second = try HTTPServer(server.address, handler: app)
        defer { withExtendedLifetime(second) {} }
        #expect(await probe.run(until: soon()).passed)
    }

    @Test(arguments: [HTTPClient.Version.http1, .http2])
    func `comes back after a timeout`(version: HTTPClient.Version) async throws {
        let probe = probe(version)
        #expect(await probe.run(until: soon()).passed)
        app.isSilent = true
        #expect(await probe.run(until: shortly()).failure?.reason == .timeout)
        app.isSilent = false
        #expect(await probe.run(until: soon()).passed)
    }

    @Test func `judges the status by its ranges`() async {
        app.response = HTTPResponse(503, body: Array("db is gone".utf8))
        let failure = await probe(.http1).run(until: soon()).failure
        #expect(failure?.reason == .status)
        #expect(failure?.hop == .upstream)
        #expect(failure?.text == #"status 503, expected 200-299: "db is gone""#)
        let both = ProbeTarget.HTTPExpectation(statuses: [200...200, 500...503])
        #expect(await probe(.http1, both).run(until: soon()).passed)
    }

    @Test func `judges headers`() async {
        app.response = HTTPResponse(200, headers: ["x-role": "primary; v=2"])
        let role = { ProbeTarget.HTTPExpectation(headers: [.init(name: "x-role", value: $0)]) }
        #expect(await probe(.http1, role("primary")).run(until: soon()).passed)
        let other = await probe(.http1, role("standby")).run(until: soon()).failure
        #expect(other?.text == #"header x-role is "primary; v=2", expected "standby""#)
        let none = ProbeTarget.HTTPExpectation(headers: [.init(name: "x-none", value: "")])
        #expect(await probe(.http1, none).run(until: soon()).failure?.text == "no header x-none")
    }

    @Test func `judges the body`() async {
        app.response = HTTPResponse(200, body: Array("status: ok\n".utf8))
        #expect(await probe(.http1, .init(bodyContains: "ok")).run(until: soon()).passed)
        let failure = await probe(.http1, .init(bodyContains: "fine")).run(until: soon()).failure
        #expect(failure?.reason == .body)
        #expect(failure?.text == #"the body does not contain "fine": "status: ok\n""#)
    }

    @Test(arguments: [
        (503, "no healthy upstream", Reason.upstreamRefused, Hop.upstream),
        (
            503,
            "upstream connect error or disconnect/reset before headers. reset reason: remote"
                + " connection failure, transport failure reason: delayed connect error: 111",
            .upstreamRefused, .upstream
        ),
        (
            503,
            "upstream connect error or disconnect/reset before headers. reset reason: connection"
                + " timeout",
            .upstreamTimeout, .upstream
        ),
        (504, "upstream request timeout", .upstreamTimeout, .upstream),
        (404, "", .status, .sidecar), (503, "", .status, .sidecar),
    ])
    func `tells the sidecar's own answers from the target's`(
        status: Int,
        body: String,
        reason: Reason,
        hop: Hop
    ) async {
        app.response = HTTPResponse(status, headers: ["server": "envoy"], body: Array(body.utf8))
        let local = await probe(.http1, through: .sidecar).run(until: soon()).failure
        #expect(local?.reason == reason)
        #expect(local?.hop == hop)
        app.response.headers["x-envoy-upstream-service-time"] = "3"
        let passedOn = await probe(.http1, through: .sidecar).run(until: soon()).failure
        #expect(passedOn?.reason == .status)
        #expect(passedOn?.hop == .upstream)
    }

    private func probe(
        _ version: HTTPClient.Version,
        _ expect: ProbeTarget.HTTPExpectation = .init(),
        path: String = "/healthz",
        through: ProbeTarget.Through = .none,
        keeps: Bool = false
    ) -> any Probe {
        let kind: ProbeTarget.Kind =
            version == .http1
            ? .http(path: path, expect: expect) : .h2c(path: path, expect: expect)
        return AnyProbe.make(
            ProbeTarget(
                kind,
                Endpoint(server.address),
                through: through,
                authority: "orders",
                keeps: keeps
            )
        )
    }
}

@EventLoop
final class App: HTTPHandler {
    var response = HTTPResponse(200)
    var isSilent = false
    private(set) var last: HTTPRequest?
    private var unanswered: [Exchange] = []

    func handle(_ exchange: Exchange) {
        last = exchange.request
        if isSilent { unanswered.append(exchange) } else { exchange.respond(response) }
    }
}
