import HTTP
package import Loop

/// What the sidecar Envoy says of itself.
@EventLoop
package final class Sidecar {
    /// How much is under way through the sidecar's app clusters.
    package struct InFlight: Hashable, Sendable {
        /// Requests and proxied connections, less the gateway's own probes.
        package var requests: Int
        /// All that ever were, less the gateway's own probes.
        package var total: Int

        package init(requests: Int, total: Int) {
            self.requests = requests
            self.total = total
        }
    }

    private let client: HTTPClient
    private let clusters: [String]?
    private let addresses: Set<String>
    private let own: Set<Int>
    private weak var monitor: Monitor?
    private var reading: [Waiter<InFlight?>] = []
    private var isReading = false

    package init(
        admin: Endpoint,
        clusters: [String]?,
        apps addresses: Set<String>,
        gateway own: Set<Int>,
        monitor: Monitor
    ) {
        client = HTTPClient(admin)
        self.clusters = clusters
        self.addresses = addresses
        self.own = own
        self.monitor = monitor
    }

    /// What is in flight now; nil: the sidecar does not say. Callers at the same time share one
    /// look.
    package func inFlight() async -> InFlight? {
        let waiter = Waiter<InFlight?>()
        reading.append(waiter)
        if !isReading {
            isReading = true
            EventLoop.task { [self] in await look() }
        }
        return (try? await waiter.wait(until: nil, "ask the sidecar")) ?? nil
    }

    /// Its `/ready`; nil: it does not answer.
    package func isReady() async -> Bool? {
        let request = HTTPRequest("/ready", authority: "localhost")
        let response = try? await client.send(request, until: .now + .seconds(1))
        return response.map { $0.status == 200 }
    }

    package func close() { client.close() }

    private func look() async {
        let result = await exactly()
        isReading = false
        let waiters = reading
        reading = []
        for waiter in waiters { waiter.fulfil(.success(result)) }
    }

    /// Between two of our own probes, so that none is counted for a user's.
    private func exactly() async -> InFlight? {
        for _ in 0..<20 {
            let before = reachedByProbes
            let wasQuiet = monitor?.underWay == 0
            guard let found = await read() else { return nil }
            if wasQuiet, monitor?.underWay == 0, before == reachedByProbes {
                return InFlight(requests: found.requests, total: found.total - before)
            }
            guard (try? await EventLoop.sleep(for: .milliseconds(10))) != nil else { return nil }
        }
        // Probes without a pause: some of them may be counted as users'.
        return await read().map { found in
            InFlight(
                requests: max(found.requests - (monitor?.underWay ?? 0), 0),
                total: found.total - reachedByProbes
            )
        }
    }

    private var reachedByProbes: Int {
        monitor?.reached.reduce(0) { $0 + $1.count } ?? 0
    }

    private func read() async -> InFlight? {
        let request = HTTPRequest("/clusters", authority: "localhost")
        let response = try? await client.send(request, until: .now + .seconds(1))
        guard let response, response.status == 200 else { return nil }
        let apps = SidecarClusters(text: response.text)
            .apps(named: clusters, at: addresses, except: own)
        return InFlight(
            requests: apps.reduce(0) { $0 + $1.active },
            total: apps.reduce(0) { $0 + $1.total }
        )
    }
}
