import FoundationEssentials
import HTTP
import Loop

/// What a scenario asks of one host's gateway, by its two ports.
@EventLoop
struct GatewayCalls {
    let host: WorldHost

    /// Adds a hold.
    func drain(owner: String) async throws {
        try await expect(200, drainRequest(owner: owner))
    }

    /// Asks for a hold and gives the answer, whatever it is.
    func tryToDrain(owner: String) async throws -> HTTPResponse {
        try await ask(drainRequest(owner: owner))
    }

    private func drainRequest(owner: String) -> HTTPRequest {
        let body = "{\"owner\": \"\(owner)\", \"reason\": \"a scenario\"}"
        return HTTPRequest(
            "PUT",
            "/drain",
            headers: ["content-type": "application/json"],
            body: Array(body.utf8)
        )
    }

    /// Removes one's own hold.
    func undrain(owner: String) async throws {
        try await expect(200, HTTPRequest("DELETE", "/drain?owner=\(owner)"))
    }

    /// All holds as the gateway writes them.
    func holds() async throws -> String {
        try await ask(HTTPRequest("/drain")).text
    }

    /// One call of the admin port.
    func ask(_ request: HTTPRequest) async throws -> HTTPResponse {
        let layout = host.layout
        guard layout.isSecured else { return try await send(request, to: host.gatewayAdmin) }
        var request = request
        let token = SmallFiles.read(layout.tokenFile) ?? ""
        request.headers["authorization"] = "Bearer \(token.filter { !$0.isNewline })"
        var tls = layout.certificate("driver")
        tls.serverName = layout.certificateName(host)
        return try await send(request, to: host.gatewayAdmin, tls: TLSClient(tls))
    }

    /// What the gateway says of itself.
    func status() async throws -> GatewayState {
        let response = try await ask(HTTPRequest("/status"))
        return try JSONDecoder().decode(GatewayState.self, from: Data(response.body))
    }

    /// Looks until the gateway says so, and gives the look that did.
    @discardableResult
    func untilStatus(
        _ words: String,
        within limit: Duration = .seconds(15),
        _ isSo: (GatewayState) -> Bool
    ) async throws -> GatewayState {
        let deadline = Instant.now + limit
        while true {
            let state = try? await status()
            if let state, isSo(state) { return state }
            guard Instant.now < deadline else {
                let seen = state.map { "\($0)" } ?? "no answer"
                throw WorldError("\(host.name) did not say \(words) in time: \(seen)")
            }
            try await EventLoop.sleep(for: .milliseconds(20))
        }
    }

    /// The whole answer to a poll, as an edge gets it.
    func answer(to path: String) async throws -> HTTPResponse {
        try await send(HTTPRequest(path), to: host.healthAddress)
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
        let response = try await ask(request)
        guard response.status == status else {
            throw WorldError(
                "\(host.name): \(request.method) \(request.path): \(response.status) \(response.text)"
            )
        }
    }

    private func send(
        _ request: HTTPRequest,
        to address: String,
        tls: TLSClient? = nil,
        within limit: Duration = .seconds(5)
    ) async throws -> HTTPResponse {
        guard let endpoint = Endpoint(address) else { throw WorldError("no address: \(address)") }
        let client = HTTPClient(endpoint, tls: tls, keepAlive: false)
        defer { client.close() }
        return try await client.send(request, until: .now + limit)
    }
}
