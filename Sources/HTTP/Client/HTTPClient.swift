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
        /// What the server prefers, over TLS; else HTTP/1.1.
        case negotiated
    }

    /// How far a new connection has come.
    package enum Step: Hashable, Sendable {
        /// A name has its addresses.
        case resolved
        case connected
        /// TLS stands.
        case sealed
        /// TLS failed, after the server had shown this.
        case distrusted(TLSPeer)
    }

    /// Connects by the deadline.
    package typealias Dial = @EventLoop (Instant) async throws(LoopError) -> Channel

    package let endpoint: Endpoint
    package let version: Version
    private let tls: TLSClient?
    private let dial: Dial?
    private let keepAlive: Bool
    private let limits: HTTPLimits
    private let maxBody: Int
    private var idle: [HTTP1ClientConnection] = []
    private var busy: [ObjectIdentifier: HTTP1ClientConnection] = [:]
    private var shared: HTTP2ClientConnection?
    /// Connections whose peer takes no more requests, until the last answer on them has come.
    private var leaving: [ObjectIdentifier: HTTP2ClientConnection] = [:]

    /// - Parameter dial: the way to the endpoint, when it is not reached at its own addresses.
    package init(
        _ endpoint: Endpoint,
        version: Version = .http1,
        tls: TLSClient? = nil,
        dial: Dial? = nil,
        keepAlive: Bool = true,
        maxBody: Int = 4 << 20
    ) {
        self.endpoint = endpoint
        self.version = version
        self.tls = tls
        self.dial = dial
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

    /// Begins a request without waiting for an answer (HTTP/2).
    ///
    /// - Parameter isWhole: no more of its body will follow piece by piece.
    package func begin(
        _ request: HTTPRequest,
        isWhole: Bool = false,
        until deadline: Instant
    ) async throws(HTTPError) -> HTTPClientStream {
        guard case .http2(let connection) = try await line(fresh: false, until: deadline).line
        else { throw HTTPError(.protocol, "\(endpoint) does not speak HTTP/2") }
        return try connection.open(request, authority: authority, endStream: isWhole)
    }

    /// Makes sure that a connection is ready; false when one is already.
    ///
    /// - Parameter onStep: told how far a new connection has come; `resolved` only for a name.
    @discardableResult
    package func connect(
        until deadline: Instant,
        onStep: (Step) -> Void = { _ in }
    ) async throws(HTTPError) -> Bool {
        if shared?.isUsable == true || !idle.isEmpty { return false }
        if case .http1(let connection) = try await makeLine(until: deadline, onStep) {
            idle.append(connection)
        }
        return true
    }

    /// Leaves the connection there is to the requests on it; the next one goes over a new one.
    package func leaveConnection() { shared?.leave() }

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
        let (line, reused) = try await line(fresh: fresh, until: deadline)
        switch line {
        case .http2(let connection):
            stream = try connection.open(request, authority: authority, endStream: true)
        case .http1(let connection):
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

    // MARK: Connections

    /// A connection of either protocol.
    private enum Line {
        case http1(HTTP1ClientConnection)
        case http2(HTTP2ClientConnection)
    }

    /// A connection to send a request on: a kept one, unless it must be fresh.
    private func line(
        fresh: Bool,
        until deadline: Instant
    ) async throws(HTTPError) -> (line: Line, reused: Bool) {
        if fresh {
            leaveConnection()
        } else if let shared, shared.isUsable {
            return (.http2(shared), true)
        } else if let kept = idle.popLast() {
            return (.http1(kept), true)
        }
        return (try await makeLine(until: deadline), false)
    }

    private func makeLine(
        until deadline: Instant,
        _ onStep: (Step) -> Void = { _ in }
    ) async throws(HTTPError) -> Line {
        let channel: Channel
        do throws(LoopError) {
            channel = try await self.channel(until: deadline, onStep)
        } catch {
            throw HTTPError(error)
        }
        let isHTTP2 =
            switch version {
            case .http1: false
            case .http2: true
            case .negotiated: channel.chosenProtocol == "h2"
            }
        return isHTTP2 ? .http2(try share(channel)) : .http1(keep(channel))
    }

    private func channel(
        until deadline: Instant,
        _ onStep: (Step) -> Void
    ) async throws(LoopError) -> Channel {
        if let dial { return try await secured(dial(deadline), until: deadline, onStep) }
        let found = try await Resolver.addresses(of: endpoint, until: deadline)
        if endpoint.address == nil { onStep(.resolved) }
        var last = LoopError(.dns, "\(endpoint) has no address")
        for address in found {
            do throws(LoopError) {
                let channel = try await Channel.connect(to: address, until: deadline)
                return try await secured(channel, until: deadline, onStep)
            } catch {
                last = error
                // Whoever answered there answered for the name.
                if error.isTLS { break }
            }
        }
        throw last
    }

    private func secured(
        _ channel: Channel,
        until deadline: Instant,
        _ onStep: (Step) -> Void
    ) async throws(LoopError) -> Channel {
        onStep(.connected)
        guard let tls else { return channel }
        let protocols =
            switch version {
            case .http1: ["http/1.1"]
            case .http2: ["h2"]
            case .negotiated: ["h2", "http/1.1"]
            }
        do throws(LoopError) {
            try await channel.secure(
                by: tls.current(),
                host: endpoint.host,
                protocols: protocols,
                until: deadline
            )
        } catch {
            if let peer = channel.tlsPeer { onStep(.distrusted(peer)) }
            throw error
        }
        // RFC 9113 section 3.2: HTTP/2 over TLS is agreed on, never assumed.
        guard version != .http2 || channel.chosenProtocol == "h2" else {
            channel.close()
            throw LoopError(.tlsHandshake, "TLS: \(endpoint) does not speak HTTP/2")
        }
        onStep(.sealed)
        return channel
    }

    private func keep(_ channel: Channel) -> HTTP1ClientConnection {
        let connection = HTTP1ClientConnection(channel, limits: limits)
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
    private func share(_ channel: Channel) throws(HTTPError) -> HTTP2ClientConnection {
        let connection = try HTTP2ClientConnection(
            channel,
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
