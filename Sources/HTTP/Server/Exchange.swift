package import Loop

/// One request and the answer to it, whichever protocol carries them.
@EventLoop
package final class Exchange {
    /// With the whole body, unless the handler streams it.
    package let request: HTTPRequest
    package let peer: SocketAddress?
    /// Pieces of the body of a streamed request; `true` with the last, which may be empty. The
    /// handler tells by `consumed` when it has dealt with them, which lets the peer send more.
    package var onBody: (([UInt8], Bool) -> Void)? {
        didSet { deliverHeld() }
    }
    /// The peer has gone or has reset the stream before the answer was complete.
    package var onClose: (() -> Void)?
    /// The backlog has shrunk to nothing.
    package var onDrained: (() -> Void)?

    private(set) var isStarted = false
    private(set) package var isFinished = false
    private(set) package var isClosed = false
    /// The HTTP/2 stream it travels on.
    weak var stream: HTTP2ServerStream?
    private weak var carrier: (any ExchangeCarrier)?
    private var held: [([UInt8], Bool)] = []

    init(_ request: HTTPRequest, peer: SocketAddress?, carrier: any ExchangeCarrier) {
        self.request = request
        self.peer = peer
        self.carrier = carrier
    }

    /// The names in the certificate that the peer showed and that was verified.
    package var peerNames: [String] { carrier?.channel.peerNames ?? [] }

    /// Who is at the other end of a Unix socket.
    package var peerUser: PeerUser? { carrier?.channel.peerUser }

    var isHead: Bool { request.method == "HEAD" }

    /// Bytes written that the peer has not taken yet.
    package var backlog: Int { carrier?.backlog(self) ?? 0 }

    /// Answers whole. A second answer is ignored.
    package func respond(_ response: HTTPResponse) {
        guard !isStarted, !isClosed else { return }
        isStarted = true
        isFinished = true
        carrier?.respond(self, response)
    }

    /// Begins an answer of unknown length. To a HEAD it is complete with that.
    package func start(_ status: Int, _ headers: HTTPHeaders) {
        guard !isStarted, !isClosed else { return }
        isStarted = true
        isFinished = isHead
        carrier?.start(self, status, headers)
    }

    package func write(_ bytes: [UInt8]) {
        guard isStarted, !isFinished, !isClosed, !bytes.isEmpty else { return }
        carrier?.write(self, bytes)
    }

    package func finish(trailers: HTTPHeaders = [:]) {
        guard isStarted, !isFinished, !isClosed else { return }
        isFinished = true
        carrier?.finish(self, trailers)
    }

    /// Breaks the answer off, so that the peer cannot take it for complete. The code is HTTP/2's.
    package func abort(_ code: UInt32 = 2) {
        guard !isClosed else { return }
        isFinished = true
        carrier?.abort(self, code)
    }

    /// `count` bytes of a streamed body have been dealt with.
    package func consumed(_ count: Int) { carrier?.consumed(self, count) }

    func receive(_ bytes: [UInt8], last: Bool) {
        if let onBody { onBody(bytes, last) } else { held.append((bytes, last)) }
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        let ended = onClose
        onClose = nil
        onBody = nil
        onDrained = nil
        ended?()
    }

    private func deliverHeld() {
        guard let onBody, !held.isEmpty else { return }
        let pieces = held
        held = []
        for (bytes, last) in pieces { onBody(bytes, last) }
    }
}

/// The connection that carries an exchange.
@EventLoop
protocol ExchangeCarrier: AnyObject {
    var channel: Channel { get }
    func respond(_ exchange: Exchange, _ response: HTTPResponse)
    func start(_ exchange: Exchange, _ status: Int, _ headers: HTTPHeaders)
    func write(_ exchange: Exchange, _ bytes: [UInt8])
    func finish(_ exchange: Exchange, _ trailers: HTTPHeaders)
    func abort(_ exchange: Exchange, _ code: UInt32)
    func consumed(_ exchange: Exchange, _ count: Int)
    func backlog(_ exchange: Exchange) -> Int
}
