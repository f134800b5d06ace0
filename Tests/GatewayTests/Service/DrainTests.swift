import Gateway
import Glibc
import HTTP
import Health
import Loop
import Testing

@EventLoop
@Suite(.timeLimit(.minutes(1)))
struct `A drain` {
    private let header = "x-envoy-immediate-health-check-fail"

    @Test func `fails at once, with the immediate header, for host and apps`() async throws {
        let gateway = try await TestGateway()
        try await gateway.reached(.up)
        let answer = try await gateway.drain("me")
        #expect(answer.status == 200)
        #expect(answer.text.contains(#""drained":true"#))
        #expect(answer.text.contains(#""durable":true"#))
        for path in ["/readyz", "/readyz/web"] {
            let poll = try await gateway.poll(path)
            #expect(poll.status == 503)
            #expect(poll.headers[header] == "true")
        }
    }

    @Test func `is not called safe before it can be known who polls`() async throws {
        let gateway = try await TestGateway()
        _ = try await gateway.drain("me")
        let early = try await gateway.call("GET", "/drain?wait=0s").text
        #expect(early.contains(#""safe":false"#))
        #expect(early.contains("just started"))
    }

    @Test func `outlives a crash, with the same holds`() async throws {
        let gateway = try await TestGateway()
        _ = try await gateway.drain("me")
        await gateway.crash()
        let next = try await TestGateway(gateway.world)
        let first = try await next.poll()
        #expect(first.status == 503)
        #expect(first.headers[header] == "true")
        try await next.changed { $0.board.report(at: .now).host.standing == .up }
        #expect(try await next.call("GET", "/drain").text.contains(#""owner":"me""#))
        #expect(try await next.call("DELETE", "/drain?owner=me").status == 200)
        #expect(try await next.poll().status == 200)
    }

    @Test func `ends with the last owner's hold`() async throws {
        let gateway = try await TestGateway()
        try await gateway.reached(.up)
        _ = try await gateway.drain("me")
        #expect(try await gateway.call("POST", "/healthcheck/fail").text == "OK\n")
        _ = try await gateway.call("DELETE", "/drain?owner=me")
        #expect(try await gateway.poll().status == 503)
        #expect(try await gateway.call("POST", "/healthcheck/ok").text == "OK\n")
        #expect(try await gateway.poll().status == 200)
    }

    @Test func `that the disk does not take is in force and said not to be durable`() async throws {
        let gateway = try await TestGateway()
        try await gateway.reached(.up)
        let folder = gateway.world.configuration.stateDirectory
        symlink("/dev/full", folder + "/drain.state.new")
        let refused = try await gateway.drain("me")
        #expect(refused.status == 507)
        #expect(refused.text.contains("not durable"))
        #expect(try await gateway.poll().status == 503)
        // Nor does the disk's fault let the host back in.
        unlink(folder + "/drain.state.new")
        symlink("/dev/full", folder + "/drain.state.new")
        #expect(try await gateway.call("DELETE", "/drain?owner=me").status == 507)
        #expect(try await gateway.poll().status == 503)
        unlink(folder + "/drain.state.new")
        #expect(try await gateway.call("DELETE", "/drain?owner=me").status == 200)
        #expect(try await gateway.poll().status == 200)
    }

    @Test(arguments: ["torn", "gone", "newer", "nonsense"])
    func `is on when the state cannot be read, and the way out is said`(_ fault: String)
        async throws
    {
        let world = try TestGateway.World()
        let folder = StateFolder(world.configuration.stateDirectory)
        #expect(folder.load() == .fresh)
        try folder.save(DrainState())
        var bytes = try DrainStateFile.encode(DrainState())
        switch fault {
        case "torn": bytes.removeLast(2)
        case "newer": bytes = Array("healthgate-state 9 x\n".utf8)
        default: bytes = [0xff, 0x00, 0x0a]
        }
        unlink(folder.stateFile)
        if fault != "gone" {
            let file = fopen(folder.stateFile, "w")
            fwrite(bytes, 1, bytes.count, file)
            fclose(file)
        }
        let gateway = try await TestGateway(world)
        let poll = try await gateway.poll()
        #expect(poll.status == 503)
        #expect(poll.text.contains("state-unreadable"))
        #expect(poll.text.contains("curl -X DELETE"))
        // A release may come and go; the fault stays said, also over a restart.
        _ = try await gateway.drain("release-1")
        await gateway.crash()
        let next = try await TestGateway(world)
        #expect(try await next.poll().text.contains("state-unreadable"))
        _ = try await next.call("DELETE", "/drain?owner=release-1")
        _ = try await next.call("DELETE", "/drain?owner=state-unreadable")
        try await next.reached(.up)
        #expect(try await next.poll().status == 200)
    }

    @Test func `on a disk that can never be written still fails closed`() async throws {
        let world = try TestGateway.World()
        world.configuration.stateDirectory = "/dev/null/state"
        let gateway = try await TestGateway(world)
        #expect(try await gateway.poll().status == 503)
        #expect(try await gateway.drain("me").status == 507)
        #expect(try await gateway.call("DELETE", "/drain?owner=state-unreadable").status == 507)
        #expect(try await gateway.poll().status == 503)
    }

    @Test func `of a release follows its lease`() async throws {
        let gateway = try await TestGateway()
        func lease(_ release: String, _ epoch: Int) async throws -> HTTPResponse {
            let body =
                #"{"release":"\#(release)","epoch":\#(epoch),"who":"ci","version":"v2","#
                + #""plan":"p","heartbeat":"now","ttl":30}"#
            return try await gateway.call("PUT", "/lease", body)
        }
        func hold(_ epoch: Int) async throws -> Int {
            let body = #"{"owner":"r1","reason":"v2","epoch":\#(epoch)}"#
            return try await gateway.call("PUT", "/drain", body).status
        }
        #expect(try await gateway.call("GET", "/lease").text == "{\"lease\":null}\n")
        #expect(try await lease("r1", 1).status == 200)
        #expect(try await hold(1) == 200)
        #expect(try await lease("r1", 2).status == 200)
        // The driver that was taken over from.
        #expect(try await hold(1) == 409)
        let stale = try await lease("r1", 1)
        #expect(stale.status == 409)
        #expect(stale.text.contains(#""epoch":2"#))
        #expect(try await lease("r2", 9).status == 409)
        #expect(try await gateway.call("DELETE", "/drain?owner=r1").status == 400)
        #expect(try await gateway.call("DELETE", "/drain?owner=r1&confirm=r1").status == 409)
        #expect(try await gateway.call("DELETE", "/drain?owner=r1&epoch=1").status == 409)
        // It outlives the process.
        await gateway.crash()
        let next = try await TestGateway(gateway.world)
        let kept = try await next.call("GET", "/lease").text
        #expect(kept.contains(#""release":"r1","epoch":2"#))
        #expect(kept.contains(#""live":true"#))
        #expect(try await next.call("DELETE", "/drain?owner=r1&epoch=2").status == 200)
        #expect(try await next.call("DELETE", "/lease?release=r1&epoch=2").status == 200)
        #expect(try await next.call("GET", "/lease").text == "{\"lease\":null}\n")
    }
}
