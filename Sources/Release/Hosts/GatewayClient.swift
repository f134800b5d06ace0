import FoundationEssentials
import HTTP
package import Loop

/// A gateway's admin API.
@EventLoop
package final class GatewayClient: HostGateway {
    private let admin: AdminClient

    package init(_ admin: AdminClient) { self.admin = admin }

    package func status(until deadline: Instant) async throws(GatewayError) -> GatewayStatus {
        try await ask(HTTPRequest("GET", "/status"), until: deadline)
    }

    package func drain(
        _ hold: HoldRequest,
        until deadline: Instant
    ) async throws(GatewayError) -> DrainState {
        let state: DrainState = try await ask(put("/drain", hold), until: deadline)
        guard state.durable ?? true else { throw .notDurable("it says so itself") }
        return state
    }

    package func undrain(
        owner: String,
        epoch: Int,
        until deadline: Instant
    ) async throws(GatewayError) -> DrainState {
        let path = "/drain?owner=\(queryEncoded(owner))&epoch=\(epoch)"
        return try await ask(HTTPRequest("DELETE", path), until: deadline)
    }

    package func lease(until deadline: Instant) async throws(GatewayError) -> Lease? {
        let answer: LeaseAnswer = try await ask(HTTPRequest("GET", "/lease"), until: deadline)
        return answer.lease
    }

    package func put(_ lease: Lease, until deadline: Instant) async throws(GatewayError) {
        var wanted = lease
        wanted.live = nil
        _ = try await send(put("/lease", wanted), until: deadline)
    }

    package func dropLease(
        release: String,
        epoch: Int,
        until deadline: Instant
    ) async throws(GatewayError) {
        let path = "/lease?release=\(queryEncoded(release))&epoch=\(epoch)"
        _ = try await send(HTTPRequest("DELETE", path), until: deadline)
    }

    package func connectivity(
        wait: Duration,
        until deadline: Instant
    ) async throws(GatewayError) -> ConnectivityReport {
        let path = "/connectivity?wait=\(wait.components.seconds)s"
        return try await ask(HTTPRequest("POST", path), until: deadline)
    }

    private func put<Body: Encodable>(_ path: String, _ body: Body) -> HTTPRequest {
        var request = HTTPRequest("PUT", path)
        request.headers["content-type"] = "application/json"
        // Plain structures of strings and numbers: encoding them does not fail.
        request.body = (try? JSONEncoder().encode(body)).map(Array.init) ?? []
        return request
    }

    private func ask<Answer: Decodable>(
        _ request: HTTPRequest,
        until deadline: Instant
    ) async throws(GatewayError) -> Answer {
        let response = try await send(request, until: deadline)
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(response.body))
        } catch {
            throw .refused(response.status, "\(request.path) is not what a gateway answers")
        }
    }

    private func send(
        _ request: HTTPRequest,
        until deadline: Instant
    ) async throws(GatewayError) -> HTTPResponse {
        let response: HTTPResponse
        do throws(HTTPError) {
            response = try await admin.send(request, until: deadline)
        } catch {
            throw .unreachable("\(error)")
        }
        switch response.status {
        case 200..<300: return response
        case 409: throw .superseded(lease(in: response), response.problem)
        case 507: throw .notDurable(response.problem)
        default: throw .refused(response.status, response.problem)
        }
    }

    private func lease(in response: HTTPResponse) -> Lease? {
        try? JSONDecoder().decode(LeaseAnswer.self, from: Data(response.body)).lease
    }
}

private struct LeaseAnswer: Decodable { let lease: Lease? }
