import FoundationEssentials

/// A Front's access log, summed up: the second witness beside the load's own count, and the only
/// one that knows which host a failed call was on.
package struct AccessLog: Hashable, Sendable {
    package private(set) var lines = 0
    /// Calls that some host was chosen for.
    package private(set) var routed = 0
    package private(set) var bad = 0
    /// Calls that did not end well, by host, flags and status.
    package private(set) var failures: [String: Int] = [:]

    package init(_ text: String) {
        let decoder = JSONDecoder()
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            lines += 1
            guard let entry = try? decoder.decode(Entry.self, from: Data(line)) else {
                bad += 1
                failures["a line that is not JSON", default: 0] += 1
                continue
            }
            if entry.host != nil { routed += 1 }
            if entry.status == 200, entry.grpc_status == 0 { continue }
            bad += 1
            failures[entry.failure, default: 0] += 1
        }
    }

    private struct Entry: Decodable {
        let status: Int?
        // swift-format-ignore: AlwaysUseLowerCamelCase
        let grpc_status: Int?
        let flags: String?
        let details: String?
        let host: String?

        var failure: String {
            let grpc = grpc_status.map { "grpc-status \($0)" } ?? "no grpc-status"
            let words = [
                host ?? "no host", "HTTP \(status ?? 0)", grpc, flags ?? "-", details ?? "-",
            ]
            return words.joined(separator: ", ")
        }
    }
}
