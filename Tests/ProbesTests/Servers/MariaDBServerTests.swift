import Health
import Loop
import Probes
import TestSupport
import Testing

@EventLoop
@Suite(.serialized, .timeLimit(.minutes(2))) struct `A real MariaDB` {
    private let server: MariaDBServer
    private let papers: Papers

    init() async throws {
        (server, papers) = try await Databases.sharedMariaDB()
    }

    private func asking(_ user: String?, _ password: String? = "pencil") -> Asking {
        Asking(service: .mysql, address: server.address, user: user, password: password)
    }

    @Test func `is up at each depth, over TLS and without`() async throws {
        var asking = asking("watcher")
        asking.database = "information_schema"
        for tls in [nil, papers.trust] {
            asking.tls = tls
            for depth in Depth.allCases {
                let outcome = try await asking(depth)
                #expect(outcome.result == .up, "\(depth): \(outcome)")
                var expected: [Outcome.Phase.Name] = [.connect, .handshake]
                if tls != nil { expected.append(.tls) }
                expected.append(.auth)
                if depth == .query { expected.append(.query) }
                if depth == .role { expected.append(.role) }
                #expect(outcome.phases.map(\.name) == expected)
            }
        }
        let outcome = try await asking(.role)
        #expect(outcome.detail.hasPrefix("MariaDB 10.11."))
        #expect(outcome.detail.hasSuffix(", primary"))
        let blind = try await self.asking("native")(.role)
        #expect(blind.detail.hasSuffix(", server that takes writes"), "\(blind)")
    }

    @Test func `is alive where it lets nobody in`() async throws {
        let outcome = try await asking(nil, nil)(.handshake)
        #expect(outcome.result == .up)
        #expect(outcome.detail.hasSuffix(", which does not let this user in"))
    }

    @Test func `says who and what it does not know`() async throws {
        let wrong = try await asking("native", "stylus")(.auth)
        #expect(wrong.failure?.reason == .auth)
        #expect(wrong.failure?.text.contains("error 1045, SQLSTATE 28000") == true)
        #expect(!"\(wrong)".contains("stylus"))
        #expect(try await asking("nobody")(.query).failure?.reason == .auth)
        var elsewhere = asking("native")
        elsewhere.database = "elsewhere"
        let failure = try await elsewhere(.auth).failure
        #expect(failure?.reason == .auth)
        #expect(failure?.text.contains("error 1044") == true)
    }

    @Test func `may want TLS, and shows by it who it is`() async throws {
        var sealed = asking("sealed")
        #expect(try await sealed(.query).failure?.reason == .auth)
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

        try await server.run("SET GLOBAL require_secure_transport = ON")
        #expect(try await asking("native")(.handshake).result == .up)
        let refused = try await asking("native")(.query).failure
        #expect(refused?.reason == .auth)
        #expect(refused?.text.contains("may also want TLS") == true, "\(refused?.text ?? "")")
        try await server.run("SET GLOBAL require_secure_transport = OFF")
    }

    @Test func `has the role that is expected, or not`() async throws {
        var asking = asking("watcher")
        asking.role = .primary
        #expect(try await asking(.role).result == .up)
        asking.role = .replica
        #expect(try await asking(.role).failure?.reason == .role)
        try await server.run("SET GLOBAL read_only = ON")
        asking.role = .primary
        #expect(
            try await asking(.role).failure?.text == "it is a primary, read-only, expected: primary"
        )
        let port = server.address.port ?? 0
        try await server.run(
            """
            CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=\(port), MASTER_USER='follower', \
            MASTER_PASSWORD='pencil', MASTER_CONNECT_RETRY=1
            """
        )
        asking.role = .replica
        let outcome = try await asking(.role)
        #expect(outcome.result == .up)
        #expect(outcome.detail.contains("replica, replication stopped, an unknown time behind"))
        asking.maxLag = .seconds(1)
        #expect(try await asking(.role).level == .degraded)
        try await server.run("RESET SLAVE ALL; SET GLOBAL read_only = OFF")
    }

    /// Two hundred probes, a day's worth of faults if each left one behind.
    @Test func `has nothing to complain of where the user is let in, and keeps no connection`()
        async throws
    {
        let askings = [asking("native"), asking("watcher"), asking("open", nil)]
        let line = server.log.lines.count
        let threads = try await server.status("Threads_connected")
        let aborted = try await server.status("Aborted_connects")
        let clients = try await server.status("Aborted_clients")
        for depth in Depth.allCases {
            for round in 0..<50 {
                var asking = askings[round % askings.count]
                if round % 2 == 1 { asking.tls = papers.trust }
                let outcome = try await asking(depth)
                #expect(outcome.result == .up, "\(depth): \(outcome)")
            }
        }
        #expect(try await server.status("Aborted_connects") == aborted)
        #expect(try await server.status("Aborted_clients") == clients)
        #expect(try await server.complaints(from: line) == [])
        while try await server.status("Threads_connected") != threads {}
    }

    /// What a probe without a user costs: the warning of `config check` rests on it.
    @Test func `counts and logs each probe without a user`() async throws {
        let line = server.log.lines.count
        let aborted = try #require(try await server.status("Aborted_connects"))
        for _ in 0..<20 {
            #expect(try await asking(nil, nil)(.handshake).result == .up)
        }
        #expect(try await server.status("Aborted_connects") == aborted + 20)
        let complaints = try await server.complaints(from: line)
        #expect(complaints.count == 20)
        #expect(complaints.allSatisfy { $0.contains("Access denied for user 'healthgate'") })
    }
}

/// It counts by hosts, and the faults of any host but 127.0.0.1.
@EventLoop
@Suite(.timeLimit(.minutes(2))) struct `A MariaDB that blocks hosts` {
    @Test func `blocks none for probes, with a user or without, and one for those that break off`()
        async throws
    {
        let server = try await MariaDBServer.start(
            ["--skip-name-resolve=OFF", "--max-connect-errors=100"]
        )
        try await server.run("CREATE USER known@'127.0.0.2'")
        let envoy = try await EnvoyProcess(forwarding(server.address, from: "127.0.0.2"))
        defer { envoy.stop() }
        let sidecar = try #require(try await envoy.listeners()["it"])
        let ask = { @EventLoop (user: String?, depth: Depth) async throws -> Outcome in
            let asking = Asking(
                service: .mysql,
                address: server.address,
                user: user,
                password: nil
            )
            var target = try await asking.target(depth)
            (target.through, target.dial) = (.sidecar, Endpoint(sidecar))
            let probe = AnyProbe.make(target)
            defer { probe.close() }
            return await probe.run(until: soon())
        }

        var aborted = try #require(try await server.status("Aborted_connects"))
        for _ in 0..<200 { #expect(try await ask(nil, .handshake).result == .up) }
        aborted += 200
        #expect(try await server.status("Aborted_connects") == aborted)
        for round in 0..<200 {
            let depth = Depth.allCases[round % 4]
            #expect(try await ask("known", depth).result == .up)
        }
        #expect(try await server.status("Aborted_connects") == aborted)

        for _ in 0..<100 {
            let stream = try await ByteStream.connect(to: sidecar, until: soon())
            _ = try await stream.read(until: soon())
            stream.close()
        }
        let isBlocked = try await eventually {
            try await ask("known", .handshake).failure?.text.contains("error 1129") == true
        }
        #expect(isBlocked)
    }

    private func forwarding(_ address: SocketAddress, from source: String) -> String {
        """
        static_resources:
          listeners:
          - name: it
            address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
            filter_chains: [{ filters: [{ name: tcp, typed_config: {
              "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy,
              stat_prefix: it, cluster: it } }] }]
          clusters:
          - name: it
            upstream_bind_config: { source_address: { address: \(source), port_value: 0 } }
            load_assignment: { cluster_name: it, endpoints: [{ lb_endpoints: [{ endpoint: {
              address: { socket_address: { address: 127.0.0.1, port_value: \(address.port ?? 0) } }
              } }] }] }
        """
    }
}

@EventLoop
@Suite(.timeLimit(.minutes(2))) struct `A MariaDB that is restarted` {
    @Test func `refuses, without TLS offers none, and comes back`() async throws {
        let server = try await MariaDBServer.start(["--skip-ssl"])
        var asking = Asking(service: .mysql, address: server.address, user: "native")
        #expect(try await asking(.query).result == .up)
        asking.tls = TLSSettings(verifies: false)
        let clients = try await server.status("Aborted_clients")
        #expect(try await asking(.query).failure?.text == "the server offers no TLS")
        #expect(try await server.status("Aborted_clients") == clients)
        asking.tls = nil
        try await server.stop()
        #expect(try await asking(.query).failure?.reason == .refused)
        try await server.start()
        #expect(try await asking(.query).result == .up)
    }
}
