import Gateway
import HTTP
import Loop
import Testing

/// What a page of another site, in a browser on this host, can send.
@Suite struct `A browser at the admin port` {
    private func status(
        _ role: AdminRules.Role = .read,
        host: String? = "localhost:9981",
        _ headers: HTTPHeaders = [:],
        otherHost: String? = nil,
        at address: String = "127.0.0.1:9981"
    ) throws -> Int? {
        let place = AdminRules.Place(try SocketAddress(address).orFail())
        let isOpen = place.address.isLoopback
        let grants = AdminRules.Grants(token: isOpen ? nil : "change-secret")
        let rules = AdminRules(read: grants, change: grants, at: place, host: "east-1")
        var request = HTTPRequest("/", authority: host, headers: headers)
        request.otherHost = otherHost
        let caller = Caller(token: Array("change-secret".utf8))
        guard case .refused(let answer) = rules.decide(request, by: caller, role) else {
            return nil
        }
        return answer.status
    }

    @Test(arguments: [
        "localhost", "LOCALHOST:9981", "127.0.0.1", "127.0.0.1:", "[::1]", "[::1]:9981", "east-1",
        "East-1:80", "10.0.0.7:80", "[FE80::1]:9981",
    ])
    func `is let in by this host's own names and numbers`(_ host: String) throws {
        #expect(try status(host: host) == nil)
    }

    @Test(arguments: [
        "evil.example", "localhost.evil.example", "east-1.evil:9981", "127.0.0.1.evil", "",
        "evil.example:9981", "localhost@evil.example", "localhost:80@evil.example", "localhost.",
        "0.0.0.0:9981", "[::]:9981", "::1", "[localhost]", "[127.0.0.1]", "[::1", "[::1]9981",
        "127.0.0.1:9981:1", "127.0.0.1:x", "127.1", "0x7f000001", "2130706433", "unix:/run/x",
        "\u{212A}", "localho\u{17F}t",
    ])
    func `is refused by any other name, also on loopback`(_ host: String) throws {
        #expect(try status(host: host) == 403)
    }

    @Test func `must say whom it calls, and say it once`() throws {
        #expect(try status(host: nil) == 403)
        #expect(try status(otherHost: "evil.example") == 400)
        #expect(try status(otherHost: "LOCALHOST:9981") == nil)
        #expect(try status(host: "evil.example", otherHost: "localhost") == 400)
    }

    @Test(arguments: [
        "http://evil.example", "null", "", "http://localhost", "http://localhost:3000",
        "http://localhost:9981.evil.example", "http://127.0.0.1:9981", "ftp://localhost:9981",
        "http://localhost:9981, http://evil.example", "http://localhost:9981/", "localhost:9981",
        "chrome-extension://abcdef",
    ])
    func `is refused from another origin`(_ origin: String) throws {
        for role in AdminRules.Role.allCases {
            #expect(try status(role, ["origin": origin]) == 403)
        }
    }

    @Test func `is let in from this host's own pages`() throws {
        #expect(try status(.change, ["origin": "http://localhost:9981"]) == nil)
        #expect(try status(.change, ["origin": "https://localhost:9981"]) == nil)
        #expect(
            try status(.change, host: "LocalHost:9981", ["origin": "http://localhost:9981"]) == nil
        )
        let ipv6: HTTPHeaders = ["origin": "http://[::1]:9981", "sec-fetch-site": "same-origin"]
        #expect(try status(.change, host: "[::1]:9981", ipv6) == nil)
    }

    @Test(arguments: ["cross-site", "same-site", "Same-Origin", "", "same-origin, cross-site"])
    func `is refused when it says itself that it comes from elsewhere`(_ site: String) throws {
        for role in AdminRules.Role.allCases {
            #expect(try status(role, ["sec-fetch-site": site]) == 403)
        }
    }

    @Test func `may be told an address by hand, which changes nothing`() throws {
        #expect(try status(.read, ["sec-fetch-site": "none"]) == nil)
        #expect(try status(.change, ["sec-fetch-site": "none"]) == 403)
        #expect(try status(.change, ["sec-fetch-site": "same-origin"]) == nil)
    }

    @Test func `that is too old to say where it calls from changes nothing`() throws {
        let old: HTTPHeaders = ["user-agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101"]
        #expect(try status(.change, old) == 403)
        #expect(try status(.read, old) == nil)
        #expect(try status(.change, ["user-agent": "curl/7.88.1"]) == nil)
        var new = old
        new["origin"] = "http://localhost:9981"
        #expect(try status(.change, new) == nil)
    }

    /// There every call needs a token, which no page has; names are whatever DNS says.
    @Test func `may use any name where others reach the port, and still no other site`() throws {
        let open = "0.0.0.0:9981"
        let name = "east-1.dc.example:9981"
        #expect(try status(.change, host: name, at: open) == nil)
        #expect(try status(.change, host: name, ["origin": "http://\(name)"], at: open) == nil)
        #expect(try status(.read, host: name, ["origin": "http://evil.example"], at: open) == 403)
        #expect(try status(.read, host: name, ["sec-fetch-site": "same-site"], at: open) == 403)
    }
}
