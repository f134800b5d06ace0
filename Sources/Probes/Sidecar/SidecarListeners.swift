import FoundationEssentials
package import Loop

/// Where a sidecar listens (`/listeners`, api/envoy/admin/v3/listeners.proto), and to which clusters each
/// listener leads (`/config_dump` of listeners, api/envoy/admin/v3/config_dump_shared.proto).
package struct SidecarListeners: Hashable, Sendable {
    package struct Listener: Hashable, Sendable {
        package var host: String
        package var port: Int
        /// In the order of the file; none of a listener that only answers by itself.
        package var clusters: [String]
    }

    package struct Malformed: Error {}

    package var listeners: [Listener] = []

    package init(_ listeners: [Listener] = []) { self.listeners = listeners }

    /// - Parameters:
    ///   - json: what `/listeners?format=json` answers.
    ///   - dumps: of static and of dynamic listeners; they name the same listeners.
    package init(json: [UInt8], dumps: [[UInt8]]) throws(Malformed) {
        var clusters: [String: [String]] = [:]
        for dump in dumps { try JSONValue(dump).readListeners(into: &clusters) }
        for status in try JSONValue(json)["listener_statuses"]?.children ?? [] {
            guard case .text(let name) = status["name"] else { continue }
            let places =
                [status["local_address"]].compactMap(\.self)
                + (status["additional_local_addresses"]?.children ?? [])
            for place in places {
                guard case .text(let host) = place["socket_address"]?["address"],
                    case .number(let port) = place["socket_address"]?["port_value"]
                else { continue }
                let known = clusters[name] ?? []
                listeners.append(
                    Listener(host: host, port: Int(exactly: port) ?? 0, clusters: known)
                )
            }
        }
    }

    /// The listener that takes a connection to this address.
    package func listener(at endpoint: Endpoint) -> Listener? {
        let onPort = listeners.filter { $0.port == endpoint.port }
        return onPort.first { $0.host == endpoint.host }
            ?? onPort.first { ["0.0.0.0", "::"].contains($0.host) }
            // A name such as localhost says no address.
            ?? (endpoint.address == nil && Set(onPort.map(\.clusters)).count == 1
                ? onPort.first : nil)
    }

}

/// Any JSON, for what is sought in it lies deep, and differently for each filter.
private enum JSONValue: Decodable {
    case object([String: JSONValue])
    case array([JSONValue])
    case text(String)
    case number(Double)
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let object = try? container.decode([String: JSONValue].self) {
            self = .object(object)
        } else if let array = try? container.decode([JSONValue].self) {
            self = .array(array)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else {
            self = .other
        }
    }

    init(_ json: [UInt8]) throws(SidecarListeners.Malformed) {
        do {
            self = try JSONDecoder().decode(JSONValue.self, from: Data(json))
        } catch {
            throw SidecarListeners.Malformed()
        }
    }

    /// The clusters of every listener below, by the listener's name.
    func readListeners(into found: inout [String: [String]]) {
        if let listener = self["listener"], case .text(let name) = listener["name"] {
            // The active state comes before what is draining or warming.
            if found[name] == nil { found[name] = listener.clusters }
            return
        }
        for child in children { child.readListeners(into: &found) }
    }

    subscript(name: String) -> JSONValue? {
        if case .object(let object) = self { object[name] } else { nil }
    }

    var children: [JSONValue] {
        switch self {
        case .object(let object): object.sorted { $0.key < $1.key }.map(\.value)
        case .array(let array): array
        default: []
        }
    }

    /// Every `cluster` that is named below: tcp_proxy, redis_proxy and routes all call it so.
    var clusters: [String] {
        var found: [String] = []
        if case .text(let name) = self["cluster"] { found.append(name) }
        if case .array(let weighted) = self["clusters"] {
            for cluster in weighted {
                if case .text(let name) = cluster["name"] { found.append(name) }
            }
        }
        for name in children.flatMap(\.clusters) where !found.contains(name) { found.append(name) }
        return found
    }
}
