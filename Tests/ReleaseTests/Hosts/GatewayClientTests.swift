import HTTP
import Loop
import Release
import Testing

@EventLoop
@Suite
struct `A gateway's admin API` {
    private let deadline = Instant.now + .seconds(10)

    private func gateway(token: String? = nil) throws -> (GatewayClient, ScriptedAdmin) {
        let admin = ScriptedAdmin()
        return (GatewayClient(AdminClient(try admin.listen(), token: token)), admin)
    }

    @Test func `takes a hold with owner, reason, epoch and token`() async throws {
        let (client, admin) = try gateway(token: "secret")
        admin.script(
            "PUT /drain",
            200,
            #"{"drained":true,"holds":[{"owner":"r1","reason":"x","since":"t","epoch":4}],"durable":true}"#
        )
        let hold = HoldRequest(owner: "r1", reason: "release of v2", epoch: 4)
        let state = try await client.drain(hold, until: deadline)
        #expect(state.holds.map(\.owner) == ["r1"])
        let request = try #require(admin.asked.first)
        #expect(request.headers["authorization"] == "Bearer secret")
        #expect(
            String(decoding: request.body, as: UTF8.self).contains(#""reason":"release of v2""#)
        )
    }

    @Test func `says when a hold is not durable`() async throws {
        let (client, admin) = try gateway()
        admin.script("PUT /drain", 507, #"{"error":"not durable: no space","holds":[]}"#)
        let hold = HoldRequest(owner: "r1", reason: "", epoch: 1)
        await #expect(throws: GatewayError.notDurable("not durable: no space")) {
            try await client.drain(hold, until: deadline)
        }
    }

    @Test func `tells who superseded us`() async throws {
        let (client, admin) = try gateway()
        let lease =
            #"{"release":"r9","epoch":9,"who":"b","version":"v3","plan":"p","#
            + #""heartbeat":"t","ttl":15.0,"live":true}"#
        admin.script("PUT /lease", 409, #"{"error":"held","lease":\#(lease)}"#)
        admin.script("GET /lease", 200, #"{"lease":\#(lease)}"#)
        let error = await #expect(throws: GatewayError.self) {
            try await client.put(.make(), until: deadline)
        }
        guard case .superseded(let holder?, "held") = error else {
            Issue.record("not told by whom")
            return
        }
        #expect(holder.release == "r9" && holder.live == true)
        #expect(try await client.lease(until: deadline) == holder)
    }

    @Test func `has no lease where it says null`() async throws {
        let (client, admin) = try gateway()
        admin.script("GET /lease", 200, #"{"lease":null}"#)
        #expect(try await client.lease(until: deadline) == nil)
    }

    @Test func `gives back a hold by owner and epoch, whatever the owner's characters`()
        async throws
    {
        let (client, admin) = try gateway()
        admin.script("DELETE /drain", 200, #"{"drained":false,"holds":[],"durable":true}"#)
        _ = try await client.undrain(owner: "shop v2&x", epoch: 3, until: deadline)
        let request = try #require(admin.asked.first)
        #expect(request.query("owner") == "shop v2&x")
        #expect(request.query("epoch") == "3")
    }

    @Test func `tells the state behind the holds, and what is not up`() async throws {
        let (client, admin) = try gateway()
        admin.script(
            "GET /status",
            200,
            """
            {"schema":1,"host":"east-1","verdict":"draining","behind":"down","cause":"held",
             "since":"t","holds":[{"owner":"r1","reason":"x","since":"t","epoch":null}],
             "checks":[{"name":"app1","kind":"app","state":"up"},
              {"name":"app2","kind":"app","state":"down","effect":"fail","reason":"refused",
               "hop":"upstream","text":"connection refused"}],
             "inflight":{"known":true,"requests":2,"total":10},"edges":[],"probes_sent":{"app1":3}}
            """
        )
        let status = try await client.status(until: deadline)
        #expect(!status.isUpBehind)
        #expect(status.faults == ["app2 is down: refused at upstream (connection refused)"])
        #expect(status.inflight == .init(known: true, requests: 2, total: 10))
    }

    @Test func `is asked for connectivity with its wait`() async throws {
        let (client, admin) = try gateway()
        admin.script(
            "POST /connectivity?wait=10s",
            200,
            #"{"ok":false,"upstreams":[{"name":"db","state":"down","reason":"auth"}]}"#
        )
        let report = try await client.connectivity(wait: .seconds(10), until: deadline)
        #expect(!report.ok)
        #expect(report.upstreams.map(\.words) == ["db is down: auth"])
    }

    @Test func `that is not there is unreachable, and one that refuses says why`() async throws {
        let nobody = GatewayClient(AdminClient(try #require(Endpoint("127.0.0.1:1"))))
        let error = await #expect(throws: GatewayError.self) {
            try await nobody.status(until: deadline)
        }
        guard case .unreachable = error else {
            Issue.record("not unreachable: \(String(describing: error))")
            return
        }
        let (client, admin) = try gateway()
        admin.script("GET /status", 401, #"{"error":"a token is needed"}"#)
        await #expect(throws: GatewayError.refused(401, "a token is needed")) {
            try await client.status(until: deadline)
        }
        admin.script("GET /status", 200, "<html>")
        await #expect(throws: GatewayError.self) { try await client.status(until: deadline) }
    }
}

@EventLoop
@Suite
struct `A Front's admin interface` {
    private let deadline = Instant.now + .seconds(10)
    private let clusters = """
        {"cluster_statuses":[
         {"name":"app1","host_statuses":[{"address":{"socket_address":{"address":"127.0.1.1",
          "port_value":10000}},"health_status":{"eds_health_status":"HEALTHY"}}]},
         {"name":"other","host_statuses":[{"address":{"socket_address":{"address":"127.0.9.9",
          "port_value":1}},"health_status":{"eds_health_status":"HEALTHY"}}]}]}
        """

    private func front(clusters: [String]? = nil) throws -> (FrontClient, ScriptedAdmin) {
        let admin = ScriptedAdmin()
        let endpoint = try admin.listen()
        let client = FrontClient(
            .init(name: "edge", admin: .init(endpoint), clusters: clusters),
            AdminClient(endpoint),
            addresses: ["127.0.1.1:10000"]
        )
        return (client, admin)
    }

    @Test func `shows the clusters that hold our hosts, and the Front's age`() async throws {
        let (client, admin) = try front()
        admin.script("GET /clusters", 200, clusters)
        admin.script(
            "GET /server_info",
            200,
            #"{"state":"LIVE","uptime_current_epoch":"90s"}"#
        )
        let view = try #require(await client.look(until: deadline).view)
        #expect(view.clusters.map(\.name) == ["app1"])
        #expect(view.uptime == 90)
    }

    @Test func `is unknown while the Front starts, or says something else than it should`()
        async throws
    {
        let (client, admin) = try front()
        admin.script("GET /clusters", 200, clusters)
        admin.script("GET /server_info", 200, #"{"state":"PRE_INITIALIZING"}"#)
        #expect(
            await client.look(until: deadline)
                == .unknown(front: "edge", why: "it is starting (PRE_INITIALIZING)")
        )
        admin.script("GET /server_info", 200, #"{"state":"LIVE"}"#)
        admin.script("GET /clusters", 503, "")
        #expect(
            await client.look(until: deadline)
                == .unknown(front: "edge", why: "/clusters?format=json answers 503")
        )
    }

    @Test func `does without what its list of allowed paths leaves out`() async throws {
        let (client, admin) = try front()
        admin.script("GET /clusters", 200, clusters)
        admin.script("GET /server_info", 403, "")
        #expect(await client.look(until: deadline).view?.uptime == nil)
        #expect(await client.look(until: deadline).view != nil)
        admin.script("GET /config_dump", 403, "")
        await #expect(throws: FrontError.self) { try await client.config(until: deadline) }
        #expect(await client.counters(of: ["app1"], until: deadline) == nil)
    }

    @Test func `is asked for named clusters only where the plan names them`() async throws {
        let (client, admin) = try front(clusters: ["other"])
        admin.script("GET /clusters", 200, clusters)
        admin.script("GET /server_info", 200, "{}")
        #expect(await client.look(until: deadline).view?.clusters.isEmpty == true)
    }

    @Test func `gives static and dynamic settings, and neither where it has none`() async throws {
        let (client, admin) = try front()
        admin.script(
            "GET /config_dump?resource=static_clusters",
            200,
            #"{"configs":[{"cluster":{"name":"a"}}]}"#
        )
        let config = try await client.config(until: deadline)
        #expect(Array(config.clusters.keys) == ["a"])
    }
}
