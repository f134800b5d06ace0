import Gateway
import HTTP
import Health
import Loop
import Testing

@EventLoop
@Suite(.timeLimit(.minutes(1)))
struct `The gateway` {
    private let header = "x-envoy-immediate-health-check-fail"

    @Test func `keeps its verdict over a reload`() async throws {
        let world = try TestGateway.World([.app("web"), .app("orders")])
        let gateway = try await TestGateway(world)
        try await gateway.reached(.up)
        // One changed and hanging, one new and failing, one gone.
        world.script("web").word = .hangs
        world.script("new").word = .fails(.refused)
        world.configuration.checks = [.app("web", path: "/other"), .app("new", fall: 1_000_000)]
        #expect(try await gateway.call("POST", "/reload").status == 200)
        #expect(try await gateway.poll().status == 200)
        #expect(try await gateway.poll("/readyz/orders").status == 404)
        #expect(try await gateway.poll("/readyz/new").status == 503)
        world.script("web").letGo(.fails(.status))
        try await gateway.reached(.down)
    }

    @Test func `refuses a bad configuration whole and goes on with the old one`() async throws {
        let gateway = try await TestGateway()
        try await gateway.reached(.up)
        gateway.world.configuration.checks = []
        gateway.world.complaint = "gateway.yaml:3:5: unknown key \"intervall\""
        let answer = try await gateway.call("POST", "/reload")
        #expect(answer.status == 422)
        #expect(answer.text.contains("gateway.yaml:3:5"))
        #expect(try await gateway.poll("/readyz/web").status == 200)
        gateway.world.script("web").word = .fails(.refused)
        try await gateway.reached(.down)
    }

    @Test func `leaves in order: draining, edges told, then closed`() async throws {
        let gateway = try await TestGateway()
        try await gateway.reached(.up)
        for _ in 0..<3 { _ = try await gateway.poll(edge: "front") }
        let stopped = EventLoop.task { await gateway.service.stop() }
        try await gateway.reached(.draining)
        let answer = try await gateway.poll(edge: "front")
        #expect(answer.status == 503)
        #expect(answer.headers[header] == "true")
        _ = try await stopped.value
        await #expect(throws: HTTPError.self) { try await gateway.poll() }
        #expect(!gateway.service.gateway.store.state.isDrained)
    }

    @Test func `starts with the header after a clean stop, and without after a crash`() async throws
    {
        let world = try TestGateway.World()
        let gateway = try await TestGateway(world)
        await gateway.service.stop()
        world.script("web").word = .hangs
        let planned = try await TestGateway(world)
        let first = try await planned.poll()
        #expect(first.status == 503)
        #expect(first.headers[header] == "true")
        world.script("web").letGo(.up)
        try await planned.reached(.up)
        // The word is wiped by then or soon after: the store takes one change after the other.
        _ = await planned.service.gateway.store.setStoppedCleanly(false)
        await planned.crash()
        world.script("web").word = .hangs
        let crashed = try await TestGateway(world)
        let second = try await crashed.poll()
        #expect(second.status == 503)
        #expect(second.headers[header] == nil)
        world.script("web").letGo(.up)
    }

    @Test func `probes all upstreams on demand`() async throws {
        let world = try TestGateway.World([.app("web"), .upstream("db"), .upstream("cache")])
        world.script("cache").word = .fails(.upstreamRefused)
        let gateway = try await TestGateway(world)
        let bad = try await gateway.call("POST", "/connectivity?wait=0s")
        #expect(bad.text.hasPrefix(#"{"ok":false"#))
        #expect(bad.text.contains(#""hop":"upstream","reason":"upstream_refused""#))
        #expect(bad.text.contains(#""name":"db""#))
        let waiting = EventLoop.task { try await gateway.call("POST", "/connectivity?wait=20s") }
        try await gateway.changed { $0.board.report(at: .now).checks[2].state == .down }
        world.script("cache").word = .up
        #expect(try await waiting.value.text.hasPrefix(#"{"ok":true"#))
        // What only informs took nobody out.
        try await gateway.reached(.up)
    }

    @Test func `tells each change once, as events, history and metrics`() async throws {
        let gateway = try await TestGateway()
        let events = try await gateway.admin.open(
            HTTPRequest("/events", authority: "localhost"),
            until: .now + .seconds(10)
        )
        #expect(events.headers["content-type"] == "text/event-stream")
        try await gateway.reached(.up)
        _ = try await gateway.drain("me")
        var text = ""
        while !text.contains(#""to":"draining""#) {
            text += String(
                decoding: try await events.next(until: .now + .seconds(10)).orFail(),
                as: UTF8.self
            )
        }
        #expect(text.contains("event: hold\n"))
        events.cancel()
        let history = try await gateway.call("GET", "/history").text
        #expect(history.split(separator: #""event":"hold""#).count == 2)
        let metrics = try await gateway.call("GET", "/metrics").text
        #expect(metrics.contains("healthgate_verdict{scope=\"host\",verdict=\"draining\"} 1\n"))
        #expect(metrics.contains("healthgate_drain_holds 1\n"))
        let page = try await gateway.call("GET", "/").text
        #expect(page.hasPrefix("east-1 is DRAINING, edges get 503"))
        let explained = try await gateway.call("GET", "/explain").text
        #expect(explained.contains("drained by me"))
    }

    @Test func `refuses to start where strangers could change it`() async throws {
        let world = try TestGateway.World()
        world.configuration.listen.admin = try SocketAddress("0.0.0.0:0").orFail()
        let error = await #expect(throws: GatewayService.StartError.self) {
            _ = try await TestGateway(world)
        }
        #expect(error?.description.contains("set a token") == true)
    }
}
