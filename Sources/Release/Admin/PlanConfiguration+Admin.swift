package import Loop

extension PlanConfiguration {
    /// An admin interface, of a Front or a gateway, and the way to it.
    package struct Admin: Hashable, Sendable {
        /// As seen from where `via` leads, or from here.
        package var endpoint: Endpoint
        /// With what it is asked over TLS; nil: in the clear.
        package var tls: TLSSettings?
        /// The machine that a tunnel leads to; nil: it is reached from here.
        package var via: SSHDestination?
        /// Sent as a bearer token.
        package var token: TokenSource?

        package init(
            _ endpoint: Endpoint,
            tls: TLSSettings? = nil,
            via: SSHDestination? = nil,
            token: TokenSource? = nil
        ) {
            self.endpoint = endpoint
            self.tls = tls
            self.via = via
            self.token = token
        }

        /// Which interface it is, however it is asked.
        package var place: String { endpoint.description + (via.map { " via \($0)" } ?? "") }

        /// Whether a token on its way there could be read by others.
        package var tellsItsToken: Bool {
            guard token != nil, tls == nil, endpoint.host != via?.host else { return false }
            return !(endpoint.address?.isLoopback ?? (endpoint.host == "localhost"))
        }
    }

    /// Where a token comes from. It is looked up when it is needed, never written down.
    package enum TokenSource: Hashable, Sendable {
        case file(String)
        case environment(String)
    }
}
