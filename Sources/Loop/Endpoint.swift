/// Where to connect: a name with a port that is still to be resolved, or a numeric address.
package struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    package let host: String
    package let port: Int?
    /// Set when nothing needs resolving.
    package let address: SocketAddress?

    /// Reads `host:port`, `[::1]:80` or `unix:/path`.
    package init?(_ text: String) {
        if let address = SocketAddress(text) {
            self.init(address)
            return
        }
        guard let (host, port) = splitHostPort(text),
            host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "/") })
        else { return nil }
        self.init(host: host, port: Int(port), address: nil)
    }

    private init(host: String, port: Int?, address: SocketAddress?) {
        self.host = host
        self.port = port
        self.address = address
    }

    /// Of what is looked at without connecting to anything.
    package static let thisMachine = Endpoint(host: "", port: nil, address: nil)

    package init(_ address: SocketAddress) {
        self.init(
            host: address.ip ?? address.unixPath ?? "",
            port: address.port,
            address: address
        )
    }

    package var description: String {
        address?.description ?? "\(host):\(port ?? 0)"
    }
}
