import Gateway
import HTTP
import Loop
import Testing

@Suite struct `The roles of the admin port` {
    private typealias Grants = AdminRules.Grants
    private static let loopback = "127.0.0.1:9981"
    private static let open = "10.0.0.7:9981"
    private static let unix = "unix:/run/healthgate.sock"

    private func rules(
        read: AdminRules.Grants = .init(),
        change: AdminRules.Grants = .init(),
        at address: String = loopback,
        verifiesClients: Bool = false
    ) throws -> AdminRules {
        AdminRules(
            read: read,
            change: change,
            at: .init(try SocketAddress(address).orFail(), verifiesClients: verifiesClients),
            host: "east-1",
            owners: [.init(uid: 0, name: "root"), .init(uid: 998, name: "healthgate")]
        )
    }

    /// Who it is; or the status of the refusal and its words.
    private func answer(
        _ rules: AdminRules,
        _ role: AdminRules.Role,
        _ caller: Caller = Caller()
    ) -> String {
        switch rules.decide(HTTPRequest("/", authority: "localhost"), by: caller, role) {
        case .allowed(let who): who
        case .refused(let response): "\(response.status) \(response.text)"
        }
    }

    private func token(_ text: String) -> Caller { Caller(token: Array(text.utf8)) }

    private func user(_ uid: UInt32) -> Caller {
        Caller(user: PeerUser(uid: uid, gid: 7, pid: 42), peer: .unix(""))
    }

    @Test func `are everybody's on loopback where nothing is said of them`() throws {
        let rules = try rules()
        #expect(answer(rules, .read) == "anyone")
        #expect(answer(rules, .change, token("whatever")) == "anyone")
    }

    @Test func `go by token`() throws {
        let rules = try rules(
            read: .init(token: "read-secret"),
            change: .init(token: "change-secret")
        )
        #expect(answer(rules, .read, token("read-secret")) == "token read")
        // Who may change may read.
        #expect(answer(rules, .read, token("change-secret")) == "token change")
        #expect(answer(rules, .change, token("change-secret")) == "token change")
        let missing = answer(rules, .read)
        #expect(missing.hasPrefix("401 "))
        #expect(missing.contains("reading needs the token for it (authorization: Bearer TOKEN)"))
        #expect(answer(rules, .change).contains("this call shows nothing"))
        for wrong in ["read-secreT", "read-secret2", ""] {
            #expect(answer(rules, .read, token(wrong)).hasPrefix("403 "))
        }
        let reader = answer(rules, .change, token("read-secret"))
        #expect(reader.hasPrefix("403 "))
        #expect(reader.contains("this call shows the token for reading"))
        #expect(!reader.contains("secret"))
    }

    @Test func `ask for a token in the way that HTTP has for it`() throws {
        let rules = try rules(read: .init(token: "read-secret"))
        let request = HTTPRequest("/", authority: "localhost")
        guard case .refused(let refusal) = rules.decide(request, by: Caller(), .read) else {
            Issue.record("it was let in")
            return
        }
        #expect(refusal.headers["www-authenticate"] == "Bearer")
    }

    @Test(arguments: [
        ("Bearer a-token", "a-token"), ("bearer a-token", "a-token"), ("BEARER  x", " x"),
        ("Basic a-token", nil), ("Bearer", nil), ("a-token", nil), ("B\u{117}arer a-token", nil),
    ])
    func `read a bearer token`(value: String, token: String?) {
        #expect(Caller.bearer(value).map { String(decoding: $0, as: UTF8.self) } == token)
    }

    @Test func `are nobody's when only reading has an owner`() throws {
        let rules = try rules(read: .init(token: "read-secret"))
        #expect(answer(rules, .read, token("read-secret")) == "token read")
        #expect(answer(rules, .change, token("read-secret")).contains("changing is nobody's"))
        #expect(answer(rules, .change).hasPrefix("403 "))
    }

    @Test func `leave reading to everybody on loopback when only changing has an owner`() throws {
        let rules = try rules(change: .init(token: "change-secret"))
        #expect(answer(rules, .read) == "anyone")
        #expect(answer(rules, .change).hasPrefix("401 "))
    }

    @Test func `go by the names of a verified certificate`() throws {
        let read = Grants(certificates: ["grafana.example"])
        let change = Grants(certificates: ["Jenkins.example", "spiffe://shop/Deploy"])
        let rules = try rules(read: read, change: change, at: Self.open, verifiesClients: true)
        let jenkins = Caller(certificates: ["ci.example", "jenkins.EXAMPLE"])
        #expect(answer(rules, .change, jenkins) == "certificate jenkins.EXAMPLE")
        #expect(answer(rules, .read, jenkins) == "certificate jenkins.EXAMPLE")
        let grafana = Caller(certificates: ["grafana.example"])
        #expect(answer(rules, .read, grafana) == "certificate grafana.example")
        let refused = answer(rules, .change, grafana)
        #expect(refused.hasPrefix("403 "))
        #expect(refused.contains("a client certificate that admin.change_certificates names"))
        #expect(refused.contains("this call shows certificate grafana.example"))
        let deploy = Caller(certificates: ["spiffe://shop/Deploy"])
        #expect(answer(rules, .change, deploy) == "certificate spiffe://shop/Deploy")
        for other in [
            "spiffe://shop/deploy", "jenkins.example.evil", "*.example", "jen\u{212A}ins.example",
            "jenkins.example\0", "",
        ] {
            #expect(answer(rules, .change, Caller(certificates: [other])).hasPrefix("403 "))
        }
        #expect(answer(rules, .change).hasPrefix("403 "))
    }

    @Test func `take no certificate's word where none is verified`() throws {
        let grants = Grants(certificates: ["jenkins.example"])
        let place = AdminRules.Place(try SocketAddress(Self.open).orFail())
        #expect(AdminRules.refusal(at: place, read: grants, change: grants) != nil)
        let rules = try rules(read: grants, change: grants, at: Self.open)
        let caller = Caller(certificates: ["jenkins.example"])
        #expect(answer(rules, .read, caller).hasPrefix("403 "))
    }

    @Test func `over a Unix socket are reading for all, and changing for root and our own user`()
        throws
    {
        let rules = try rules(at: Self.unix)
        #expect(answer(rules, .read, user(1000)) == "unix uid 1000 pid 42")
        #expect(answer(rules, .change, user(0)) == "unix uid 0 (root) pid 42")
        #expect(answer(rules, .change, user(998)) == "unix uid 998 (healthgate) pid 42")
        let refused = answer(rules, .change, user(1000))
        #expect(refused.hasPrefix("403 "))
        #expect(refused.contains("changing needs to be root or healthgate"))
        #expect(refused.contains("this call shows unix uid 1000 pid 42"))
        #expect(answer(rules, .change).hasPrefix("403 "))
    }

    @Test func `over a Unix socket are those users' who are named, and no others'`() throws {
        let read = Grants(users: [.init(uid: 1001, name: "monitor")])
        let change = Grants(token: "change-secret", users: [.init(uid: 1000, name: nil)])
        let rules = try rules(read: read, change: change, at: Self.unix)
        #expect(answer(rules, .change, user(1000)) == "unix uid 1000 pid 42")
        #expect(answer(rules, .read, user(1000)) == "unix uid 1000 pid 42")
        #expect(answer(rules, .read, user(1001)) == "unix uid 1001 (monitor) pid 42")
        #expect(answer(rules, .read, user(0)).hasPrefix("403 "))
        #expect(answer(rules, .change, user(0)).hasPrefix("401 "))
        var bearer = user(7)
        bearer.token = Array("change-secret".utf8)
        #expect(answer(rules, .change, bearer) == "token change")
        // They are known there alone.
        let place = AdminRules.Place(try SocketAddress(Self.open).orFail())
        #expect(AdminRules.refusal(at: place, read: read, change: change) != nil)
    }

    @Test func `keep a port closed that others reach without an owner for both`() throws {
        let secret = Grants(token: "a-secret")
        let names = Grants(certificates: ["jenkins.example"])
        func refusal(
            _ address: String,
            _ read: AdminRules.Grants,
            _ change: AdminRules.Grants
        ) throws -> String? {
            let address = try SocketAddress(address).orFail()
            let place = AdminRules.Place(address, verifiesClients: true)
            return AdminRules.refusal(at: place, read: read, change: change)
        }
        for owner in [secret, names] {
            #expect(try refusal("0.0.0.0:9981", owner, owner) == nil)
            #expect(try refusal("0.0.0.0:9981", .init(), owner)?.contains("can reach") == true)
            #expect(try refusal("0.0.0.0:9981", owner, .init()) != nil)
        }
        #expect(try refusal("[::1]:9981", .init(), .init()) == nil)
        #expect(try refusal(Self.unix, .init(), .init()) == nil)
        // And should it open nevertheless, nobody gets in.
        let rules = try rules(at: Self.open)
        #expect(answer(rules, .read).hasPrefix("403 "))
        #expect(answer(rules, .change, token("x")).hasPrefix("403 "))
    }
}
