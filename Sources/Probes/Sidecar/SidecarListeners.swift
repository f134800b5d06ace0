import FoundationEssentials
package import Loop

/// Where a sidecar listens, and to which clusters each listener leads (`/config_dump` of its listeners,
/// api/envoy/admin/v3/config_dump_shared.proto).
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

    package init(json: [UInt8]) throws(Malformed) {
        let dump: JSONValue
        do {
            dump = try JSONDecoder().decode(JSONValue.self, from: Data(json))
        } catch {
            throw Malformed()
        }
        find(in: dump)
    }

    /// The listener that takes a connection to this address.
    package func listener(at endpoint: Endpoint) -> Listener? {
        let onPort = listeners.filter { $0.port == endpoint.port }
        return onPort.first { $0.host == endpoint.host }
            ?? onPort.first { ["0.0.0.0", "::"].contains($0.host) }
            // A name such as localhost says no address.
            ?? (endpoint.address == nil && onPort.count == 1 ? onPort.first : nil)
    }

    private mutating func find(in value: JSONValue) {
        if let listener = value["listener"], let socket = listener["address"]?["socket_address"],
            case .text(let host) = socket["address"], case .number(let port) = socket["port_value"]
        {
            listeners.append(
                Listener(
                    host: host,
                    port: Int(exactly: port) ?? 0,
                    clusters: listener["filter_chains"]?.clusters ?? []
                )
            )
            return
        }
        for child in value.children { find(in: child) }
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
