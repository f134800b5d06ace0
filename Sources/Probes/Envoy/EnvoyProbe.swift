import HTTP
package import Health
package import Loop

/// Asks an Envoy's admin interface whether it is live, and which of its clusters have no healthy host.
@EventLoop
package final class EnvoyProbe: Probe {
    private let client: HTTPClient
    private let needed: [String]

    /// - Parameter needed: the clusters that must have a healthy host.
    package init(_ admin: Endpoint, clusters needed: [String]) {
        client = HTTPClient(admin, maxBody: 16 << 20)
        self.needed = needed
    }

    package func run(until deadline: Instant) async -> Outcome {
        var phases = Phases()
        do throws(HTTPError) {
            try await client.connect(until: deadline) { phases.ended($0) }
        } catch {
            return phases.failed(EnvoyProbe.failure(error))
        }
        do throws(HTTPError) {
            let (result, detail) = try await ask(until: deadline)
            phases.ended(.query)
            return phases.finished(result, detail)
        } catch {
            phases.ended(.query)
            client.close()
            return phases.failed(EnvoyProbe.failure(error, isConnected: true))
        }
    }

    package func close() { client.close() }

    private func ask(
        until deadline: Instant
    ) async throws(HTTPError) -> (Outcome.Result, detail: String) {
        let ready = try await client.send(EnvoyProbe.request("/ready"), until: deadline)
        if let failure = EnvoyProbe.judge(ready) { return (.failed(failure), "") }
        let answer = try await client.send(
            EnvoyProbe.request("/clusters?format=json"),
            until: deadline
        )
        guard answer.status == 200 else {
            let words = "/clusters gave status \(answer.status)"
            return (.failed(Outcome.Failure(.status, at: .sidecar, words)), "")
        }
        // Aside, for a large Envoy's answer has megabytes.
        let json = answer.body
        let clusters: EnvoyClusters?
        do throws(LoopError) {
            clusters = try await Aside.run(until: deadline, "read /clusters") {
                try? EnvoyClusters(json: json)
            }
        } catch {
            throw HTTPError(error)
        }
        guard let clusters else {
            let words = "/clusters is not what an Envoy answers: \(quoted(json))"
            return (.failed(Outcome.Failure(.protocol, at: .sidecar, words)), "")
        }
        return clusters.judge(needed: needed)
    }

    private static func request(_ path: String) -> HTTPRequest {
        HTTPRequest("GET", path, authority: "localhost", headers: ["user-agent": "healthgate"])
    }

    /// What `/ready` says is wrong: its word is the state of the server.
    private static func judge(_ response: HTTPResponse) -> Outcome.Failure? {
        let word = legible(String(response.text.prefix { !$0.isNewline }))
        switch (response.status, word) {
        case (200, _): return nil
        case (_, "PRE_INITIALIZING"), (_, "INITIALIZING"):
            return Outcome.Failure(.starting, at: .sidecar, "Envoy is \(word)")
        case (_, "DRAINING"): return Outcome.Failure(.notServing, at: .sidecar, "Envoy is \(word)")
        default:
            let words = "/ready gave status \(response.status): \(word)"
            return Outcome.Failure(.status, at: .sidecar, words)
        }
    }

    private static func failure(_ error: HTTPError, isConnected: Bool = false) -> Outcome.Failure {
        let reason: Reason =
            switch error.kind {
            case .connection(.dns): .dns
            case .connection(.refused), .connection(.unreachable): .refused
            case .timedOut: isConnected ? .timeout : .connectTimeout
            case .connection(.limit), .connection(.system), .cancelled: .internal
            default: .protocol
            }
        return Outcome.Failure(reason, at: .sidecar, error.message)
    }
}
