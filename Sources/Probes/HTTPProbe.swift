package import HTTP
package import Health
package import Loop

/// Asks for a page by HTTP/1.1 or HTTP/2 and judges the answer.
@EventLoop
package final class HTTPProbe: Probe {
    private let client: HTTPClient
    private let request: HTTPRequest
    private let expectation: ProbeTarget.HTTPExpectation
    private let blame: Blame
    private let keeps: Bool

    /// - Parameter keeps: uses one connection as long as it lasts.
    package init(
        _ endpoint: Endpoint,
        version: HTTPClient.Version,
        tls: TLSClient? = nil,
        path: String,
        authority: String,
        keeps: Bool = false,
        _ expectation: ProbeTarget.HTTPExpectation,
        _ blame: Blame
    ) {
        client = HTTPClient(endpoint, version: version, tls: tls, keepAlive: keeps)
        request = HTTPRequest(
            "GET",
            path,
            authority: authority,
            headers: ["user-agent": "healthgate", "accept": "*/*"]
        )
        self.expectation = expectation
        self.blame = blame
        self.keeps = keeps
    }

    package func run(until deadline: Instant) async -> Outcome {
        var phases = Phases(blame)
        do throws(HTTPError) {
            try await client.connect(until: deadline) { phases.ended($0) }
        } catch {
            return phases.failedConnecting(blame.isTLS) { blame.http(error, $0) }
        }
        do throws(HTTPError) {
            let response = try await client.send(request, until: deadline)
            phases.ended(.query)
            if !keeps { client.close() }
            let failure = expectation.judge(response, throughSidecar: blame.throughSidecar)
            return failure.map { phases.failed($0) } ?? phases.up("status \(response.status)")
        } catch {
            phases.ended(.query)
            // A connection on which nothing comes any more may be dead without our knowing.
            client.close()
            return phases.broken(blame.http(error, .asking))
        }
    }

    package func close() { client.close() }
}
