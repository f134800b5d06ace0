package import HTTP
package import Loop

/// Asks one admin interface: in the clear or over TLS, from here or through a tunnel, with its token.
@EventLoop
package final class AdminClient {
    private let http: HTTPClient
    private let tls: TLSClient?
    private let tunnel: SSHTunnel?
    private let token: String?

    package init(
        _ endpoint: Endpoint,
        tls: TLSClient? = nil,
        tunnel: SSHTunnel? = nil,
        token: String? = nil,
        maxBody: Int = 4 << 20
    ) {
        var dial: HTTPClient.Dial?
        if let tunnel {
            dial = { (deadline) throws(LoopError) in try await tunnel.connect(until: deadline) }
        }
        http = HTTPClient(endpoint, tls: tls, dial: dial, maxBody: maxBody)
        self.tls = tls
        self.tunnel = tunnel
        self.token = token
    }

    package func send(
        _ request: HTTPRequest,
        until deadline: Instant
    ) async throws(HTTPError) -> HTTPResponse {
        do throws(HTTPError) {
            return try await sendTwice(authorised(request), until: deadline)
        } catch {
            throw advised(error)
        }
    }

    /// Returns when the head of the answer is there, for what comes bit by bit.
    package func open(
        _ request: HTTPRequest,
        until deadline: Instant
    ) async throws(HTTPError) -> HTTPClientStream {
        do throws(HTTPError) {
            return try await http.open(authorised(request), until: deadline)
        } catch {
            throw advised(error)
        }
    }

    package func close() { http.close() }

    private func authorised(_ request: HTTPRequest) -> HTTPRequest {
        var request = request
        if let token { request.headers["authorization"] = "Bearer \(token)" }
        return request
    }

    /// Sends once more when the tunnel went away under the first attempt. Whatever we ask of an admin
    /// interface may be asked twice: it takes no more than one hold of an owner.
    private func sendTwice(
        _ request: HTTPRequest,
        until deadline: Instant
    ) async throws(HTTPError) -> HTTPResponse {
        let generation = tunnel?.generation
        do throws(HTTPError) {
            return try await http.send(request, until: deadline)
        } catch {
            guard let tunnel, let generation, case .connection(let kind) = error.kind, !kind.isTLS,
                deadline > .now, await tunnel.isLost(since: generation)
            else { throw error }
            return try await http.send(request, until: deadline)
        }
    }

    private func advised(_ error: HTTPError) -> HTTPError {
        HTTPError(
            error.kind,
            error.message + advice(on: error),
            afterFirstByte: error.afterFirstByte
        )
    }

    /// What else is known of a failure, and what to do.
    private func advice(on error: HTTPError) -> String {
        if case .connection(.tlsVerify) = error.kind, let tls, tls.settings.certificate == nil,
            error.message.contains("certificate required")
        {
            return ": give cert and key under tls"
        }
        if case .connection = error.kind, let complaint = tunnel?.complaint(beside: error.message) {
            return "; \(complaint)"
        }
        return ""
    }
}
