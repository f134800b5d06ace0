package import Loop

/// One port that speaks HTTP/1.1 and HTTP/2 by prior knowledge, told apart by the first bytes.
@EventLoop
package final class HTTPServer {
    let handler: any HTTPHandler
    package let limits: HTTPLimits
    /// Counts seconds, so that connections can note cheaply when they were last active.
    private(set) var tick = 0
    /// One head serves all HTTP/1 connections, so that a poll costs no allocation.
    var head = RequestHead()
    private var listener: Listener?
    private var connections: [ObjectIdentifier: any ServerConnection] = [:]
    private var sweep: Timer?
    /// Since freed memory was last handed back.
    private var closedConnections = 0
    private var emptied: [Waiter<Void>] = []
    private var refusals: [Int: PreparedAnswer] = [:]
    /// The bound address, with the real port.
    package let address: SocketAddress
    /// Requests answered since the start.
    package internal(set) var answered = 0
    /// Connections turned away because of `maxConnections`.
    package private(set) var turnedAway = 0
    /// Requests that broke the protocol or a limit, by the status they were answered with.
    package internal(set) var refused: [Int: Int] = [:]
    /// One call for each connection that a malformed request has ended, in words for the log.
    package var onMalformed: ((SocketAddress?, String) -> Void)?

    package init(
        _ address: SocketAddress,
        tls: TLSContext? = nil,
        handler: any HTTPHandler,
        limits: HTTPLimits = HTTPLimits()
    ) throws(LoopError) {
        self.handler = handler
        self.limits = limits
        let box = Accepting()
        let listener = try Listener(address, tls: tls) { box.server?.accepted($0) }
        self.listener = listener
        self.address = listener.address
        box.server = self
        scheduleSweep()
    }

    isolated deinit {}

    package var connectionCount: Int { connections.count }

    /// What new connections are sealed with; nil: nothing. Whether a port speaks TLS is settled when it
    /// opens: this renews the certificates.
    package var tls: TLSContext? {
        get { listener?.tls }
        set { if let newValue, listener?.tls != nil { listener?.tls = newValue } }
    }

    /// Accepts nothing more, lets what is under way finish, and cuts the rest at the deadline.
    package func close(within limit: Duration) async {
        listener?.close()
        for connection in connections.values { connection.close() }
        if !connections.isEmpty {
            let waiter = Waiter<Void>()
            emptied.append(waiter)
            try? await waiter.wait(until: .now + limit, "close connections")
        }
        for connection in connections.values { connection.abort() }
        sweep = nil
    }

    private func accepted(_ channel: Channel) {
        guard connections.count < limits.maxConnections else {
            turnedAway += 1
            return channel.reset()
        }
        add(UndecidedConnection(channel, self))
    }

    func add(_ connection: any ServerConnection) {
        connections[ObjectIdentifier(connection)] = connection
    }

    func closed(_ connection: any ServerConnection) {
        connections[ObjectIdentifier(connection)] = nil
        closedConnections += 1
        guard connections.isEmpty else { return }
        for waiter in emptied { waiter.fulfil(.success(())) }
        emptied = []
    }

    /// Closes connections on which nothing has been under way for long.
    private func scheduleSweep() {
        // Unowned, since it is ours to drop; a weak reference would slow each retain of this server.
        sweep = Timer(after: .seconds(1)) { [unowned self] in
            tick += 1
            for connection in connections.values { check(connection) }
            releaseMemory()
            scheduleSweep()
        }
    }

    /// An HTTP/2 connection holds some 16 KB: a storm of them must not stay in memory.
    private func releaseMemory() {
        guard closedConnections >= 32 else { return }
        closedConnections = 0
        ProcessMemory.release()
    }

    private func check(_ connection: any ServerConnection) {
        let quiet = tick - connection.activeTick
        if connection.isIdle {
            let idle = limits.idleTimeout.components.seconds
            // One that does not take what is left for it is cut.
            if quiet > idle + 10 { connection.abort() } else if quiet > idle { connection.close() }
        } else if let limit = connection.receiveTimeout, quiet > limit.components.seconds {
            connection.abort()
        }
    }

    /// The answer to a request that breaks the rules or a limit.
    func refusal(_ status: Int) -> PreparedAnswer {
        refused[status, default: 0] += 1
        if let answer = refusals[status] { return answer }
        let words = refusalWords[status] ?? "bad request"
        let answer = PreparedAnswer(
            HTTPResponse(
                status,
                headers: [
                    "content-type": "text/plain; charset=utf-8", "cache-control": "no-store",
                ],
                body: Array("\(words)\n".utf8)
            )
        )
        refusals[status] = answer
        return answer
    }
}

private let refusalWords = [
    400: "malformed request", 413: "request body too large", 414: "request target too long",
    431: "request header fields too large", 501: "not supported", 505: "HTTP version not supported",
]

/// A connection as its server sees it.
@EventLoop
protocol ServerConnection: AnyObject {
    var activeTick: Int { get }
    /// Nothing is under way.
    var isIdle: Bool { get }
    /// How long it may stay without a byte now; nil while we owe the peer an answer.
    var receiveTimeout: Duration? { get }
    /// Ends politely: what is under way is finished.
    func close()
    func abort()
}

extension ServerConnection {
    var receiveTimeout: Duration? { nil }
}

/// Lets the listener's callback find the server that is still being made.
@EventLoop
private final class Accepting {
    /// The server owns the listener that owns this.
    unowned(unsafe) var server: HTTPServer?
}
