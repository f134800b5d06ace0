import Gateway
import HTTP
import Loop
import Testing

@EventLoop
@Suite(.timeLimit(.minutes(1)))
struct `The record of calls` {
    private func calls(_ gateway: TestGateway) -> [String] {
        gateway.service.gateway.history.events.filter { $0.kind == "call" }
            .map { event in
                event.fields.filter { $0.name != "from" }
                    .map { "\($0.value)" }
                    .joined(separator: " ")
            }
    }

    @Test func `has one line for each that changes, with who, and none that reads`() async throws {
        let gateway = try await TestGateway()
        _ = try await gateway.drain("me")
        _ = try await gateway.call("GET", "/drain")
        _ = try await gateway.call("DELETE", "/drain?owner=me")
        _ = try await gateway.call("POST", "/healthcheck/fail")
        _ = try await gateway.call("DELETE", "/drain?owner=a%20b")
        _ = try await gateway.call("PUT", "/drain", "{}", headers: ["content-type": "text/plain"])
        _ = try await gateway.call("POST", "/connectivity?wait=0s")
        #expect(
            calls(gateway) == [
                #""PUT" "/drain" "me" "anyone" 200"#,
                #""DELETE" "/drain" "me" "anyone" 200"#,
                #""POST" "/healthcheck/fail" "envoy-admin" "anyone" 200"#,
                #""DELETE" "/drain" "anyone" 200"#,
                #""PUT" "/drain" "anyone" 415"#,
                #""POST" "/connectivity" "anyone" 200"#,
            ]
        )
        let lines = gateway.world.log.of("call")
        #expect(lines.count == 6)
        #expect(lines.first?.contains("who=anyone from=127.0.0.1:") == true)
    }

    @Test func `has a lease's taking and its end, and not each heartbeat`() async throws {
        let gateway = try await TestGateway()
        func lease(_ release: String, _ epoch: Int) async throws {
            let body =
                #"{"release":"\#(release)","epoch":\#(epoch),"who":"ci","version":"v2","#
                + #""plan":"p","ttl":30}"#
            _ = try await gateway.call("PUT", "/lease", body)
        }
        for _ in 0..<3 { try await lease("r1", 1) }
        for _ in 0..<3 { try await lease("r2", 1) }
        for _ in 0..<3 { try await lease("r1", 1) }
        for _ in 0..<3 { try await lease("r1", 2) }
        _ = try await gateway.call("DELETE", "/lease?release=r1&epoch=2")
        try await lease("r1", 2)
        let puts = calls(gateway).map { $0.replacing(#" "anyone""#, with: "") }
        #expect(
            puts == [
                #""PUT" "/lease" "r1" 200"#, #""PUT" "/lease" "r2" 409"#,
                #""PUT" "/lease" "r1" 200"#, #""PUT" "/lease" "r1" 200"#,
                #""DELETE" "/lease" "r1" 200"#, #""PUT" "/lease" "r1" 200"#,
            ]
        )
    }

    @Test func `has a line a second for those that are refused, with their count`() async throws {
        let world = try TestGateway.World()
        let folder = TemporaryFolder.make()
        try await Files.writeDurably(Array("change-secret".utf8), to: "\(folder)/token")
        world.configuration.access.change.token = .file("\(folder)/token")
        let gateway = try await TestGateway(world)
        for _ in 0..<30 { #expect(try await gateway.drain("me").status == 401) }
        let wrong: HTTPHeaders = ["authorization": "Bearer not-the-secret"]
        let call = try await gateway.call("DELETE", "/drain?owner=me", headers: wrong)
        #expect(call.status == 403)
        // One line at once, and one for the rest when a second is over.
        let first = world.log.of("calls refused")
        #expect(first.count == 1)
        #expect(first[0].contains("count=1 method=PUT path=/drain from=127.0.0.1:"))
        #expect(gateway.service.gateway.refusedCalls.counts == [401: 30, 403: 1])
        try await world.log.has(2, of: "calls refused")
        let second = world.log.of("calls refused")[1]
        #expect(second.contains("count=30 method=DELETE path=/drain"))
        #expect(second.contains("status=403"))
        #expect(second.contains("a token that is not for this"))
        #expect(calls(gateway).isEmpty)
        let metrics = try await gateway.call("GET", "/metrics").text
        #expect(metrics.contains("healthgate_admin_refused_total{code=\"401\"} 30\n"))
        #expect(metrics.contains("healthgate_admin_refused_total{code=\"403\"} 1\n"))
    }

    @Test func `shows no secret`() async throws {
        let world = try TestGateway.World()
        let folder = TemporaryFolder.make()
        try await Files.writeDurably(Array("change-secret".utf8), to: "\(folder)/token")
        world.configuration.access.change.token = .file("\(folder)/token")
        let gateway = try await TestGateway(world)
        let right: HTTPHeaders = ["authorization": "Bearer change-secret"]
        let body = #"{"owner":"me"}"#
        #expect(try await gateway.call("PUT", "/drain", body, headers: right).status == 200)
        #expect(calls(gateway) == [#""PUT" "/drain" "me" "token change" 200"#])
        let history = try await gateway.call("GET", "/history").text
        #expect(history.contains(#""who":"token change""#))
        #expect(!history.contains("secret"))
        #expect(!world.log.all.contains { $0.contains("secret") })
    }
}
