import Health
import Loop
import Testing

@testable import Probes

@Suite struct `A sidecar's way to an upstream` {
    private let refused = Outcome.Failure(.upstreamRefused, at: .upstream, "closed")
    private let silent = Outcome.Failure(.timeout, at: .upstream, "no answer in time")

    private func way(_ lines: String, timeouts: Int? = nil) -> SidecarWay {
        SidecarWay("db", clusters: lines, connectTimeouts: timeouts)
    }

    @Test func `is read host by host, also by IPv6, and of its own cluster alone`() {
        let found = way(
            """
            db::observability_name::db
            db::default_priority::max_connections::1024
            db::[::1]:5432::cx_connect_fail::2
            db::[::1]:5432::rq_pending_active::1
            db::[::1]:5432::health_flags::healthy
            db::10.0.0.2:5432::cx_connect_fail::x
            db::10.0.0.2:5432::health_flags::/failed_active_hc
            db2::10.0.0.3:5432::health_flags::healthy
            ::::
            """
        )
        #expect(
            found.hosts == [
                .init(address: "[::1]:5432", failedConnects: 2, pending: 1),
                .init(address: "10.0.0.2:5432", flags: "/failed_active_hc"),
            ]
        )
    }

    @Test func `names the hosts that its own health checks keep out`() {
        let failure = way("db::10.0.0.2:5432::health_flags::/failed_active_hc").explain(refused)
        #expect(failure.reason == .upstreamRefused)
        #expect(
            failure.text
                == "the sidecar's cluster db has no healthy host: 10.0.0.2:5432 /failed_active_hc; closed"
        )
    }

    @Test(arguments: [
        (nil, Reason.upstreamTimeout, Reason.upstreamTimeout),
        (0, .upstreamTimeout, .upstreamRefused),
        (3, .upstreamRefused, .upstreamTimeout), (1, .upstreamRefused, .upstreamRefused),
        (1, .upstreamTimeout, .upstreamTimeout),
    ])
    func `is silent where its connects are given up, and refused where they are not`(
        timeouts: Int?,
        before: Reason,
        after: Reason
    ) {
        let found = way("db::10.0.0.2:5432::cx_connect_fail::3", timeouts: timeouts)
        #expect(found.explain(.init(before, at: .upstream)).reason == after)
    }

    @Test func `goes by what has been counted since the look before`() {
        var found = way("db::10.0.0.2:5432::cx_connect_fail::3", timeouts: 1)
        found.before = .init(failed: 2, timedOut: 1)
        #expect(found.explain(.init(.upstreamTimeout, at: .upstream)).reason == .upstreamRefused)
        found.before = .init(failed: 2, timedOut: 0)
        #expect(found.explain(refused).reason == .upstreamTimeout)
        found.before = .init(failed: 3, timedOut: 1)
        let hung = found.explain(refused)
        #expect(hung.reason == .upstreamRefused)
        #expect(
            hung.text
                == "the sidecar's cluster db is connected to 10.0.0.2:5432, which hangs up; closed"
        )
        // A new Envoy counts from nothing.
        found.before = .init(failed: 9, timedOut: 9)
        #expect(found.explain(refused).text.contains("cannot connect"))
    }

    @Test func `adds nothing to what the upstream itself has said`() {
        let failure = Outcome.Failure(.auth, at: .upstream, "wrong password")
        #expect(way("db::10.0.0.2:5432::rq_pending_active::1").explain(failure) == failure)
        #expect(
            way("db::10.0.0.2:5432::rq_pending_active::1").explain(silent).reason
                == .upstreamTimeout
        )
        #expect(way("db::10.0.0.2:5432::rq_pending_active::0").explain(silent).reason == .timeout)
    }
}

@Suite struct `A sidecar's listeners` {
    private func listener(_ host: String, _ port: Int, _ clusters: String...)
        -> SidecarListeners.Listener
    {
        .init(host: host, port: port, clusters: clusters)
    }

    @Test func `are joined by name with the clusters that they lead to`() throws {
        let places = """
            {"listener_statuses": [
              {"name": "a", "local_address": {"socket_address": {"address": "127.0.0.1",
                "port_value": 15432}}},
              {"name": "b", "local_address": {"socket_address": {"address": "0.0.0.0",
                "port_value": 16379}}, "additional_local_addresses": [{"socket_address":
                {"address": "::1", "port_value": 16379}}]},
              {"name": "c", "local_address": {"pipe": {"path": "/x"}}},
              {"name": "d", "local_address": {"socket_address": {"address": "127.0.0.1",
                "port_value": 1e30}}}, 7, null
            ]}
            """
        let fixed = """
            {"configs": [{"listener": {"name": "a", "filter_chains": [{"filters": [{"typed_config":
              {"cluster": "db", "stat_prefix": "x"}}]}]}}, 7, null, "x"]}
            """
        let dynamic = """
            {"configs": [{"name": "b", "active_state": {"listener": {"name": "b", "filter_chains":
              [{"filters": [{"typed_config": {"weighted_clusters": {"clusters": [{"name": "c1"},
              {"name": "c2"}]}, "prefix_routes": {"catch_all_route": {"cluster": "c3"}}}}]}]}}}]}
            """
        let dumps = [Array(fixed.utf8), Array(dynamic.utf8)]
        let found = try SidecarListeners(json: Array(places.utf8), dumps: dumps)
        #expect(
            found.listeners == [
                listener("127.0.0.1", 15432, "db"), listener("0.0.0.0", 16379, "c3", "c1", "c2"),
                listener("::1", 16379, "c3", "c1", "c2"), listener("127.0.0.1", 0),
            ]
        )
        for cut in [places.utf8.count / 2, 0] {
            #expect(throws: SidecarListeners.Malformed.self) {
                try SidecarListeners(json: Array(places.utf8.prefix(cut)), dumps: [])
            }
        }
    }

    @Test(arguments: [
        ("127.0.0.1:1", "127.0.0.1"), ("127.0.0.2:1", nil), ("127.0.0.1:3", nil),
        ("10.0.0.1:2", "0.0.0.0"), ("localhost:1", "127.0.0.1"), ("localhost:3", nil),
    ])
    func `take a connection by address, by any address, or by a name's port`(
        text: String,
        host: String?
    ) throws {
        let listeners = SidecarListeners([listener("127.0.0.1", 1), listener("0.0.0.0", 2)])
        let endpoint = try #require(Endpoint(text))
        #expect(listeners.listener(at: endpoint)?.host == host)
    }
}
