import HTTP
import Loop

/// What a scenario asks of one host's gateway, by its two ports.
@EventLoop
struct GatewayCalls {
    let host: WorldHost

    /// Adds a hold.
    func drain(owner: String) async throws {
        let body = "{\"owner\": \"\(owner)\", \"reason\": \"a scenario\"}"
        let request = HTTPRequest(
            "PUT",
            "/drain",
            headers: ["content-type": "application/json"],
            body: Array(body.utf8)
        )
        try await expect(200, request)
    }

    /// Removes one's own hold.
    func undrain(owner: String) async throws {
        try await expect(200, HTTPRequest("DELETE", "/drain?owner=\(owner)"))
    }

    /// All holds as the gateway writes them.
    func holds() async throws -> String {
        try await send(HTTPRequest("/drain"), to: host.gatewayAdmin).text
    }

    /// One poll as an edge sends it, straight to the gateway; it may wait for long.
    func poll(_ path: String = "/readyz", within limit: Duration = .seconds(30)) async throws -> Int
    {
        try await send(HTTPRequest(path), to: host.healthAddress, within: limit).status
    }

    /// One poll through the sidecar's ingress, in an app's name; nil when nothing answers.
    func pollThroughSidecar(_ app: String) async -> Int? {
        let request = HTTPRequest("/readyz/\(app)", authority: app)
        return try? await send(request, to: host.ingress, within: .seconds(1)).status
    }

    private func expect(_ status: Int, _ request: HTTPRequest) async throws {
        let response = try await send(request, to: host.gatewayAdmin)
        guard response.status == status else {
            throw WorldError(
                "\(host.name): \(request.method) \(request.path): \(response.status) \(response.text)"
            )
        }
    }

    private func send(
        _ request: HTTPRequest,
        to address: String,
        within limit: Duration = .seconds(5)
    ) async throws -> HTTPResponse {
        guard let endpoint = Endpoint(address) else { throw WorldError("no address: \(address)") }
        let client = HTTPClient(endpoint, keepAlive: false)
        defer { client.close() }
        return try await client.send(request, until: .now + limit)
    }
}
