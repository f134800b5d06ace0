import HTTP
package import Health
package import Loop

/// Asks a sidecar's admin interface what it knows of the way to an upstream that has just failed.
@EventLoop
package final class SidecarWitness {
    private let admin: Endpoint
    private let client: HTTPClient
    private var listeners: SidecarListeners?
    private var readAt = Instant.now
    private var reading: [Waiter<Bool>] = []
    /// The counters of each cluster at the last look.
    private var seen: [String: SidecarWay.Counts] = [:]
    /// Listeners change when the sidecar is configured anew.
    private static let freshness = Duration.seconds(10)

    package init(admin: Endpoint) {
        self.admin = admin
        client = HTTPClient(admin, maxBody: 16 << 20)
    }

    package func close() { client.close() }

    /// The failure of a probe that went to this listener of the sidecar, in the sidecar's own light; as it
    /// is where the sidecar says nothing of it by the deadline.
    package func hear(
        _ failure: Outcome.Failure,
        of listener: Endpoint,
        until deadline: Instant
    ) async -> Outcome.Failure {
        guard Self.concerning.contains(failure.reason) else { return failure }
        guard let known = await knownListeners(until: deadline) else {
            guard failure.reason == .sidecarRefused else { return failure }
            return failure.saying("the sidecar's admin at \(admin) does not answer either")
        }
        guard let found = known.listener(at: listener) else {
            let ports = known.listeners.prefix(20).map { "\($0.host):\($0.port)" }
            return failure.saying(
                "the sidecar runs and has no listener at \(listener)"
                    + (ports.isEmpty ? "" : " (it listens at \(ports.joined(separator: ", ")))")
                    + ": if the target is not behind the sidecar, say through: none"
            )
        }
        guard let cluster = found.clusters.first, found.clusters.count == 1,
            var way = await way(of: cluster, until: deadline)
        else { return failure }
        way.before = seen.updateValue(way.counts, forKey: cluster)
        return way.explain(failure)
    }

    /// What the sidecar may know more of; all else came from the upstream itself.
    private static let concerning: Set<Reason> = [
        .sidecarRefused, .upstreamRefused, .upstreamTimeout, .timeout,
    ]

    private func way(of cluster: String, until deadline: Instant) async -> SidecarWay? {
        // Envoy writes `_` for what separates the parts of a statistic's name.
        let name = cluster.map { $0 == ":" ? "_" : $0 }
        let counter = "cluster.\(String(name)).upstream_cx_connect_timeout"
        async let clusters = get("/clusters?filter=\(Self.exactly(cluster))", until: deadline)
        async let stats = get("/stats?filter=\(Self.exactly(counter))", until: deadline)
        guard let clusters = await clusters else { return nil }
        let timeouts = await stats.flatMap { text -> Int? in
            let lines = text.split(separator: "\n")
            let line = lines.first { $0.hasPrefix(counter + ": ") }
            return line.flatMap { Int($0.dropFirst(counter.count + 2)) }
        }
        return SidecarWay(cluster, clusters: clusters, connectTimeouts: timeouts)
    }

    /// A regular expression for this text, as part of a query.
    private static func exactly(_ text: String) -> String {
        let signs = text.utf8.map { byte in
            let isPlain = byte.isASCIILetterOrDigit || byte == UInt8(ascii: "_")
            let hex = String(256 | Int(byte), radix: 16).dropFirst()
            return isPlain ? String(Character(UnicodeScalar(byte))) : "%5Cx%7B\(hex)%7D"
        }
        return "%5E\(signs.joined())%24"
    }

    private func get(_ path: String, until deadline: Instant) async -> String? {
        let request = HTTPRequest(path, authority: "localhost")
        guard let response = try? await client.send(request, until: deadline),
            response.status == 200
        else { return nil }
        return response.text
    }

    /// Callers at the same time share one look.
    private func knownListeners(until deadline: Instant) async -> SidecarListeners? {
        if let listeners, readAt.duration(to: .now) < Self.freshness { return listeners }
        let waiter = Waiter<Bool>()
        reading.append(waiter)
        if reading.count == 1 { EventLoop.task { [self] in await readListeners(until: deadline) } }
        guard (try? await waiter.wait(until: deadline, "ask the sidecar")) == true else {
            return nil
        }
        return listeners
    }

    private func readListeners(until deadline: Instant) async {
        let found = await listeners(until: deadline)
        listeners = found
        readAt = .now
        let waiting = reading
        reading = []
        for waiter in waiting { waiter.fulfil(.success(found != nil)) }
    }

    private func listeners(until deadline: Instant) async -> SidecarListeners? {
        guard let places = await get("/listeners?format=json", until: deadline) else { return nil }
        var dumps: [[UInt8]] = []
        for resource in ["static_listeners", "dynamic_listeners"] {
            let path = "/config_dump?resource=\(resource)"
            if let dump = await get(path, until: deadline) { dumps.append(Array(dump.utf8)) }
        }
        // Aside, for a large sidecar's answer has megabytes.
        let read = try? await Aside.run(until: deadline, "read the listeners") { [dumps] in
            try? SidecarListeners(json: Array(places.utf8), dumps: dumps)
        }
        return read ?? nil
    }
}

extension UInt8 {
    fileprivate var isASCIILetterOrDigit: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5a).contains(self) || (0x61...0x7a).contains(self)
    }
}
