package import Loop

/// Makes requests of one server, over kept connections.
///
/// A request that fails before a byte of an answer on a connection that was used before is tried
/// once more on a new one, when its method may be repeated (RFC 9110 section 9.2.2): the server may
/// have closed the kept connection just then.
@EventLoop
package final class HTTPClient {
    package enum Version: Hashable, Sendable {
        case http1
        /// By prior knowledge (RFC 9113 section 3.3), or over TLS by ALPN.
        case http2
    }

    package let endpoint: Endpoint
    package let version: Version
    private let tls: TLSContext?
    private let keepAlive: Bool
    private let limits: HTTPLimits
    private let maxBody: Int
    private var idle: [HTTP1ClientConnection] = []
    private var busy: [ObjectIdentifier: HTTP1ClientConnection] = [:]
    private var shared: HTTP2ClientConnection?
    /// Connections whose peer takes no more requests, until the last answer on them has come.
    private var leaving: [ObjectIdentifier: HTTP2ClientConnection] = [:]

    package init(
        _ endpoint: Endpoint,
        version: Version = .http1,
        tls: TLSContext? = nil,
        keepAlive: Bool = true,
        maxBody: Int = 4 << 20
    ) {
        self.endpoint = endpoint
        self.version = version
        self.tls = tls
        self.keepAlive = keepAlive
        self.maxBody = maxBody
        var limits = HTTPLimits()
        limits.maxBody = Int.max
        limits.maxHeaderBytes = 64 << 10
        self.limits = limits
    }

    isolated deinit { close() }

    /// Sends a request and collects the whole answer; the deadline covers all of it.
    package func send(
        _ request: HTTPRequest,
        until deadline: Instant
    ) async throws(HTTPError) -> HTTPResponse {
        let stream = try await open(request, until: deadline)
        var response = HTTPResponse(stream.status, headers: stream.headers)
        do throws(HTTPError) {
            while let bytes = try await stream.next(until: deadline) {
                guard response.body.count + bytes.count <= maxBody else {
                    throw HTTPError(.tooLarge, "the answer is larger than \(maxBody) bytes")
                }
                response.body += bytes
            }
        } catch {
            stream.cancel()
            throw error
        }
        response.trailers = stream.trailers
        return response
    }

    /// Sends a request and returns when the head of the answer is there.
    package func open(
        _ request: HTTPRequest,
        until deadline: Instant
    ) async throws(HTTPError) -> HTTPClientStream {
        do {
            return try await attempt(request, fresh: false, until: deadline)
        } catch {
            guard error.isRetriable(request), deadline > .now else { throw error }
            return try await attempt(request, fresh: true, until: deadline)
        }
    }

    /// Begins a request whose body is sent piece by piece, without waiting for an answer (HTTP/2).
    package func begin(
        _ request: HTTPRequest,
        until deadline: Instant
    ) async throws(HTTPError) -> HTTPClientStream {
        try await http2(until: deadline)
            .open(request, authority: authority, endStream: false)
    }

    /// Makes sure that a connection is ready; false when one is already.
    @discardableResult
    package func connect(until deadline: Instant) async throws(HTTPError) -> Bool {
        switch version {
        case .http2:
            if shared?.isUsable == true { return false }
            _ = try await http2(until: deadline)
        case .http1:
            if !idle.isEmpty { return false }
            idle.append(try await http1(until: deadline))
        }
        return true
    }

    package func close() {
        let open = idle + busy.values
        idle = []
        busy = [:]
        for connection in open { connection.close() }
        shared?.close()
        shared = nil
        for connection in leaving.values { connection.close() }
    }

    private var authority: String {
        endpoint.address?.unixPath == nil ? endpoint.description : "localhost"
    }

    private func attempt(
        _ request: HTTPRequest,
        fresh: Bool,
        until deadline: Instant
    ) async throws(HTTPError) -> HTTPClientStream {
        let stream: HTTPClientStream
        var reused = false
        switch version {
        case .http2:
            if fresh { shared = nil }
            reused = shared?.isUsable == true
            stream = try await http2(until: deadline)
                .open(request, authority: authority, endStream: true)
        case .http1:
            let kept = fresh ? nil : idle.popLast()
            reused = kept != nil
            let connection: HTTP1ClientConnection
            if let kept { connection = kept } else { connection = try await http1(until: deadline) }
            busy[ObjectIdentifier(connection)] = connection
            stream = try connection.send(request, authority: authority, keepAlive: keepAlive)
        }
        do {
            try await stream.head(until: deadline)
        } catch {
            stream.cancel()
            guard reused, !error.afterFirstByte, case .connection = error.kind else { throw error }
            throw HTTPError(.refusedStream, error.message)
        }
        return stream
    }

    private func channel(until deadline: Instant) async throws(HTTPError) -> Channel {
        do throws(LoopError) {
            var last = LoopError(.dns, "\(endpoint) has no address")
            for address in try await Resolver.addresses(of: endpoint, until: deadline) {
                do throws(LoopError) {
                    return try await connect(to: address, until: deadline)
                } catch {
                    last = error
                }
            }
            throw last
        } catch {
            throw HTTPError(error)
        }
    }

    private func connect(
        to address: SocketAddress,
        until deadline: Instant
    ) async throws(LoopError) -> Channel {
        guard let tls else { return try await Channel.connect(to: address, until: deadline) }
        let channel = try await Channel.connect(
            to: address,
            tls: tls,
            host: endpoint.host,
            protocols: version == .http2 ? ["h2"] : ["http/1.1"],
            until: deadline
        )
        // RFC 9113 section 3.2: HTTP/2 over TLS is agreed on, never assumed.
        guard version == .http1 || channel.chosenProtocol == "h2" else {
            channel.close()
            throw LoopError(.tlsHandshake, "TLS: \(endpoint) does not speak HTTP/2")
        }
        return channel
    }

    private func http1(until deadline: Instant) async throws(HTTPError) -> HTTP1ClientConnection {
        let connection = HTTP1ClientConnection(
            try await channel(until: deadline),
            limits: limits
        )
        connection.onIdle = { [weak self, weak connection] in
            guard let connection else { return }
            guard let self, idle.count < 8 else { return connection.close() }
            busy[ObjectIdentifier(connection)] = nil
            idle.append(connection)
        }
        connection.onUnusable = { [weak self, weak connection] in
            guard let connection else { return }
            self?.idle.removeAll { $0 === connection }
            self?.busy[ObjectIdentifier(connection)] = nil
        }
        return connection
    }

    /// The shared connection; of two that were made at once, the first stays.
    private func http2(until deadline: Instant) async throws(HTTPError) -> HTTP2ClientConnection {
        if let shared, shared.isUsable { return shared }
        let connection = try HTTP2ClientConnection(
            try await channel(until: deadline),
            scheme: tls == nil ? "http" : "https"
        )
        if let shared, shared.isUsable {
            connection.close()
            return shared
        }
        connection.onUnusable = { [weak self, weak connection] in
            guard let self, let connection else { return }
            if shared === connection { shared = nil }
            if !connection.isIdle { leaving[ObjectIdentifier(connection)] = connection }
        }
        connection.onEnd = { [weak self, weak connection] in
            guard let connection else { return }
            self?.leaving[ObjectIdentifier(connection)] = nil
        }
        shared = connection
        return connection
    }
}

extension HTTPError {
    fileprivate func isRetriable(_ request: HTTPRequest) -> Bool {
        kind == .refusedStream && !afterFirstByte
            && ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"].contains(request.method)
    }
}
