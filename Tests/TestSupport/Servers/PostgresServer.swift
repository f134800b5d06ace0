import Glibc
package import Loop

/// A real PostgreSQL, with users for each way to prove a password; each password is `pencil`.
@EventLoop
package final class PostgresServer {
    private let database: ServerProcess
    private let settings: [String]

    private static let programs = "/usr/lib/postgresql/15/bin"

    /// By the names of its users.
    private static let access = """
        local all all trust
        host all,replication postgres 127.0.0.1/32 trust
        host all trusted 127.0.0.1/32 trust
        host all clear 127.0.0.1/32 password
        host all hashed 127.0.0.1/32 md5
        host all salted,healthgate 127.0.0.1/32 scram-sha-256
        hostssl all sealed 127.0.0.1/32 scram-sha-256

        """

    private init(_ database: ServerProcess, _ settings: [String]) {
        self.database = database
        self.settings = settings
    }

    /// A primary that takes writes and connections, over TLS too where it is told with what.
    package static func primary(
        _ settings: [String] = [],
        tls: TLSSettings? = nil
    ) async throws -> PostgresServer {
        let database = try ServerProcess(user: "postgres", lastSignal: SIGQUIT)
        try await database.run([
            "\(programs)/initdb", "-D", "\(database.folder)/data", "-U", "postgres", "-A", "trust",
            "-N", "-E", "UTF8", "--locale=C",
        ])
        _ = try await database.write(Array(access.utf8), to: "access")
        var settings = settings
        if let tls {
            let files = try await database.copy(tls)
            settings += [
                "ssl=on", "ssl_cert_file=\(files.certificate)", "ssl_key_file=\(files.key)",
            ]
        }
        let server = PostgresServer(database, settings)
        try await server.start()
        let users = ["clear", "salted", "sealed"].map {
            "CREATE ROLE \($0) LOGIN PASSWORD 'pencil';"
        }
        try await server.run(
            users.joined() + "CREATE ROLE trusted LOGIN; SET password_encryption = 'md5';"
                + "CREATE ROLE hashed LOGIN PASSWORD 'pencil'"
        )
        return server
    }

    /// A server that follows this one.
    package func standby() async throws -> PostgresServer {
        let database = try ServerProcess(user: "postgres", lastSignal: SIGQUIT)
        try await database.run([
            "\(Self.programs)/pg_basebackup", "-D", "\(database.folder)/data", "-R", "-N",
            "-c", "fast", "-X", "stream", "-d",
            "host=127.0.0.1 port=\(port) user=postgres sslmode=disable",
        ])
        _ = try await database.write(Array(Self.access.utf8), to: "access")
        return PostgresServer(database, [])
    }

    package var address: SocketAddress { database.address }
    package var log: ProcessLog { database.log }
    private var port: Int { database.port }

    package func start(
        _ more: [String] = [],
        says words: String = "ready to accept"
    ) async throws {
        let fixed = [
            "listen_addresses=127.0.0.1", "port=\(port)",
            "unix_socket_directories=\(database.folder)", "hba_file=\(database.folder)/access",
            "fsync=off", "shared_buffers=8MB", "log_line_prefix=", "autovacuum=off",
        ]
        let settings = (fixed + settings + more).flatMap { ["-c", $0] }
        try await database.start(
            ["\(Self.programs)/postgres", "-D", "\(database.folder)/data"] + settings,
            says: words
        )
    }

    package func stop() async throws { try await database.stop(by: SIGINT) }

    /// It goes on listening and answers nothing, until it is stopped.
    package func freeze() { database.freeze() }

    /// Shows this certificate from now on.
    package func show(_ tls: TLSSettings) async throws {
        _ = try await database.copy(tls)
        let count = log.lines.count { $0.contains("reloading configuration") }
        try await run("SELECT pg_reload_conf()")
        try await log.says("reloading configuration", times: count + 1)
    }

    @discardableResult
    package func run(_ sql: String) async throws -> String {
        try await database.run([
            "\(Self.programs)/psql", "-X", "-At", "-h", database.folder, "-p", "\(port)",
            "-U", "postgres", "-c", sql,
        ])
    }

    /// Connections of clients other than the one that asks.
    package func clients() async throws -> Int? {
        let count = try await run(
            "SELECT count(*) - 1 FROM pg_stat_activity WHERE backend_type = 'client backend'"
        )
        return Int(count.prefix { $0.isNumber })
    }

    /// What is wrong by its log, from this line on; all that was said before is in it.
    package func complaints(from line: Int) async throws -> [String] {
        let mark = "mark \(log.lines.count)"
        try await run("DO $$ BEGIN RAISE LOG '\(mark)'; END $$")
        try await log.says(mark)
        let wrong = ["WARNING:", "ERROR:", "FATAL:", "PANIC:", "could not", "incomplete", "EOF"]
        return database.complaints(from: line, wrong)
    }
}
