/// What one side of TLS connections is configured with: PEM files, read when a context is made.
package struct TLSSettings: Hashable, Sendable {
    /// The own certificate, then those that lead to its authority.
    package var certificate: String?
    package var key: String?
    /// The authorities that a peer's certificate must come from. A client without it trusts the
    /// system's; a server without it asks clients for none, and with it turns away those that show
    /// none.
    package var authorities: String?
    /// For whom a server's certificate must be; by default for whom was connected to.
    package var serverName: String?
    /// Whether a client asks of a server who it is; else any certificate will do.
    package var verifies: Bool

    package init(
        certificate: String? = nil,
        key: String? = nil,
        authorities: String? = nil,
        serverName: String? = nil,
        verifies: Bool = true
    ) {
        self.certificate = certificate
        self.key = key
        self.authorities = authorities
        self.serverName = serverName
        self.verifies = verifies
    }

    /// All files that it is read from.
    package var files: [String] { [certificate, key, authorities].compactMap { $0 } }
}
