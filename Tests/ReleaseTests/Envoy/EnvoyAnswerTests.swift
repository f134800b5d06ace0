import Release
import Testing

/// The texts are what Envoy 1.40 answers.
@Suite
struct `An answer of Envoy's admin interface` {
    private let clusters = """
        {"cluster_statuses": [{"name": "app1", "host_statuses": [
          {"address": {"socket_address": {"address": "127.0.1.1", "port_value": 10000}},
           "stats": [{"name": "cx_connect_fail"}, {"value": "3", "name": "cx_total"},
            {"name": "rq_error"}, {"value": "7", "name": "rq_success"}, {"name": "rq_timeout"},
            {"value": "9", "name": "rq_total"}, {"type": "GAUGE", "name": "cx_active"},
            {"type": "GAUGE", "value": "2", "name": "rq_active"}],
           "health_status": {"eds_health_status": "HEALTHY"}, "weight": 1, "locality": {}},
          {"address": {"socket_address": {"address": "::1", "port_value": 10000}},
           "health_status": {"failed_active_health_check": true,
            "excluded_via_immediate_hc_fail": true, "eds_health_status": "HEALTHY"},
           "weight": 1, "priority": 1, "locality": {}},
          {"address": {"pipe": {"path": "/run/app"}},
           "health_status": {"eds_health_status": "DRAINING"}}
        ], "circuit_breakers": {"thresholds": []}, "observability_name": "app1"},
        {"name": "empty"}]}
        """

    @Test func `gives the hosts of each cluster`() throws {
        let views = try ClustersAnswer.decode(Array(clusters.utf8))
        #expect(views.map(\.name) == ["app1", "empty"])
        #expect(
            views[0].hosts.map(\.address) == ["127.0.1.1:10000", "[::1]:10000", "unix:/run/app"]
        )
        let first = views[0].hosts[0]
        #expect(first.serves && !first.isOut)
        #expect(first.counters.requests == 9)
        #expect(first.counters.active == 2)
        #expect(first.counters.errors == 0)
        let drained = views[0].hosts[1]
        #expect(!drained.serves && drained.isOut)
        #expect(drained.priority == 1)
        #expect(
            drained.flags.words
                == ["failed_active_health_check", "excluded_via_immediate_hc_fail"]
        )
        #expect(views[0].hosts[2].isOut)
    }

    @Test func `gives each cluster's settings, with Envoy's defaults`() throws {
        let dump = """
            {"configs": [
              {"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump.StaticCluster",
               "cluster": {"name": "app1", "health_checks": [{"timeout": "0.400s",
                 "interval": "0.500s", "unhealthy_threshold": 3, "healthy_threshold": 2,
                 "http_health_check": {"path": "/readyz/app1",
                  "retriable_statuses": [{"start": "503", "end": "504"}]},
                 "no_traffic_interval": "0.500s"}],
                "common_lb_config": {"healthy_panic_threshold": {"value": 1},
                 "update_merge_window": "0s"},
                "load_assignment": {"policy": {"overprovisioning_factor": 150}}}},
              {"cluster": {"name": "app2", "common_lb_config": {"healthy_panic_threshold": {}},
                "health_checks": [{"interval": "5s", "timeout": "1s"}]}}]}
            """
        let config = try ConfigDumpAnswer.decode(Array(dump.utf8))
        let app1 = config.settings(of: "app1")
        #expect(app1.mergeWindow == .zero)
        #expect(app1.panicThreshold == 1)
        #expect(app1.overprovisioning == 150)
        #expect(app1.checks[0].retriable == [503..<504])
        #expect(app1.exclusionLimit == .milliseconds(900))
        #expect(app1.returnLimit == .milliseconds(1800))
        let app2 = config.settings(of: "app2")
        #expect(app2.mergeWindow == .seconds(1))
        #expect(app2.panicThreshold == 0)
        #expect(app2.checks[0].noTrafficInterval == .seconds(60))
        #expect(app2.exclusionLimit == .seconds(62))
        #expect(config.settings(of: "unheard-of").panicThreshold == 50)
    }

    @Test func `gives the whole dump's clusters as well`() throws {
        let dump = """
            {"configs": [{"@type": "bootstrap"}, {"static_clusters": [{"cluster": {"name": "a"}}],
              "dynamic_active_clusters": [{"cluster": {"name": "b"}}]}]}
            """
        let config = try ConfigDumpAnswer.decode(Array(dump.utf8))
        #expect(Set(config.clusters.keys) == ["a", "b"])
        #expect(try ConfigDumpAnswer.decode(Array("{}".utf8)).clusters.isEmpty)
    }

    @Test func `gives the counters of our clusters, whatever their names`() throws {
        let stats = """
            {"stats": [{"name": "cluster.app.one.upstream_rq_total", "value": 12},
              {"name": "cluster.app.one.lb_healthy_panic", "value": 3},
              {"name": "cluster.other.upstream_rq_total", "value": 99},
              {"histograms": {"supported_quantiles": []}}]}
            """
        let counters = try StatsAnswer.decode(Array(stats.utf8), clusters: ["app.one", "idle"])
        #expect(counters["app.one"]?.requests == 12)
        #expect(counters["app.one"]?.panicPicks == 3)
        #expect(counters["idle"] == ClusterCounters())
        #expect(counters["other"] == nil)
    }

    @Test(arguments: ["", "[]", "{\"cluster_statuses\": 3}", "<html>"])
    func `that is none is an error in words`(text: String) {
        #expect(throws: EnvoyFormatError.self) { try ClustersAnswer.decode(Array(text.utf8)) }
    }
}
