/// Turns a name into addresses, without ever blocking the loop.
@EventLoop
package enum Resolver {
    private static let system = NameService()

    /// The addresses of `endpoint` in the order to try them; at least one.
    ///
    /// A numeric endpoint is its own answer. A name is looked up in the hosts file, then asked of
    /// the configured name servers.
    package static func addresses(
        of endpoint: Endpoint,
        until deadline: Instant
    ) async throws(LoopError) -> [SocketAddress] {
        try await addresses(of: endpoint, from: system, until: deadline)
    }

    /// The same, asked of another name service than the machine's.
    package static func addresses(
        of endpoint: Endpoint,
        from service: NameService,
        until deadline: Instant
    ) async throws(LoopError) -> [SocketAddress] {
        if let address = endpoint.address { return [address] }
        guard let port = UInt16(exactly: endpoint.port ?? 0) else {
            throw LoopError(.dns, "\(endpoint): no such port")
        }
        let found = try await service.lookUp(endpoint.host, until: deadline)
        guard !found.isEmpty else { throw LoopError(.dns, "\(endpoint.host): no address") }
        return found.map { $0.with(port: port) }
    }
}
