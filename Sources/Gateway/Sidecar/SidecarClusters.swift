/// The sidecar's `/clusters` in text form, reduced to what says how much is in flight where.
package struct SidecarClusters: Hashable, Sendable {
    /// One endpoint of one cluster.
    package struct Endpoint: Hashable, Sendable {
        package var cluster: String
        package var address: String
        /// Requests under way; a proxied TCP connection counts as one.
        package var active = 0
        package var total = 0
    }

    package private(set) var endpoints: [Endpoint] = []

    /// Reads lines `cluster::address::name::value`; others are skipped.
    package init(text: String) {
        for line in text.split(separator: "\n") {
            guard let (rest, value) = cut(line), let count = Int(value),
                let (head, name) = cut(rest), name == "rq_active" || name == "rq_total",
                let (cluster, address) = cutAddress(head)
            else { continue }
            // Envoy writes an endpoint's lines one after the other.
            if endpoints.last?.cluster != String(cluster)
                || endpoints.last?.address != String(address)
            {
                endpoints.append(Endpoint(cluster: String(cluster), address: String(address)))
            }
            let last = endpoints.endIndex - 1
            if name == "rq_active" {
                endpoints[last].active = count
            } else {
                endpoints[last].total = count
            }
        }
    }

    /// The endpoints that users' requests reach: those of the named clusters; without names, those
    /// at the addresses of the apps; and when no address matches, all but the gateway's ports.
    package func apps(
        named clusters: [String]?,
        at addresses: Set<String>,
        except gateway: Set<Int>
    ) -> [Endpoint] {
        if let clusters { return endpoints.filter { clusters.contains($0.cluster) } }
        let known = endpoints.filter { addresses.contains($0.address) }
        return known.isEmpty
            ? endpoints.filter { endpoint in
                !gateway.contains { endpoint.address.hasSuffix(":\($0)") }
            } : known
    }
}

/// Cuts at the last `::`.
private func cut(_ text: Substring) -> (Substring, Substring)? {
    let bytes = text.utf8
    var index = bytes.endIndex
    while let before = bytes.index(index, offsetBy: -2, limitedBy: bytes.startIndex) {
        if bytes[before] == colon, bytes[bytes.index(after: before)] == colon {
            return (text[..<before], text[index...])
        }
        index = bytes.index(before: index)
    }
    return nil
}

/// Cuts `cluster::address`, where an IPv6 address in brackets holds `::` itself.
private func cutAddress(_ text: Substring) -> (Substring, Substring)? {
    guard let bracket = text.utf8.lastIndex(of: UInt8(ascii: "[")) else { return cut(text) }
    guard text[..<bracket].hasSuffix("::") else { return nil }
    return (text[..<bracket].dropLast(2), text[bracket...])
}

private let colon = UInt8(ascii: ":")
