import Gateway
import Health
import Loop
import Probes
import Testing
import YAML

import healthgate

/// The errors of a file with one app, without their places.
private func errors(ofApp app: String) -> [String] {
    gatewayErrors(gatewayHead + "  a: { \(app) }\n").map { error in
        String(error.split(separator: ": ", maxSplits: 1)[1])
    }
}

private let supported =
    "amqp, amqps, disk, dns, docker, envoy, exec, grpc, grpcs, h2c, http, https, kafka, memcached, "
    + "mongodb, mysql, postgres, redis, rediss, tcp, tls"

private func warnings(_ text: String) throws -> [String] {
    try gateway(text).warnings.map(\.message)
}

@Suite struct `A check in the gateway file` {
    @Test(arguments: [
        ("127.0.0.1:80", #"unknown scheme "127.0.0.1"; known: \#(supported)"#),
        ("web", #""web" has no scheme: write for example http://HOST:PORT/"#),
        ("http:127.0.0.1:80", "write http://HOST:PORT"),
        ("http://127.0.0.1", #""127.0.0.1" is no HOST:PORT"#),
        ("http://127.0.0.1:0/", #""127.0.0.1:0" is no HOST:PORT"#),
        ("http://127.0.0.1:70000/", #""127.0.0.1:70000" is no HOST:PORT"#),
        ("http://u:p@h:80/", "a http URL takes no user and no password"),
        ("http://h:80/a b", #""/a b" is no path: escape other characters by %"#),
        ("http://h:80/#x", ##""/#x" is no path: escape other characters by %"##),
        ("tcp://h:80/x", "tcp knows no path"),
        ("grpc://h:80/a/b", #""/a/b" is no service: write grpc://HOST:PORT/PACKAGE.SERVICE"#),
    ])
    func `with a wrong URL is told why`(url: String, message: String) {
        let found = errors(ofApp: "check: \"\(url)\", authority: x, effect: fail")
        #expect(found.contains { $0.hasPrefix(message) }, "\(found)")
    }

    @Test func `may name an IPv6 address`() throws {
        let file = try gateway(gatewayHead + "  a: { check: \"tcp://[::1]:80\" }\n")
        #expect(file.value.checks[0].target.address.host == "::1")
    }

    @Test func `knows the keys of its kind only`() {
        #expect(errors(ofApp: "check: grpc://h:1, expect: {}").count == 1)
        let unknown = errors(ofApp: "check: http://h:1, send: x")
        #expect(unknown.first?.hasPrefix(#"unknown key "send"; known: authority, check, "#) == true)
        #expect(errors(ofApp: "check: tcp://h:1, authority: x").count == 1)
    }

    @Test(arguments: ["", "0", "0a1", "zz", "0a 1b 2"])
    func `takes whole bytes as hex only`(hex: String) {
        #expect(errors(ofApp: "check: tcp://h:1, send: { hex: \"\(hex)\" }").count == 1)
    }

    @Test(arguments: ["http://h:1", "h2c://h:1", "grpc://h:1"])
    func `of an app does not guess its way without an ingress`(url: String) throws {
        let file = "apps: { a: { check: \"\(url)\" } }"
        #expect(
            gatewayErrors(file) == [
                "1:21: a is checked through the sidecar, but there is no sidecar.ingress: "
                    + "give it, or say through: none"
            ]
        )
        let direct = try gateway("apps: { a: { check: \"\(url)\", through: none } }")
        #expect(direct.value.checks[0].target.through == .none)
        let byDefault = try gateway("defaults: { through: none }\n" + file)
        #expect(byDefault.value.checks[0].target.through == .none)
    }

    @Test func `of an upstream does not guess its way without a sidecar`() {
        let text = "apps: {}\nupstreams: { a: { check: tcp://h:1 } }"
        #expect(gatewayErrors(text).count == 1)
    }

    @Test func `must hold its outcome for longer than a probe may take`() {
        let message = errors(ofApp: "check: tcp://h:1, timeout: 5s").first
        #expect(message?.hasPrefix("max_age 5s must be longer than the timeout 5s") == true)
    }
}

@Suite struct `A warning` {
    @Test func `is not given for a careful file`() throws {
        let text = gatewayHead + "  a: { check: grpc://127.0.0.1:1 }\n"
        #expect(try warnings(text) == [])
    }

    @Test func `is given for a connect that ends at the sidecar`() throws {
        let head = "sidecar: { ingress: 127.0.1.1:10000 }\n"
        let app = "apps: { x: { check: tcp://127.0.0.1:9 } }\n"
        let upstream = "upstreams: { a: { check: tcp://127.0.0.1:5432"
        #expect(try warnings(head + app + upstream + " } }").count == 1)
        #expect(try warnings(head + app + upstream + ", send: x } }").count == 1)
        #expect(try warnings(head + app + upstream + ", send: x, expect: y } }") == [])
        #expect(try warnings(head + app + upstream + ", through: none } }") == [])
        let ingress = "apps: { x: { check: tcp://127.0.1.1:10000 } }"
        #expect(try warnings(head + ingress).count == 1)
    }

    @Test(arguments: [
        ("rise: 1", "rise 1 lets"), ("interval: 5s", "max_age 5s may pass"),
        ("interval: on-poll, fall: 3", "with interval: on-poll fall is 1"),
        ("interval: on-poll, timeout: 1s", "a poll waits for 250ms only"),
    ])
    func `is given for what an app says`(keys: String, message: String) throws {
        let text = gatewayHead + "  a: { check: grpc://127.0.0.1:1, \(keys) }\n"
        let warnings = try warnings(text)
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains(message) == true, "\(warnings)")
    }

    @Test(arguments: [
        ("upstreams: { u: { check: http://h:1, effect: fail, through: none } }", 1),
        ("listen: { admin: 0.0.0.0:9981 }", 2),
        ("listen: { admin: 0.0.0.0:9981 }\nadmin: { change_token_file: /c }", 2),
        (
            "listen: { admin: 0.0.0.0:9981 }\n"
                + "admin: { change_token_file: /c, read_token_file: /r }", 1
        ),
        ("exclude_on: [draining, down]", 1),
    ])
    func `is given for what a file says`(text: String, count: Int) throws {
        #expect(try warnings("apps: { a: { check: tcp://h:1 } }\n" + text).count == count)
    }

    @Test func `is given when no app can fail the host`() throws {
        #expect(try warnings("apps: {}").count == 1)
        #expect(try warnings("apps: { a: { check: tcp://h:1, effect: inform } }").count == 1)
    }
}

@Suite struct `A check over TLS in the gateway file` {
    private func target(_ app: String, _ kind: String = "apps") throws -> ProbeTarget {
        let head = kind == "apps" ? gatewayHead : "apps: {}\nsidecar: {}\nupstreams:\n"
        let file = try gateway(head + "  a: { \(app) }\n")
        return try #require(file.value.checks.first?.target)
    }

    @Test func `says with what, and goes past the sidecar unless it says otherwise`() throws {
        let plain = try target("check: https://h:1/x")
        #expect(plain.tls == TLSSettings())
        #expect(plain.through == .none)
        #expect(plain.description == "https://h:1/x")
        let full = try target(
            "check: grpcs://h:1/S, tls: { ca: /ca, cert: /c, key: /k, name: x.example }"
        )
        #expect(
            full.tls
                == TLSSettings(
                    certificate: "/c",
                    key: "/k",
                    authorities: "/ca",
                    serverName: "x.example"
                )
        )
        #expect(full.definition != plain.definition)
        #expect(full.description == "grpcs://h:1/S")
        let upstream = try target("check: https://h:1, through: sidecar", "upstreams")
        #expect(upstream.through == .sidecar)
        #expect(upstream.dial == upstream.address)
        #expect(try target("check: https://h:1", "upstreams").through == .none)
    }

    @Test(arguments: [
        ("check: http://h:1, tls: {}", "tls goes with https://, grpcs://, tls:// and servers"),
        ("check: tcp://h:1, tls: {}", "tls goes with https://, grpcs://, tls:// and servers"),
        ("check: https://h:1, tls: { key: /k }", "key without cert: give both"),
        ("check: https://h:1, tls: { cert: /c }", "cert without key: give both"),
        ("check: https://h:1, tls: { name: a/b }", "\"a/b\" is no name such as east-1.example"),
        ("check: https://h:1, tls: { verify: maybe }", "unknown word \"maybe\""),
        (
            "check: https://h:1, tls: { ca: /c, verify: none }",
            "ca and verify: none exclude each other"
        ),
        (
            "check: https://h:1, through: sidecar",
            "a: the sidecar's ingress takes no https: check the app there in the clear"
        ),
    ])
    func `that makes no sense is refused`(app: String, message: String) {
        let found = errors(ofApp: app)
        #expect(found.count == 1 && found[0].hasPrefix(message), "\(found)")
    }

    @Test func `is warned of when it takes any certificate`() throws {
        let file = gatewayHead + "  a: { check: https://h:1, tls: { verify: none } }\n"
        let found = try warnings(file)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("a: with verify: none whoever") == true, "\(found)")
        #expect(try gateway(file).value.checks[0].target.tls?.verifies == false)
    }
}
