import Loop
import Probes
import TestSupport

/// The real servers that the tests share: each takes seconds to start.
@EventLoop
enum Databases {
    /// For servers to show, and for probes to trust.
    struct Papers {
        let certificates: Certificates
        let good: TLSSettings
        let trust: TLSSettings
    }

    private static let papers = Task {
        let certificates = try await Certificates()
        let good = try await certificates.make("database")
        return Papers(
            certificates: certificates,
            good: good,
            trust: TLSSettings(authorities: certificates.authorities)
        )
    }

    private static let postgres = Task {
        try await PostgresServer.primary(
            ["max_connections=12", "superuser_reserved_connections=3"],
            tls: try await papers.value.good
        )
    }

    private static let mariaDB = Task {
        try await MariaDBServer.start(
            ["--max-connections=12", "--max-connect-errors=10"],
            tls: try await papers.value.good
        )
    }

    private static let passwords = Task {
        let folder = try TemporaryFolder()
        for word in ["pencil", "stylus"] {
            try await Files.writeDurably(Array("\(word)\n".utf8), to: "\(folder.path)/\(word)")
        }
        return folder
    }

    static func shared() async throws -> (server: PostgresServer, papers: Papers) {
        _ = try await passwords.value
        return (try await postgres.value, try await papers.value)
    }

    static func sharedMariaDB() async throws -> (server: MariaDBServer, papers: Papers) {
        _ = try await passwords.value
        return (try await mariaDB.value, try await papers.value)
    }

    static func password(_ word: String) async throws -> SecretPlace {
        .file("\(try await passwords.value.path)/\(word)")
    }
}

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
