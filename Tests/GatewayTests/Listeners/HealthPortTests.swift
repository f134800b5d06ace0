import GRPC
import Gateway
import HTTP
import Health
import Loop
import Testing

@EventLoop
@Suite(.timeLimit(.minutes(1)))
struct `The health port` {
    @Test func `says yes only after every required app has passed rise times`() async throws {
        let world = try TestGateway.World([.app("web", rise: 3), .app("orders", rise: 5)])
        world.script("orders").word = .fails(.notServing)
        let gateway = try await TestGateway(world)
        var answers = 0
        while true {
            let answer = try await gateway.poll()
            answers += 1
            if answer.status == 200 { break }
            #expect(answer.status == 503)
            // Not a planned exit: the edge's own protection stays alive.
            #expect(answer.headers["x-envoy-immediate-health-check-fail"] == nil)
            if answers == 20 { world.script("orders").word = .up }
        }
        #expect(answers > 20)
        #expect(world.script("web").passed >= 3)
        #expect(world.script("orders").passed >= 5)
    }

    @Test func `answers for the host and for each app, and knows no other path`() async throws {
        let world = try TestGateway.World([.app("web"), .app("batch", effect: .degrade)])
        world.script("batch").word = .fails(.refused)
        let gateway = try await TestGateway(world)
        try await gateway.reached(.degraded)
        try await gateway.reached(.down, .app("batch"))
        let host = try await gateway.poll("/healthz")
        #expect(host.status == 200)
        #expect(host.headers["x-envoy-degraded"] != nil)
        #expect(host.headers["cache-control"] == "no-store")
        #expect(try await gateway.poll("/readyz/web").status == 200)
        let batch = try await gateway.poll("/readyz/batch")
        #expect(batch.status == 503)
        #expect(batch.text.contains("refused at upstream"))
        #expect(try await gateway.poll("/readyz/other").status == 404)
        #expect(try await gateway.poll("/").status == 404)
        #expect(try await gateway.poll("/readyz", method: "POST").status == 405)
        #expect(try await gateway.poll("/readyz", method: "OPTIONS").status == 200)
        let head = try await gateway.poll("/readyz", method: "HEAD")
        #expect(head.status == 200 && head.body.isEmpty)
        #expect(try await gateway.poll("/livez").status == 200)
    }

    @Test func `lists its checks only where that is configured`() async throws {
        let world = try TestGateway.World([.app("web")])
        let gateway = try await TestGateway(world)
        try await gateway.reached(.up)
        #expect(try await gateway.poll("/readyz?verbose").text.hasPrefix("{"))
        world.configuration.verboseAnswers = true
        await gateway.service.reload()
        #expect(try await gateway.poll("/readyz?verbose").text.contains("[+] app web"))
        let request = HTTPRequest("/readyz", headers: ["accept": "application/health+json"])
        let answer = try await gateway.health.send(request, until: .now + .seconds(5))
        #expect(answer.headers["content-type"] == "application/health+json")
        #expect(answer.text.contains(#""status":"pass""#))
    }

    @Test func `looks once more when what it knows is too old, and believes that`() async throws {
        // Looked at once an hour: only polls can find out.
        let app = CheckConfiguration.app(
            "web",
            interval: .every(.seconds(3600)),
            rise: 1,
            fall: 1000,
            maxAge: .milliseconds(50)
        )
        let gateway = try await TestGateway([app])
        try await gateway.reached(.up)
        let script = gateway.world.script("web")
        script.word = .fails(.status)
        let begun = script.begun
        while try await gateway.poll().status == 200 {}
        #expect(gateway.service.gateway.port.waited == 1)
        // Whatever `fall` says: nothing else was known any more.
        #expect(script.begun - begun >= 1)
    }

    @Test func `waits no longer than it may for a target that hangs`() async throws {
        let app = CheckConfiguration.app(
            "web",
            interval: .every(.seconds(3600)),
            rise: 1,
            timeout: .seconds(60),
            maxAge: .milliseconds(50)
        )
        let gateway = try await TestGateway([app])
        try await gateway.reached(.up)
        gateway.world.script("web").word = .hangs
        var answer = try await gateway.poll()
        while answer.status == 200 { answer = try await gateway.poll() }
        #expect(answer.text.contains("stale"))
        gateway.world.script("web").letGo(.up)
        while try await gateway.poll().status != 200 {}
    }

    @Test func `passes polls through on-poll, all of one moment as one`() async throws {
        let app = CheckConfiguration.app(
            "web",
            interval: .onPoll,
            rise: 1,
            maxAge: .milliseconds(300)
        )
        let world = try TestGateway.World([app])
        world.configuration.answerWithin = .seconds(5)
        let gateway = try await TestGateway(world)
        try await gateway.reached(.up)
        let script = world.script("web")
        script.word = .hangs
        // Whatever is fresh first has to grow old: those polls come back by themselves.
        let port = gateway.service.gateway.port
        let polls = (0..<8).map { edge in
            EventLoop.task {
                while true {
                    let answer = try await gateway.poll(edge: "edge \(edge)")
                    if port.waited > 0, answer.status != 200 { return answer.status }
                }
            }
        }
        while port.waited < 8 { await Task.yield() }
        let begun = script.begun
        script.letGo(.fails(.status))
        for poll in polls { #expect(try await poll.value == 503) }
        // One that hung for all eight; a next one may be due by now.
        #expect(script.begun - begun <= 1)
    }

    @Test func `speaks gRPC health of the same board`() async throws {
        let world = try TestGateway.World([.app("web"), .app("batch", effect: .inform)])
        world.script("batch").word = .fails(.refused)
        let gateway = try await TestGateway(world)
        try await gateway.reached(.up)
        try await gateway.reached(.down, .app("batch"))
        let client = GRPCClient(Endpoint(gateway.service.healthAddress))
        func check(_ service: String) async throws -> ServingStatus {
            let request = HealthMessages.request(service)
            let answer = try await client.unary(
                HealthMessages.check,
                request,
                until: .now + .seconds(5)
            )
            return try HealthMessages.status(answer)
        }
        #expect(try await check("") == .serving)
        #expect(try await check("web") == .serving)
        #expect(try await check("batch") == .notServing)
        let unknown = await #expect(throws: GRPCStatus.self) { _ = try await check("other") }
        #expect(unknown?.code == .notFound)
        let list = try await client.unary(HealthMessages.list, [], until: .now + .seconds(5))
        #expect(try HealthMessages.statuses(list).map(\.service).sorted() == ["", "batch", "web"])

        let watch = try await client.call(HealthMessages.watch, until: .now + .seconds(20))
        try await watch.send(HealthMessages.request("web"))
        watch.finishSending()
        #expect(try await HealthMessages.status(watch.next().orFail()) == .serving)
        _ = try await gateway.drain("me")
        #expect(try await HealthMessages.status(watch.next().orFail()) == .notServing)
        #expect(try await check("") == .notServing)
        watch.cancel()
        client.close()
    }

    @Test func `knows who polls, and who was told`() async throws {
        let gateway = try await TestGateway()
        try await gateway.reached(.up)
        for _ in 0..<3 { _ = try await gateway.poll(edge: "front-east") }
        _ = try await gateway.poll(edge: "curl")
        _ = try await gateway.drain("me")
        let early = try await gateway.call("GET", "/drain?wait=0s").text
        #expect(early.contains("front-east app was not told yet"))
        #expect(early.contains(#""safe":false"#))
        #expect(try await gateway.poll(edge: "front-east").status == 503)
        let told = try await gateway.call("GET", "/drain?wait=10s").text
        #expect(told.contains(#""safe":true,"told":1,"edges":1"#))
        let status = try await gateway.call("GET", "/status").text
        #expect(status.contains(#""name":"front-east","authority":"app","polls":4"#))
        #expect(!status.contains(#""name":"curl""#))
    }
}
