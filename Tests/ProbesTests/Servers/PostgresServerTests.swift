import Health
import Loop
import TestSupport
import Testing

@testable import Probes

@EventLoop
@Suite(.serialized, .timeLimit(.minutes(2))) struct `A real PostgreSQL` {
    private let server: PostgresServer
    private let papers: Papers

    init() async throws {
        (server, papers) = try await Databases.shared()
    }

    private func asking(_ user: String?, _ password: String? = "pencil") -> Asking {
        Asking(
            service: .postgres,
            address: server.address,
            user: user,
            password: password,
            database: user == nil ? nil : "postgres"
        )
    }

    @Test func `is up at each depth, over TLS and without`() async throws {
        var asking = asking("salted")
        for tls in [nil, papers.trust] {
            asking.tls = tls
            let sealed: [Outcome.Phase.Name] = tls == nil ? [] : [.tls]
            var expected: [Outcome.Phase.Name] = [.connect] + sealed + [.handshake]
            for depth in Depth.allCases {
                let outcome = try await asking(depth)
                #expect(outcome.result == .up, "\(depth): \(outcome)")
                switch depth {
                case .handshake: break
                case .auth: expected.append(.auth)
                case .query: expected.append(.query)
                case .role: expected[expected.count - 1] = .role
                }
                #expect(outcome.phases.map(\.name) == expected)
            }
        }
        #expect(try await asking(.role).detail.hasPrefix("PostgreSQL 15."))
        #expect(try await asking(.role).detail.hasSuffix(", primary"))
    }

    @Test(arguments: ["trusted", "clear", "hashed", "salted"])
    func `is shown a password in each way that it wants`(user: String) async throws {
        for tls in [nil, papers.trust] {
            for (word, reason) in [("pencil", nil), ("stylus", Reason.auth)] {
                var asking = asking(user, word)
                asking.tls = tls
                let outcome = try await asking(.query)
                if user == "trusted" || reason == nil {
                    #expect(outcome.result == .up, "\(outcome)")
                } else {
                    #expect(outcome.failure?.reason == reason)
                    #expect(outcome.failure?.text.contains("28P01") == true, "\(outcome)")
                }
                #expect(!"\(outcome)".contains(word))
            }
        }
    }

    @Test func `says who and what it does not know`() async throws {
        #expect(try await asking("salted", nil)(.auth).failure?.reason == .auth)
        var nobody = asking("nobody")
        nobody.tls = papers.trust
        #expect(try await nobody(.auth).failure?.reason == .auth)
        var elsewhere = asking("salted")
        elsewhere.database = "elsewhere"
        let failure = try await elsewhere(.auth).failure
        #expect(failure?.reason == .auth)
        #expect(failure?.text.contains("3D000") == true)
    }

    @Test func `may want TLS, and shows by it who it is`() async throws {
        var sealed = asking("sealed")
        #expect(try await sealed(.query).failure?.reason == .tlsHandshake)
        sealed.tls = papers.trust
        #expect(try await sealed(.query).result == .up)
        sealed.tls = TLSSettings(authorities: papers.certificates.path("other.pem"))
        #expect(try await sealed(.query).failure?.reason == .tlsVerify)
        try await server.show(try await papers.certificates.make("late", days: -1))
        sealed.tls = papers.trust
        let failure = try await sealed(.query).failure
        #expect(failure?.reason == .tlsVerify)
        #expect(failure?.text.contains("expired") == true)
        try await server.show(papers.good)
        #expect(try await sealed(.query).result == .up)
    }

    @Test func `has the role that is expected, or not`() async throws {
        var asking = asking("salted")
        asking.role = .primary
        #expect(try await asking(.role).result == .up)
        asking.role = .replica
        #expect(try await asking(.role).failure?.reason == .role)
        try await server.run("ALTER ROLE salted SET default_transaction_read_only = on")
        asking.role = .primary
        #expect(
            try await asking(.role).failure?.text == "it is a primary, read-only, expected: primary"
        )
        try await server.run("ALTER ROLE salted RESET default_transaction_read_only")
    }

    @Test func `has nothing to complain of, and keeps no connection`() async throws {
        let askings = [
            asking(nil, nil), asking("salted"), asking("clear"), asking("hashed"),
            asking("trusted", nil),
        ]
        let line = server.log.lines.count
        let before = try await server.clients()
        for depth in Depth.allCases {
            for round in 0..<20 {
                var asking = askings[round % askings.count]
                if depth > .handshake, asking.user == nil { asking = askings[1] }
                if round % 2 == 1 { asking.tls = papers.trust }
                let outcome = try await asking(depth)
                #expect(outcome.result == .up, "\(depth): \(outcome)")
            }
        }
        #expect(try await server.complaints(from: line) == [])
        while try await server.clients() != before {}
    }
}

@EventLoop
@Suite(.serialized, .timeLimit(.minutes(2))) struct `A standby of PostgreSQL` {
    @Test func `is a replica, and tells how far behind`() async throws {
        let (server, papers) = try await Databases.shared()
        let standby = try await server.standby()
        try await standby.start(["max_connections=12"])
        try await standby.log.says("started streaming WAL")
        var asking = Asking(
            service: .postgres,
            address: standby.address,
            user: "salted",
            database: "postgres",
            role: .replica,
            maxLag: .seconds(60)
        )
        let outcome = try await asking(.role)
        #expect(outcome.result == .up, "\(outcome)")
        #expect(outcome.detail.contains(", replica, 0 s behind"))
        asking.role = .primary
        #expect(try await asking(.role).failure?.reason == .role)
        asking.tls = papers.trust
        #expect(try await asking(.role).failure?.text == "the server offers no TLS")
    }
}
