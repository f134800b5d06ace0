import FoundationEssentials
import HTTP
package import Loop

/// A Front's admin interface.
@EventLoop
package final class FrontClient: FrontAdmin {
    package let name: String
    private let admin: AdminClient
    private let addresses: Set<String>
    private let clusters: Set<String>?

    /// - Parameter addresses: those of the plan's hosts; clusters without any of them are not looked
    ///   at.
    package init(
        _ front: PlanConfiguration.Front,
        _ admin: AdminClient,
        addresses: Set<String>
    ) {
        name = front.name
        self.admin = admin
        self.addresses = addresses
        clusters = front.clusters.map(Set.init)
    }

    package func look(until deadline: Instant) async -> FrontReading {
        do {
            let server = try await serverInfo(until: deadline)
            if let state = server.state, state.hasSuffix("INITIALIZING") {
                // Its hosts are all marked as failed until their first check: that says nothing.
                return .unknown(front: name, why: "it is starting (\(state))")
            }
            let answer = try await get("/clusters?format=json", until: deadline)
            let all = try ClustersAnswer.decode(answer)
            let ours = all.filter { cluster in
                guard clusters?.contains(cluster.name) ?? true else { return false }
                return cluster.hosts.contains { addresses.contains($0.address) }
            }
            return .seen(FrontView(name: name, clusters: ours, uptime: server.uptime))
        } catch {
            return .unknown(front: name, why: "\(error)")
        }
    }

    package func config(until deadline: Instant) async throws(FrontError) -> FrontConfig {
        var config = FrontConfig()
        for section in ["static_clusters", "dynamic_active_clusters"] {
            let path = "/config_dump?resource=\(section)"
            // Envoy answers 404 for a section that it does not have.
            guard let json = try await get(path, until: deadline, absent: 404) else { continue }
            do throws(EnvoyFormatError) {
                let part = try ConfigDumpAnswer.decode(json)
                config.clusters.merge(part.clusters) { _, dynamic in dynamic }
            } catch {
                throw FrontError("\(error)")
            }
        }
        return config
    }

    package func counters(
        of clusters: Set<String>,
        until deadline: Instant
    ) async -> [String: ClusterCounters]? {
        let path = "/stats?format=json&filter=\(StatsAnswer.filter)"
        guard let json = try? await get(path, until: deadline) else { return nil }
        return try? StatsAnswer.decode(json, clusters: clusters)
    }

    private func serverInfo(until deadline: Instant) async throws(FrontError) -> ServerInfo {
        // `admin.allow_paths` may leave it out: then a restart shows in the counters alone.
        let answer = try await get("/server_info", until: deadline, absent: 403)
        guard let answer else { return ServerInfo() }
        return (try? JSONDecoder().decode(ServerInfo.self, from: Data(answer))) ?? ServerInfo()
    }

    private func get(_ path: String, until deadline: Instant) async throws(FrontError) -> [UInt8] {
        try await get(path, until: deadline, absent: nil) ?? []
    }

    private func get(
        _ path: String,
        until deadline: Instant,
        absent: Int?
    ) async throws(FrontError) -> [UInt8]? {
        let response: HTTPResponse
        do throws(HTTPError) {
            response = try await admin.send(HTTPRequest("GET", path), until: deadline)
        } catch {
            throw FrontError("\(error)")
        }
        if response.status == absent { return nil }
        guard response.status == 200 else {
            throw FrontError("\(path) answers \(response.status)")
        }
        return response.body
    }
}

/// `GET /server_info`, as far as it matters.
private struct ServerInfo: Decodable {
    var state: String?
    var uptimeText: String?

    init() {}

    enum CodingKeys: String, CodingKey {
        case state
        case uptimeText = "uptime_current_epoch"
    }

    var uptime: Int? {
        guard let uptimeText, uptimeText.hasSuffix("s") else { return nil }
        return Int(uptimeText.dropLast())
    }
}
