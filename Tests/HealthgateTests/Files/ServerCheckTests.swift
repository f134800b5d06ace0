import Gateway
import YAML
import Probes
import Testing

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

    @Test(arguments: ["mongodb", "kafka"])
    func `that never met a real server says so`(scheme: String) throws {
        let check = "\"\(scheme)://127.0.0.1:1/orders\""
        let upstream = "  db: { check: \(check), depth: query, through: none }\n"
        let warnings = try gateway(gatewayHead + upstream).warnings.map(\.message)
        let words = "\(scheme) checks are experimental"
        #expect(warnings.contains { $0.contains(words) }, "\(warnings)")
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
