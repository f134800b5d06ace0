import Health
import Loop
import Probes
import TestSupport
import Testing

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

    /// What is asked, and how.
    @EventLoop
    func target(_ depth: Depth) async throws -> ProbeTarget {
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
            sealing: tls == nil ? .none : service.sealing ?? .direct
        )
        return ProbeTarget(.server(server), Endpoint(address), tls: tls)
    }

    @EventLoop
    func callAsFunction(
        _ depth: Depth,
        until deadline: Instant = soon()
    ) async throws -> Outcome {
        let probe = AnyProbe.make(try await target(depth))
        defer { probe.close() }
        return await probe.run(until: deadline)
    }
}

/// Asks a server once.
@EventLoop
func ask(
    _ server: ServerTarget,
    _ address: SocketAddress,
    through: ProbeTarget.Through = .none,
    tls: TLSSettings? = nil,
    until deadline: Instant = soon()
) async -> Outcome {
    let target = ProbeTarget(.server(server), Endpoint(address), through: through, tls: tls)
    let probe = AnyProbe.make(target)
    defer { probe.close() }
    return await probe.run(until: deadline)
}

/// Waits until what is asked for again and again is so.
@EventLoop
func eventually(_ isSo: @EventLoop () async throws -> Bool) async throws -> Bool {
    let deadline = soon()
    while deadline > .now {
        if try await isSo() { return true }
        try await EventLoop.sleep(for: .milliseconds(20))
    }
    return false
}

/// A secret in a file, as a probe reads it.
@EventLoop
final class SecretFile {
    let place: SecretPlace
    private let folder: TemporaryFolder

    init(_ secret: String) async throws {
        folder = try TemporaryFolder()
        let path = "\(folder.path)/secret"
        try await Files.writeDurably(Array("\(secret)\n".utf8), to: path)
        place = .file(path)
    }
}
