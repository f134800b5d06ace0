import FoundationEssentials
import HTTP
package import Health
package import Loop

/// Asks the Docker Engine over its socket how a container is.
@EventLoop
package final class ContainerProbe: Probe {
    private let target: ProbeTarget.Container
    private let client: HTTPClient
    private let request: HTTPRequest

    package init(_ target: ProbeTarget.Container) {
        self.target = target
        client = HTTPClient(Endpoint(.unix(target.socket)), maxBody: 1 << 20)
        request = HTTPRequest(
            "GET",
            "/containers/\(target.name)/json",
            authority: "docker",
            headers: ["user-agent": "healthgate"]
        )
    }

    package func run(until deadline: Instant) async -> Outcome {
        var phases = Phases()
        do throws(HTTPError) {
            try await client.connect(until: deadline) { phases.ended($0) }
        } catch {
            return phases.failed(unreached(error))
        }
        do throws(HTTPError) {
            let response = try await client.send(request, until: deadline)
            phases.ended(.query)
            let (result, detail) = judge(response)
            return phases.finished(result, detail)
        } catch {
            phases.ended(.query)
            client.close()
            return phases.failed(broken(error))
        }
    }

    package func close() { client.close() }

    private func unreached(_ error: HTTPError) -> Outcome.Failure {
        let words = "the Docker Engine's socket: \(error.message)"
        switch error.kind {
        case .connection(.refused): return Outcome.Failure(.refused, words)
        case .timedOut: return Outcome.Failure(.connectTimeout, words)
        default: return Outcome.Failure(.internal, words)
        }
    }

    private func broken(_ error: HTTPError) -> Outcome.Failure {
        let words = "the Docker Engine: \(error.message)"
        return Outcome.Failure(error.kind == .timedOut ? .timeout : .protocol, words)
    }

    private func judge(_ response: HTTPResponse) -> (Outcome.Result, detail: String) {
        guard response.status == 200 else {
            let words =
                response.status == 404
                ? "there is no container \(target.name)"
                : "the Docker Engine answered \(response.status): \(message(response))"
            return (.failed(Outcome.Failure(.status, words)), "")
        }
        do throws(ContainerState.Malformed) {
            return try ContainerState(json: response.body).judge()
        } catch {
            let words = "the answer is not that of a Docker Engine: \(quoted(response.body))"
            return (.failed(Outcome.Failure(.protocol, words)), "")
        }
    }

    private func message(_ response: HTTPResponse) -> String {
        let said = try? JSONDecoder().decode([String: String].self, from: Data(response.body))
        return legible(said?["message"] ?? response.text)
    }
}

extension ProbeTarget {
    /// A container by its name or number, and the socket of the Engine that runs it.
    package struct Container: Hashable, Sendable {
        package var name: String
        package var socket: String

        package static let usualSocket = "/var/run/docker.sock"

        package init(_ name: String, socket: String = usualSocket) {
            self.name = name
            self.socket = socket
        }
    }
}
