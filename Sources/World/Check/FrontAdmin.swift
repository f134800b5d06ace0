import FoundationEssentials
import HTTP
package import Loop

/// What a Front itself says: who is in rotation and how many requests it gave to whom.
@EventLoop
package final class FrontAdmin {
    private let client: HTTPClient
    private let name: String

    package init(_ front: WorldFront) throws(WorldError) {
        guard let endpoint = Endpoint(front.admin) else {
            throw WorldError("no address: \(front.admin)")
        }
        client = HTTPClient(endpoint, version: .http1, maxBody: 16 << 20)
        name = front.name
    }

    package func view() async throws(WorldError) -> FrontView {
        let body = try await get("/clusters?format=json")
        guard let clusters = try? JSONDecoder().decode(ClustersAnswer.self, from: Data(body)) else {
            throw WorldError("\(name): /clusters is not as Envoy 1.40 writes it")
        }
        return FrontView(clusters)
    }

    /// The value of one counter or gauge; nil when the Front has none of that name.
    package func stat(_ stat: String) async throws(WorldError) -> Int? {
        let text = String(decoding: try await get("/stats?filter=^\(stat)$"), as: UTF8.self)
        for line in text.split(separator: "\n") where line.hasPrefix("\(stat): ") {
            return Int(line.dropFirst(stat.count + 2))
        }
        return nil
    }

    package func close() { client.close() }

    private func get(_ path: String) async throws(WorldError) -> [UInt8] {
        let response: HTTPResponse
        do throws(HTTPError) {
            response = try await client.send(HTTPRequest(path), until: .now + .seconds(2))
        } catch {
            throw WorldError("\(name): \(path): \(error)")
        }
        guard response.status == 200 else {
            throw WorldError("\(name): \(path): status \(response.status)")
        }
        return response.body
    }
}

/// One look at a Front's `/clusters`: for each cluster and host address, whether the Front routes to
/// it and how many requests it gave it.
package struct FrontView: Hashable, Sendable {
    package struct Host: Hashable, Sendable {
        package var isHealthy: Bool
        package var requests: Int
        /// Why it is not healthy, in Envoy's words.
        package var flags: Set<String> = []
    }

    package private(set) var clusters: [String: [String: Host]] = [:]

    package init() {}

    package init(_ answer: ClustersAnswer) {
        for cluster in answer.cluster_statuses {
            for host in cluster.host_statuses ?? [] {
                guard let socket = host.address.socket_address else { continue }
                let total = host.stats?.first { $0.name == "rq_total" }?.value
                clusters[cluster.name, default: [:]]["\(socket.address):\(socket.port_value)"] =
                    Host(
                        isHealthy: host.health_status.isHealthy,
                        requests: total.flatMap { Int($0) } ?? 0,
                        flags: host.health_status.flags
                    )
            }
        }
    }

    /// Whether every one of `apps`' clusters routes to the host.
    package func isServing(_ address: String, apps: [String] = WorldLayout.apps) -> Bool {
        apps.allSatisfy { clusters[$0]?[address]?.isHealthy == true }
    }

    /// Whether none of `apps`' clusters routes to the host: each cluster checks it by itself, so a
    /// host that has just died is out of one a moment before it is out of the other.
    package func isOut(_ address: String, apps: [String] = WorldLayout.apps) -> Bool {
        apps.allSatisfy { clusters[$0]?[address]?.isHealthy != true }
    }

    /// Requests given to one host by the apps' clusters.
    package func requests(of address: String) -> Int {
        WorldLayout.apps.reduce(0) { $0 + (clusters[$1]?[address]?.requests ?? 0) }
    }

    /// Requests given to any host of the apps' clusters.
    package var requests: Int {
        WorldLayout.apps.reduce(0) { sum, app in
            sum + (clusters[app]?.values.reduce(0) { $0 + $1.requests } ?? 0)
        }
    }
}

/// Envoy's words, as it spells them.
package struct ClustersAnswer: Decodable {
    // swift-format-ignore: AlwaysUseLowerCamelCase
    let cluster_statuses: [Cluster]

    struct Cluster: Decodable {
        let name: String
        // swift-format-ignore: AlwaysUseLowerCamelCase
        let host_statuses: [Host]?
    }

    struct Host: Decodable {
        let address: Address
        let stats: [Stat]?
        // swift-format-ignore: AlwaysUseLowerCamelCase
        let health_status: Health
    }

    struct Address: Decodable {
        // swift-format-ignore: AlwaysUseLowerCamelCase
        let socket_address: Socket?
    }

    struct Socket: Decodable {
        let address: String
        // swift-format-ignore: AlwaysUseLowerCamelCase
        let port_value: Int
    }

    struct Stat: Decodable {
        let name: String
        let value: String?
    }

    /// Flags are there only when set; `eds_health_status` always.
    struct Health: Decodable {
        private(set) var flags: Set<String> = []
        private let isHealthyByEDS: Bool

        var isHealthy: Bool { isHealthyByEDS && flags.isEmpty }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: AnyKey.self)
            var isHealthyByEDS = true
            for key in values.allKeys {
                if key.stringValue == "eds_health_status" {
                    let status = try values.decode(String.self, forKey: key)
                    isHealthyByEDS = status == "HEALTHY" || status == "UNKNOWN"
                } else if try values.decode(Bool.self, forKey: key) {
                    flags.insert(key.stringValue)
                }
            }
            self.isHealthyByEDS = isHealthyByEDS
        }
    }

    struct AnyKey: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
