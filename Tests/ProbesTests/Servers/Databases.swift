import Loop
import Probes
import TestSupport

/// The real servers that the tests share: each takes seconds to start.
@EventLoop
enum Databases {
    private static let papers = EventLoop.task { try await Papers() }

    private static let postgres = EventLoop.task {
        try await PostgresServer.primary(
            ["max_connections=12", "superuser_reserved_connections=3"],
            tls: try await papers.value.good
        )
    }

    private static let mariaDB = EventLoop.task {
        try await MariaDBServer.start(
            ["--max-connections=12"],
            tls: try await papers.value.good
        )
    }

    static func shared() async throws -> (server: PostgresServer, papers: Papers) {
        (try await postgres.value, try await papers.value)
    }

    static func sharedMariaDB() async throws -> (server: MariaDBServer, papers: Papers) {
        (try await mariaDB.value, try await papers.value)
    }

    /// Without servers.
    static func sharedPapers() async throws -> Papers { try await papers.value }

    static func password(_ word: String) async throws -> SecretPlace {
        .file(try await papers.value.certificates.path(word))
    }
}

/// What servers show and probes trust, and the passwords.
@EventLoop
final class Papers {
    let certificates: Certificates
    let good: TLSSettings
    let late: TLSSettings
    let trust: TLSSettings

    init() async throws {
        certificates = try await Certificates()
        certificates.folder.removeAtExit()
        good = try await certificates.make("database")
        late = try await certificates.make("late", days: -1)
        trust = TLSSettings(authorities: certificates.authorities)
        for word in ["pencil", "stylus"] {
            try await Files.writeDurably(Array("\(word)\n".utf8), to: certificates.path(word))
        }
    }
}
