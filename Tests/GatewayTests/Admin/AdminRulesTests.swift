import Gateway
import HTTP
import Loop
import Testing

@Suite struct `The rules of the admin port` {
    private func rules(
        read: String? = nil,
        change: String? = nil,
        address: String = "127.0.0.1:9981"
    ) throws -> AdminRules {
        AdminRules(
            read: read,
            change: change,
            address: try SocketAddress(address).orFail(),
            host: "east-1"
        )
    }

    private func status(
        _ rules: AdminRules,
        _ role: AdminRules.Role = .read,
        host: String? = "localhost:9981",
        _ headers: HTTPHeaders = [:]
    ) -> Int? {
        rules.refusal(of: HTTPRequest("/", authority: host, headers: headers), role: role)?.status
    }

    @Test(arguments: [
        "localhost", "LOCALHOST:9981", "127.0.0.1", "[::1]:9981", "east-1", "10.0.0.7:80",
    ])
    func `let in whoever calls this host by its own name or number`(_ host: String) throws {
        #expect(try status(rules(), host: host) == nil)
    }

    @Test(arguments: [
        "evil.example", "localhost.evil.example", "east-1.evil:9981", "127.0.0.1.evil", "",
    ])
    func `refuse a name that is not this host's, also on loopback`(_ host: String) throws {
        #expect(try status(rules(), host: host) == 403)
    }

    @Test func `refuse a call that another site's page makes`() throws {
        let rules = try rules()
        #expect(status(rules, .change, ["origin": "http://evil.example"]) == 403)
        #expect(status(rules, .change, ["origin": "null"]) == 403)
        #expect(status(rules, .change, ["sec-fetch-site": "cross-site"]) == 403)
        #expect(status(rules, .change, ["origin": "http://localhost:9981"]) == nil)
    }

    @Test func `ask for the token of the role`() throws {
        let rules = try rules(read: "read-secret", change: "change-secret")
        #expect(status(rules) == 401)
        #expect(status(rules, .read, ["authorization": "Bearer read-secret"]) == nil)
        #expect(status(rules, .read, ["authorization": "Bearer read-secreT"]) == 403)
        #expect(status(rules, .read, ["authorization": "Bearer read-secret2"]) == 403)
        #expect(status(rules, .read, ["authorization": "Basic read-secret"]) == 401)
        #expect(status(rules, .change, ["authorization": "Bearer read-secret"]) == 403)
        #expect(status(rules, .change, ["authorization": "bearer change-secret"]) == nil)
        // Who may change may read.
        #expect(status(rules, .read, ["authorization": "Bearer change-secret"]) == nil)
    }

    @Test func `keep a port closed that others reach without tokens`() throws {
        let open = try SocketAddress("0.0.0.0:9981").orFail()
        #expect(AdminRules.refusal(open, hasRead: true, hasChange: true) == nil)
        #expect(AdminRules.refusal(open, hasRead: false, hasChange: true) != nil)
        #expect(AdminRules.refusal(open, hasRead: true, hasChange: false) != nil)
        let loopback = try SocketAddress("[::1]:9981").orFail()
        #expect(AdminRules.refusal(loopback, hasRead: false, hasChange: false) == nil)
        #expect(AdminRules.refusal(.unix("/run/x.sock"), hasRead: false, hasChange: false) == nil)
    }
}
