import Loop
import TestSupport

@testable import Probes

/// A real PostgreSQL and its standby.
@EventLoop
final class PostgresStage: Stage {
    private let papers: Papers
    private let server: PostgresServer
    private let standby: PostgresServer
    private let started: Int
    private var held: [ByteStream] = []

    init() async throws {
        papers = try await Databases.sharedPapers()
        server = try await PostgresServer.primary(["max_connections=12"], tls: papers.good)
        standby = try await server.standby()
        try await standby.start(["max_connections=12"])
        try await standby.log.says("started streaming WAL")
        started = server.log.lines.count
    }

    var addresses: [SocketAddress] { [server.address, standby.address] }

    func complaints() async throws -> [String] { try await server.complaints(from: started) }

    func enter(_ condition: Condition) async throws -> (Depth) async throws -> ProbeTarget {
        var asking = Asking(
            service: .postgres,
            address: server.address,
            user: "salted",
            database: "postgres",
            role: .primary,
            tls: papers.trusted(condition)
        )
        switch condition {
        case .wrongPassword: asking.password = "stylus"
        case .starting:
            try await standby.stop()
            try await standby.start(
                ["max_connections=12", "hot_standby=off"],
                says: "entering standby mode"
            )
            // Until its postmaster knows, it speaks of starting in general.
            try await standby.log.says("started streaming WAL", times: 2)
            asking.address = standby.address
        case .full:
            // Connections that are asked for a password hold a place like any other.
            let hello = PostgresMessage.startup(user: "salted", database: "postgres")
            held = try await fill(server.address, sending: hello) { $0.first != 0x52 }
        case .readOnly:
            try await server.run("ALTER ROLE salted SET default_transaction_read_only = on")
        case .replica: asking.address = standby.address
        case .clear: asking.user = "sealed"
        case .expired: try await server.show(papers.late)
        case .silent: server.freeze()
        case .stopped: try await server.stop()
        default: break
        }
        return asking.target
    }

    func leave(_ condition: Condition) async throws {
        switch condition {
        case .starting:
            try await standby.stop()
            try await standby.start(["max_connections=12"])
        case .full:
            for stream in held { stream.close() }
            while try await server.clients() != 0 {}
        case .readOnly:
            try await server.run("ALTER ROLE salted RESET default_transaction_read_only")
        case .expired: try await server.show(papers.good)
        default: break
        }
    }
}
