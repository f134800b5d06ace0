import Glibc
package import Loop

/// A real MariaDB, with users for each way to prove a password; each password is `pencil`.
@EventLoop
package final class MariaDBServer {
    private let database: ServerProcess
    private let settings: [String]

    private init(_ database: ServerProcess, _ settings: [String]) {
        self.database = database
        self.settings = settings
    }

    private static let small = [
        "--innodb-buffer-pool-size=8M", "--innodb-log-file-size=4M", "--innodb-fast-shutdown=2",
        "--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync",
        "--innodb-doublewrite=OFF", "--aria-log-purge-type=immediate", "--skip-name-resolve",
    ]

    package static func start(
        _ settings: [String] = [],
        tls: TLSSettings? = nil
    ) async throws -> MariaDBServer {
        let database = try ServerProcess(user: "mysql")
        try await database.run(
            [
                "mariadb-install-db", "--no-defaults", "--datadir=\(database.folder)/data",
                "--auth-root-authentication-method=normal", "--skip-test-db",
            ] + small
        )
        var settings = settings
        if let tls {
            let files = try await database.copy(tls)
            settings += ["--ssl-cert=\(files.certificate)", "--ssl-key=\(files.key)"]
        }
        let server = MariaDBServer(database, settings)
        try await server.start()
        try await server.run(
            """
            CREATE USER open@'127.0.0.1';
            CREATE USER native@'127.0.0.1' IDENTIFIED BY 'pencil';
            CREATE USER watcher@'127.0.0.1' IDENTIFIED BY 'pencil';
            GRANT REPLICA MONITOR ON *.* TO watcher@'127.0.0.1';
            CREATE USER sealed@'127.0.0.1' IDENTIFIED BY 'pencil' REQUIRE SSL;
            CREATE USER follower@'127.0.0.1' IDENTIFIED BY 'pencil';
            GRANT REPLICATION SLAVE ON *.* TO follower@'127.0.0.1';
            CREATE USER single@'127.0.0.1' IDENTIFIED BY 'pencil' WITH MAX_USER_CONNECTIONS 1;
            """
        )
        return server
    }

    package var address: SocketAddress { database.address }
    package var log: ProcessLog { database.log }

    package func start(_ more: [String] = []) async throws {
        try await database.start(
            [
                "mariadbd", "--no-defaults", "--datadir=\(database.folder)/data",
                "--port=\(database.port)", "--bind-address=127.0.0.1",
                "--socket=\(database.folder)/socket", "--pid-file=\(database.folder)/pid",
                "--log-warnings=2", "--performance-schema=OFF",
            ] + Self.small + settings + more,
            says: "ready for connections"
        )
    }

    package func stop() async throws { try await database.stop(by: SIGTERM) }

    /// It goes on listening and answers nothing, until it is stopped.
    package func freeze() { database.freeze() }

    /// Shows this certificate from now on.
    package func show(_ tls: TLSSettings) async throws {
        _ = try await database.copy(tls)
        try await run("FLUSH SSL")
    }

    @discardableResult
    package func run(_ sql: String) async throws -> String {
        try await database.run([
            "mariadb", "--no-defaults", "-u", "root", "-S", "\(database.folder)/socket", "-NB",
            "-e", sql,
        ])
    }

    /// One of its counters.
    package func status(_ name: String) async throws -> Int? {
        let line = try await run("SHOW GLOBAL STATUS LIKE '\(name)'")
        return line.split { $0.isWhitespace }.last.flatMap { Int($0) }
    }

    /// What is wrong by its log, from this line on; all that was said before is in it.
    package func complaints(from line: Int) async throws -> [String] {
        let mark = "mark\(log.lines.count)"
        // Nothing else makes it write a line of our choice.
        _ = try? await database.run([
            "mariadb", "--no-defaults", "-u", mark, "-S", "\(database.folder)/socket", "-e", "",
        ])
        try await log.says("'\(mark)'")
        return database.complaints(from: line, ["[Warning]", "[ERROR]"])
            .filter { !$0.contains("'\(mark)'") }
    }
}
