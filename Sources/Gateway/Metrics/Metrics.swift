import HTTP
import Health
import Loop

/// `/metrics` in Prometheus' text form. Every series exists from the start, failing or not.
@EventLoop
struct Metrics {
    private let gateway: RunningGateway

    init(_ gateway: RunningGateway) { self.gateway = gateway }

    var text: String {
        let clocks = Clocks.now
        let report = gateway.health.board.report(at: clocks.instant)
        var page = MetricsPage()
        verdicts(report, &page)
        checks(report, clocks, &page)
        edges(clocks, &page)
        bounds(&page)
        let state = gateway.store.state
        page.family("healthgate_drain_holds", .gauge, "Holds that keep this host drained.")
        page.add([], Double(state.holds.count))
        page.family("healthgate_state_durable", .gauge, "Whether the drain state is on disk.")
        page.add([], gateway.store.problem == nil ? 1 : 0)
        page.family("healthgate_lease_live", .gauge, "Whether a live release holds the lease.")
        page.add([], state.lease?.isLive(at: clocks.wall) == true ? 1 : 0)
        page.family("healthgate_reloads_total", .counter, "Reloads by their result.")
        page.add([("result", "done")], Double(gateway.reloads.done))
        page.add([("result", "refused")], Double(gateway.reloads.refused))
        page.family("healthgate_admin_refused_total", .counter, "Admin calls not let in, by code.")
        for (code, count) in gateway.refusedCalls.counts.sorted(by: { $0.key < $1.key }) {
            page.add([("code", "\(code)")], Double(count))
        }
        page.family("healthgate_start_time_seconds", .gauge, "When this process started.")
        page.add([], Double(clocks.wall(of: gateway.started).milliseconds) / 1000)
        return page.text
    }

    private func verdicts(_ report: Report, _ page: inout MetricsPage) {
        page.family("healthgate_verdict", .gauge, "The verdict: 1 for the one that holds.")
        for scope in [report.host] + report.apps {
            for verdict in Verdict.allCases {
                let labels = [("scope", scope.scope.name ?? "host"), ("verdict", verdict.rawValue)]
                page.add(labels, scope.verdict == verdict ? 1 : 0)
            }
        }
        page.family("healthgate_answers_total", .counter, "Answers to polls, by status.")
        for answer in gateway.health.answers {
            for (code, count) in zip(["200", "503"], answer.given) {
                page.add([("scope", answer.scope.name ?? "host"), ("code", code)], Double(count))
            }
        }
        page.family("healthgate_polls_waited_total", .counter, "Polls that waited for a probe.")
        page.add([], Double(gateway.port.waited))
    }

    private func checks(_ report: Report, _ clocks: Clocks, _ page: inout MetricsPage) {
        func labels(_ id: CheckID) -> [(String, String)] {
            [("check", id.name), ("kind", id.kind.rawValue)]
        }
        page.family("healthgate_check_state", .gauge, "The state: 1 for the one that holds.")
        for check in report.checks {
            for state in CheckState.allCases {
                let labels = labels(check.id) + [("state", state.rawValue)]
                page.add(labels, check.state == state ? 1 : 0)
            }
        }
        let counts = gateway.monitor.counts
        page.family("healthgate_probes_total", .counter, "Probes made.")
        for count in counts { page.add(labels(count.id), Double(count.probes)) }
        page.family("healthgate_probe_failures_total", .counter, "Probes that failed.")
        for count in counts { page.add(labels(count.id), Double(count.failures)) }
        page.family(
            "healthgate_probe_delay_seconds",
            .histogram,
            "How long after its time a planned probe began."
        )
        page.add(gateway.monitor.delays)
        page.family("healthgate_probe_seconds", .gauge, "How long the last probe took.")
        for check in report.checks {
            page.add(labels(check.id), check.last?.outcome.took.seconds ?? 0)
        }
        page.family("healthgate_last_good_timestamp_seconds", .gauge, "The last probe that passed.")
        for check in report.checks {
            let time = check.lastGood.map { clocks.wall(of: $0.at).milliseconds } ?? 0
            page.add(labels(check.id), Double(time) / 1000)
        }
        page.family("healthgate_check_failing", .gauge, "Why the last probe failed: 1 for it.")
        for check in report.checks {
            let failure = check.last?.outcome.failure
            for reason in Reason.allCases where failure?.reason == reason {
                page.add(labels(check.id) + [("reason", reason.rawValue)], 1)
            }
        }
    }

    private func edges(_ clocks: Clocks, _ page: inout MetricsPage) {
        page.family("healthgate_edge_polls_total", .counter, "Polls by edge checker.")
        for row in gateway.port.edges.checkers {
            page.add(labels(row), Double(row.polls))
        }
        page.family("healthgate_edge_live", .gauge, "Whether the checker still polls.")
        for row in gateway.port.edges.checkers {
            page.add(labels(row), row.isGone(at: clocks.instant) ? 0 : 1)
        }
    }

    private func bounds(_ page: inout MetricsPage) {
        page.family("healthgate_connections", .gauge, "Open connections.")
        for (name, server) in gateway.ports {
            page.add([("port", name)], Double(server.connectionCount))
        }
        page.family("healthgate_requests_total", .counter, "Requests answered.")
        for (name, server) in gateway.ports { page.add([("port", name)], Double(server.answered)) }
        page.family("healthgate_bounds_met_total", .counter, "How often a bound was met.")
        for (name, server) in gateway.ports {
            for bound in HTTPBound.allCases {
                page.add([("port", name), ("bound", bound.rawValue)], Double(server.met[bound]))
            }
        }
        let followers = [("port", "admin"), ("bound", "followers")]
        page.add(followers, Double(gateway.history.followersRefused))
        page.add([("port", "probes"), ("bound", "probes")], Double(gateway.monitor.probesDelayed))
    }

    private func labels(_ row: EdgeTable.Row) -> [(String, String)] {
        [("edge", row.identity.name ?? "unnamed"), ("authority", row.identity.authority)]
    }
}
