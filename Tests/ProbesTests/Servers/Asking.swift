import Health
import Loop
import Probes

/// A question to a server, and how it ends.
struct Asking {
    var service: ServerTarget.Service
    var address: SocketAddress
    var user: String?
    var password: String? = "pencil"
    var database: String?
    var role: ServerTarget.Role?
    var maxLag: Duration?
    var tls: TLSSettings?

    @EventLoop
    func callAsFunction(
        _ depth: Depth,
        until deadline: Instant = soon()
    ) async throws -> Outcome {
        var secret: SecretPlace?
        if let password { secret = try await Databases.password(password) }
        let server = ServerTarget(
            service,
            depth: depth,
            user: user,
            password: secret,
            database: database,
            role: role,
            maxLag: maxLag,
            sealing: tls == nil ? .none : .asked
        )
        let probe = AnyProbe.make(ProbeTarget(.server(server), Endpoint(address), tls: tls))
        defer { probe.close() }
        return await probe.run(until: deadline)
    }
}
