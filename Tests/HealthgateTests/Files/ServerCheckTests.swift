import Gateway
import Loop
import Probes
import Testing
import YAML

import healthgate

/// The errors of a file with one upstream, without their places.
private func errors(of upstream: String) -> [String] {
    gatewayErrors(gatewayHead + "  db: { through: none, \(upstream) }\n").map {
        error in
        String(error.split(separator: ": ", maxSplits: 1)[1])
    }
}

private func server(_ upstream: String) throws -> ServerTarget? {
    let file = gatewayHead + "  db: { through: none, \(upstream) }\n"
    guard case .server(let server) = try gateway(file).value.checks[0].target.kind else {
        return nil
    }
    return server
}

@Suite struct `A check of a server in the gateway file` {
    @Test func `goes as deep as what it is told allows`() throws {
        let bare = try server("check: postgres://127.0.0.1:5432")
        #expect(bare?.depth == .handshake)
        let query = try server("check: postgres://me@127.0.0.1:5432/orders, password_file: /p")
        #expect(query?.depth == .query)
        #expect(query?.user == "me")
        #expect(query?.database == "orders")
        #expect(query?.password == .file("/p"))
        let role = try server(
            "check: postgres://me@h:1, expect: { role: replica, max_lag: 10s }, tls: {}"
        )
        #expect(role?.depth == .role)
        #expect(role?.role == .replica)
        #expect(role?.maxLag == .seconds(10))
        #expect(role?.sealing == .asked)
    }

    @Test(arguments: [("mongodb", "role"), ("kafka", "query")])
    func `that never met a real server says so`(scheme: String, depth: String) throws {
        let check = "\"\(scheme)://127.0.0.1:1/orders\""
        let upstream = "  db: { check: \(check), depth: \(depth), through: none }\n"
        let warnings = try gateway(gatewayHead + upstream).warnings.map(\.message)
        let words = "\(scheme) checks are experimental"
        #expect(warnings.contains { $0.contains(words) }, "\(warnings)")
    }

    @Test func `asks Redis, memcached and RabbitMQ as deep as proves them`() throws {
        let redis = try server("check: redis://127.0.0.1:6379")
        #expect(redis == ServerTarget(.redis, depth: .query))
        let deep = try server(
            "check: rediss://me@h:1/3, password_file: /p, key: orders:probe, "
                + "expect: { role: replica, max_lag: 20s }"
        )
        #expect(deep?.depth == .role)
        #expect(deep?.database == "3")
        #expect(deep?.key == "orders:probe")
        #expect(deep?.sealing == .direct)
        #expect(deep?.scheme == "rediss")
        let memcached = try server("check: memcached://h:1")
        #expect(memcached == ServerTarget(.memcached, depth: .query))
        let greeting = try server("check: amqp://h:1, depth: handshake")
        #expect(greeting == ServerTarget(.amqp, depth: .handshake))
        let opening = try server("check: amqps://me@h:1/orders, password_file: /p")
        #expect(opening?.depth == .auth)
        #expect(opening?.database == "orders")
        #expect(opening?.scheme == "amqps")
    }

    @Test func `goes through the sidecar also over TLS, which the sidecar passes on`() throws {
        let file = """
            sidecar: { admin: "http://127.0.0.1:1" }
            apps: {}
            upstreams:
              db: { check: rediss://127.0.0.1:16379, tls: { name: cache.example } }
            """
        let target = try gateway(file).value.checks[0].target
        #expect(target.through == .sidecar)
        #expect(target.tls?.serverName == "cache.example")
        #expect(target.description == "rediss://127.0.0.1:16379")
    }

    @Test func `may say where it is past the sidecar, and its certificate is that one's`() throws {
        let file = """
            sidecar: { admin: "http://127.0.0.1:1", ingress: "127.0.0.1:2" }
            apps:
              web: { check: "http://127.0.0.1:80/", direct: "h:1" }
            upstreams:
              db: { check: "postgres://127.0.0.1:15432", direct: "db.example:5432" }
            """
        let told = gatewayErrors(file)
        #expect(told.count == 1, "\(told)")
        #expect(told[0].contains("3:41: the address of the check is the app's own"))
        let good = try gateway(file.replacing(", direct: \"h:1\"", with: "")).value.checks
        #expect(good.map(\.target.beyond?.description) == [nil, "db.example:5432"])
        #expect(good[1].target.direct?.dial.description == "db.example:5432")
        #expect(good[1].target.direct?.through == ProbeTarget.Through.none)
        #expect(
            errors(of: "check: postgres://h:1, direct: x:1")[0].hasPrefix("the check goes to the")
        )
    }

    @Test(arguments: [
        ("check: redis://:secret@h:1", "a password does not belong in a URL"),
        ("check: redis://h:1/orders", "\"orders\" is no number of a database"),
        ("check: redis://h:1, tls: {}", "redis is in the clear: write rediss://"),
        ("check: amqp://h:1, tls: {}", "amqp is in the clear: write amqps://"),
        ("check: memcached://h:1, tls: {}", "memcached is asked in the clear only"),
        ("check: memcached://h:1, password_file: /p", "memcached is asked without a password"),
        ("check: memcached://me@h:1", "memcached is asked without a user"),
        ("check: memcached://h:1/x", "memcached knows no path"),
        (
            "check: memcached://h:1, depth: role",
            "memcached has no depth role: it has handshake, query"
        ),
        ("check: memcached://h:1, expect: { role: primary }", "memcached has no role to expect"),
        ("check: memcached://h:1, key: a b", "\"a b\" is no key"),
        ("check: amqp://h:1", "db: RabbitMQ takes a handshake without credentials"),
        ("check: amqp://h:1, key: a", "unknown key \"key\""),
        ("check: amqp://h:1, depth: auth", "depth auth asks as a user: write amqp://USER@h:1"),
        ("check: amqp://me@h:1, depth: auth", "depth auth asks with a password"),
        ("check: amqp://me@h:1, depth: role", "amqp has no depth role"),
    ])
    func `of Redis, memcached or RabbitMQ that makes no sense is told why`(
        upstream: String,
        words: String
    ) {
        let found = errors(of: upstream)
        #expect(found.contains { $0.hasPrefix(words) }, "\(found)")
        #expect(!found.contains { $0.contains("secret@") })
    }

    @Test(arguments: [
        ("check: postgres://me:secret@h:1", "a password does not belong in a URL"),
        ("check: postgres://me%40@h:1", "the user before @ must be plain"),
        ("check: postgres://h:1, depth: query", "depth query asks as a user"),
        (
            "check: postgres://me@h:1, depth: qeury",
            "unknown word \"qeury\""
        ),
        ("check: postgres://me@h:1/a/b", "\"/a/b\" is no name"),
        (
            "check: postgres://me@h:1, depth: auth, expect: { role: primary }",
            "a role is seen at depth role"
        ),
        ("check: postgres://me@h:1, password: secret", "a secret is not written here"),
        ("check: postgres://me@h:1, expect: { rule: primary }", "unknown key \"rule\""),
    ])
    func `that makes no sense is told why, and no secret is shown`(upstream: String, words: String)
    {
        let found = errors(of: upstream)
        #expect(found.contains { $0.hasPrefix(words) }, "\(found)")
        #expect(!found.contains { $0.contains("secret@") || $0.contains(": secret") })
    }
}
