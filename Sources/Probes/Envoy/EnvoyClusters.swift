import FoundationEssentials
package import Health

/// What an Envoy says of its clusters' hosts (`/clusters?format=json`).
package struct EnvoyClusters: Hashable, Sendable {
    package struct Cluster: Hashable, Sendable {
        package var name: String
        package var hosts: Int
        /// Those that get no requests, and why.
        package var ailing: [String]

        var healthy: Int { hosts - ailing.count }

        var words: String {
            guard hosts > 0 else { return "\(legible(name)) has no host" }
            return "\(legible(name)) has no healthy host of \(hosts) (\(some(ailing, most: 2)))"
        }
    }

    package struct Malformed: Error {}

    package var clusters: [Cluster]

    package init(json: [UInt8]) throws(Malformed) {
        let answer: Answer
        do {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            answer = try decoder.decode(Answer.self, from: Data(json))
        } catch {
            throw Malformed()
        }
        clusters = (answer.clusterStatuses ?? []).map { cluster in
            let hosts = cluster.hostStatuses ?? []
            return Cluster(
                name: cluster.name,
                hosts: hosts.count,
                ailing: hosts.compactMap { host in
                    host.healthStatus?.ailment.map { "\(host.place) \($0)" }
                }
            )
        }
    }

    /// - Parameter needed: without a healthy host in each of these, the target is down; one of the
    ///   others lets it be degraded, if it has hosts at all: some kinds of cluster make theirs as they
    ///   need them.
    package func judge(needed: [String]) -> (Outcome.Result, detail: String) {
        let broken = clusters.filter { $0.healthy == 0 }
        let detail =
            "LIVE, \(clusters.count - broken.count) of \(clusters.count) clusters can serve"
        let unknown = needed.filter { name in !clusters.contains { $0.name == name } }
            .map { "there is no cluster \($0)" }
        let missing = broken.filter { needed.contains($0.name) }.map(\.words) + unknown
        guard missing.isEmpty else {
            return (.failed(Outcome.Failure(.notServing, at: .sidecar, some(missing))), detail)
        }
        let others = broken.filter { $0.hosts > 0 }.map(\.words)
        return (others.isEmpty ? .up : .degraded(some(others)), detail)
    }
}

// MARK: - As Envoy writes it

private struct Answer: Decodable { let clusterStatuses: [ClusterStatus]? }

private struct ClusterStatus: Decodable {
    let name: String
    let hostStatuses: [HostStatus]?
}

private struct HostStatus: Decodable {
    struct Address: Decodable {
        struct Socket: Decodable {
            let address: String
            let portValue: Int?
        }

        struct Pipe: Decodable { let path: String }

        let socketAddress: Socket?
        let pipe: Pipe?
    }

    struct Health: Decodable {
        let failedActiveHealthCheck: Bool?
        let failedOutlierCheck: Bool?
        let pendingActiveHc: Bool?
        let excludedViaImmediateHcFail: Bool?
        let edsHealthStatus: String?

        /// Why it gets no requests; a degraded host does.
        var ailment: String? {
            if excludedViaImmediateHcFail == true { return "is draining" }
            if failedActiveHealthCheck == true { return "fails its health check" }
            if failedOutlierCheck == true { return "is ejected as an outlier" }
            if pendingActiveHc == true { return "has not been checked yet" }
            // DRAINING and TIMEOUT show as themselves or as UNHEALTHY.
            guard let word = edsHealthStatus, ["UNHEALTHY", "DRAINING", "TIMEOUT"].contains(word)
            else { return nil }
            return "is \(word) by EDS"
        }
    }

    let address: Address?
    let healthStatus: Health?

    var place: String {
        if let socket = address?.socketAddress {
            return legible("\(socket.address):\(socket.portValue ?? 0)")
        }
        return legible(address?.pipe?.path ?? "a host")
    }
}
