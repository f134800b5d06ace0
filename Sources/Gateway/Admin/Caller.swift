package import HTTP
package import Loop

/// What a call to the admin port shows of who makes it.
package struct Caller: Sendable {
    /// What came as a bearer token, right or wrong.
    package var token: [UInt8]?
    /// The names in a verified certificate.
    package var certificates: [String]
    /// The process behind a Unix socket.
    package var user: PeerUser?
    package var peer: SocketAddress?

    package init(
        token: [UInt8]? = nil,
        certificates: [String] = [],
        user: PeerUser? = nil,
        peer: SocketAddress? = nil
    ) {
        self.token = token
        self.certificates = certificates
        self.user = user
        self.peer = peer
    }

    @EventLoop
    package init(_ exchange: Exchange) {
        self.init(
            token: Caller.bearer(exchange.request.headers["authorization"]),
            certificates: exchange.peerNames,
            user: exchange.peerUser,
            peer: exchange.peer
        )
    }

    /// The token of `Bearer TOKEN` (RFC 6750 section 2.1).
    package static func bearer(_ value: String?) -> [UInt8]? {
        let scheme = Array("bearer ".utf8)
        guard let value, lowercased(String(value.prefix(scheme.count))) == scheme else {
            return nil
        }
        return Array(value.utf8.dropFirst(scheme.count))
    }

    /// In words, without a secret; nil: nothing.
    var shown: String? { known ?? (token == nil ? nil : "a token that is not for this") }

    /// Who is known without a token.
    var known: String? {
        if let user { return Caller.words(user, name: user.uid == 0 ? "root" : nil) }
        guard !certificates.isEmpty else { return nil }
        // A certificate may hold names without end.
        let names = certificates.prefix(3).map { String($0.prefix(64)) }
        return "certificate \(names.joined(separator: ", "))"
    }

    /// From where, for the log.
    var from: String {
        guard let peer else { return "?" }
        return peer.unixPath == nil ? peer.description : "unix"
    }

    static func words(_ user: PeerUser, name: String?) -> String {
        let name = name.map { " (\($0))" } ?? ""
        return "unix uid \(user.uid)\(name) pid \(user.pid)"
    }
}
