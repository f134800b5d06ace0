import Health
import Testing

@testable import Probes

/// As Envoy 1.40 writes it, less what is not read.
private func host(_ port: Int, _ health: String = "\"eds_health_status\":\"HEALTHY\"") -> String {
    """
    {"address":{"socket_address":{"address":"127.0.0.1","port_value":\(port)}},
    "stats":[{"name":"cx_active","type":"GAUGE"},{"value":"3","name":"rq_total"}],
    "health_status":{\(health)},"weight":1,"locality":{}}
    """
}

private func cluster(_ name: String, _ hosts: String...) -> String {
    "{\"name\":\"\(name)\",\"observability_name\":\"\(name)\",\"host_statuses\":"
        + "[\(hosts.joined(separator: ","))]}"
}

private func answer(_ clusters: String...) -> [UInt8] {
    Array("{\"cluster_statuses\":[\(clusters.joined(separator: ","))]}".utf8)
}

@Suite struct `The clusters of an Envoy` {
    private let good = cluster("good", host(1), host(2, "\"failed_outlier_check\":true"))
    private let bad = cluster(
        "bad",
        host(3, "\"failed_active_health_check\":true"),
        host(4, "\"failed_outlier_check\":true,\"eds_health_status\":\"HEALTHY\"")
    )
    private let empty = "{\"name\":\"empty\"}"

    @Test func `let it be up while one host is healthy in each`() throws {
        let (result, detail) = try EnvoyClusters(json: answer(good, empty)).judge(needed: [])
        #expect(result == .up)
        #expect(detail == "LIVE, 1 of 2 clusters can serve")
    }

    @Test func `let it be degraded when one is not needed, and down when it is`() throws {
        let clusters = try EnvoyClusters(json: answer(good, bad))
        let words =
            "bad has no healthy host of 2 (127.0.0.1:3 fails its health check, "
            + "127.0.0.1:4 is ejected as an outlier)"
        #expect(clusters.judge(needed: []).0 == .degraded(words))
        #expect(clusters.judge(needed: ["good"]).0 == .degraded(words))
        #expect(clusters.judge(needed: ["good", "bad"]).0 == down(words))
        #expect(clusters.judge(needed: ["bda"]).0 == down("there is no cluster bda"))
        let without = try EnvoyClusters(json: answer(good, empty))
        #expect(without.judge(needed: ["empty"]).0 == down("empty has no host"))
    }

    private func down(_ words: String) -> Outcome.Result {
        .failed(Outcome.Failure(.notServing, at: .sidecar, words))
    }

    @Test(
        arguments: [
            ("\"eds_health_status\":\"UNHEALTHY\"", "is UNHEALTHY by EDS"),
            ("\"eds_health_status\":\"DRAINING\"", "is DRAINING by EDS"),
            ("\"pending_active_hc\":true", "has not been checked yet"),
            (
                "\"failed_active_health_check\":true,\"excluded_via_immediate_hc_fail\":true",
                "is draining"
            ),
            ("\"eds_health_status\":\"DEGRADED\"", nil), ("", nil),
            ("\"failed_active_degraded_check\":true", nil),
        ] as [(String, String?)]
    )
    func `tell what ails a host`(health: String, words: String?) throws {
        let cluster = try EnvoyClusters(json: answer(cluster("c", host(9, health)))).clusters[0]
        #expect(cluster.ailing == (words.map { ["127.0.0.1:9 \($0)"] } ?? []))
    }

    @Test(arguments: ["", "{", "[]", "7", "{\"cluster_statuses\":{}}", "OK"])
    func `are not what something else says`(json: String) {
        #expect(throws: EnvoyClusters.Malformed.self) {
            try EnvoyClusters(json: Array(json.utf8))
        }
    }
}
