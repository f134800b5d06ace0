import Gateway
import Probes
import Testing
import YAML

import healthgate

@Suite struct `A check of a MySQL server` {
    private func warnings(_ upstream: String) throws -> [String] {
        let file = gatewayHead + "  db: { through: none, \(upstream) }\n"
        return try gateway(file).warnings.map(\.message)
    }

    @Test func `is read as that of any server`() throws {
        let file = gatewayHead + "  db: { check: mysql://me@h:1/orders, password_file: /p }\n"
        guard case .server(let server) = try gateway(file).value.checks[0].target.kind else {
            Issue.record("no server")
            return
        }
        #expect(server.service == .mysql)
        #expect(server.user == "me")
        #expect(server.database == "orders")
        #expect(server.depth == .query)
    }

    @Test func `is warned of what its server would count and log`() throws {
        let found = try warnings("check: mysql://h:1, depth: handshake")
        #expect(found.count == 1)
        #expect(found.first?.contains("counts each probe as an aborted connect") == true)
        let errors = gatewayErrors(gatewayHead + "  db: { through: none, check: mysql://h:1 }\n")
        #expect(errors.count == 1)
        #expect(errors.first?.contains("name a user, who needs no rights, with") == true)
        #expect(try warnings("check: mysql://me@h:1") == [])
    }

    @Test func `says what of it is experimental`() throws {
        let open = try warnings("check: mysql://me@h:1, password_file: /p")
        #expect(open.count == 1)
        #expect(open.first?.contains("caching_sha2_password is experimental here, and") == true)
        let sealed = try warnings("check: mysql://me@h:1, password_file: /p, tls: {}")
        #expect(sealed.first?.contains("experimental here; mysql_native_password") == true)
    }
}
