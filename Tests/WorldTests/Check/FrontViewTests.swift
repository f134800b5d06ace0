import FoundationEssentials
import Testing
import World

@Suite struct `A Front's view of the hosts` {
    private let host = "127.0.1.1:10000"

    private func view(app1: String, app2: String) throws -> FrontView {
        let clusters = [("app1", app1), ("app2", app2)].map { name, health in
            """
            {"name":"\(name)","host_statuses":[{"address":{"socket_address":
            {"address":"127.0.1.1","port_value":10000}},"health_status":\(health)}]}
            """
        }
        let text = "{\"cluster_statuses\":[\(clusters.joined(separator: ","))]}"
        return FrontView(try JSONDecoder().decode(ClustersAnswer.self, from: Data(text.utf8)))
    }

    private let healthy = #"{"eds_health_status":"HEALTHY"}"#
    private let failed = #"{"eds_health_status":"HEALTHY","failed_active_health_check":true}"#

    @Test func `has a host in while every cluster routes to it`() throws {
        let view = try view(app1: healthy, app2: healthy)
        #expect(view.isServing(host) && !view.isOut(host))
    }

    @Test func `has a host out when no cluster routes to it`() throws {
        let view = try view(app1: failed, app2: failed)
        #expect(view.isOut(host) && !view.isServing(host))
    }

    /// Each cluster has its own checks: a load begun between the two would still reach the host.
    @Test func `has a host neither in nor out while one cluster routes to it`() throws {
        let view = try view(app1: failed, app2: healthy)
        #expect(!view.isServing(host) && !view.isOut(host))
    }
}
