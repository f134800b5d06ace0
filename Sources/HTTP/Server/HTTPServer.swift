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
    private var table = ConnectionTable()
    private var sweep: Timer?
    private var emptied: [Waiter<Void>] = []
    /// Ends of connections since freed memory was last handed back, and those of this second.
    private var ends = (all: 0, now: 0)
    private var refusals: [Int: PreparedAnswer] = [:]
    /// The bound address, with the real port.
    package let address: SocketAddress
    /// Requests answered since the start.
    package internal(set) var answered = 0
    /// How often each bound was met.
    package internal(set) var met = HTTPBoundCounts()
    /// One call for each connection that its peer has made end: by bytes that are no HTTP, a failed
    /// handshake, or a flood. In words for the log.
    package var onOffence: ((SocketAddress?, String) -> Void)?
    /// Called when there is no descriptor for a new connection. True: one has become free.
    package var onStarved: (() -> Bool)?

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
        listener.onStarved = { box.server?.starved() ?? false }
        scheduleSweep()
    }

    isolated deinit {}

    package var connectionCount: Int { table.count }

    /// What new connections are sealed with; nil: nothing. Whether a port speaks TLS is settled when it
    /// opens: this renews the certificates.
    package var tls: TLSContext? {
        get { listener?.tls }
        set { if let newValue, listener?.tls != nil { listener?.tls = newValue } }
    }

    /// Accepts nothing more, lets what is under way finish, and cuts the rest at the deadline.
    package func close(within limit: Duration) async {
        listener?.close()
        for connection in table.connections { connection.close() }
        if !table.isEmpty {
            let waiter = Waiter<Void>()
            emptied.append(waiter)
            try? await waiter.wait(until: .now + limit, "close connections")
        }
        for connection in table.connections { connection.abort() }
        sweep = nil
    }

    // MARK: Connections

    func accepted(_ channel: Channel) {
        let network = channel.peer?.network
        guard
            hasRoom(
                .connectionsPerPeer,
                table.count(of: network),
                limits.maxConnectionsPerPeer,
                network
            ),
            hasRoom(.connections, table.count, limits.maxConnections, nil)
        else { return channel.reset() }
        let connection = UndecidedConnection(channel, self)
        table.add(connection, from: network)
    }

    /// Whether one more may come in, if need be in place of one that says nothing.
    private func hasRoom(
        _ bound: HTTPBound,
        _ count: Int,
        _ most: Int,
        _ network: SocketAddress.Network?
    ) -> Bool {
        guard count >= most else { return true }
        met[bound] += 1
        guard let silent = table.longestSilent(of: network) else { return false }
        silent.abort()
        return true
    }

    private func starved() -> Bool {
        met[.descriptors] += 1
        return onStarved?() ?? shed()
    }

    /// Cuts a connection that has not said a word, to have its descriptor. False: there is none.
    package func shed() -> Bool {
        guard let silent = table.longestSilent(of: nil) else { return false }
        silent.abort()
        return true
    }

    func replace(_ old: any ServerConnection, by new: any ServerConnection) {
        table.replace(old, by: new)
    }

    func closed(_ connection: any ServerConnection) {
        guard table.remove(connection) else { return }
        ends.now += 1
        guard table.isEmpty else { return }
        for waiter in emptied { waiter.fulfil(.success(())) }
        emptied = []
    }

    /// Ends, once a second, what takes longer than it may.
    private func scheduleSweep() {
        // Unowned, since it is ours to drop; a weak reference would slow each retain of this server.
        sweep = Timer(after: .seconds(1)) { [unowned self] in
            tick += 1
            for connection in table.connections { check(connection) }
            handBackMemory()
            scheduleSweep()
        }
    }

    /// An HTTP/2 connection holds some 16 KB: what a storm of them took is given back once it is over.
    private func handBackMemory() {
        let isQuiet = ends.now == 0
        ends = (ends.all + ends.now, 0)
        guard isQuiet, ends.all >= 32 else { return }
        ends.all = 0
        ProcessMemory.release()
    }

    private func check(_ connection: any ServerConnection) {
        guard let bound = connection.overdue() else { return }
        met[bound] += 1
        if bound == .idle { connection.close() } else { connection.abort() }
    }

    /// Whether more than `limit` has gone by since that second.
    func isPast(_ limit: Duration, since: Int) -> Bool {
        tick - since > limit.components.seconds
    }

    /// The answer to a request that breaks the rules or a limit.
    func refusal(_ status: Int, _ bound: HTTPBound) -> PreparedAnswer {
        met[bound] += 1
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
    /// Which of its times the peer has exceeded by now; asked once a second.
    func overdue() -> HTTPBound?
    /// Ends politely: what is under way is finished.
    func close()
    func abort()
}

/// Lets the listener's callback find the server that is still being made.
@EventLoop
private final class Accepting {
    /// The server owns the listener that owns this.
    unowned(unsafe) var server: HTTPServer?
}
