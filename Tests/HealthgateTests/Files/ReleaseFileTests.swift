import Loop
import Release
import Testing
import YAML

import healthgate

let plan = """
    release: shop
    fronts:
    - { name: edge-east, admin: http://127.0.0.1:9901, clusters: [app1, app2] }
    - { name: edge-west, admin: http://127.0.0.1:9902/, token_file: /run/front }
    hosts:
      east-1: { site: east, address: 127.0.1.1:10000, gateway: http://127.0.1.1:9981 }
      east-2: { site: east, address: 127.0.1.2:10000, gateway: "unix:/run/e2.sock" }
      west-1: { site: west, address: 127.0.2.1:10000, gateway: http://127.0.2.1:9981, token: "${env:T}" }
      west-2:
        site: west
        address: 127.0.2.2:10000
        gateway: http://127.0.2.2:9981
        command: { stop: [halt, now] }
    order: { sites: [west, east], canary: west-2, pause_after_canary: ask }
    runtime:
      command:
        pull: [ctl, pull, "{host}", "shop:{version}"]
        stop: [ctl, stop, "{host}"]
        start_proxy: [ctl, proxy, "{site}/{host}"]
        start_apps: [ctl, apps, "{address}", '{"v": "{version}"}', 5]
        version: [ctl, version, "{host}"]
        within: 2m
    guard: { min_available: 2 }
    drain: { exclude_within: auto, quiet_for: 3s, streams_within: 60s, on_timeout: cut }
    health: { hold: 4s, deadline: 3m }
    on_failure: stop
    """

private func release(_ text: String, file: String = "release.yaml") throws(YAMLError)
    -> ConfigurationFile<PlanConfiguration>
{
    try ReleaseFile.read(Array(text.utf8), file: file)
}

private func errors(_ text: String) -> [String] {
    do throws(YAMLError) {
        _ = try release(text)
        return []
    } catch {
        return error.problems.map { "\($0.place.line):\($0.place.column): \($0.message)" }
    }
}

/// The plan with some of its text replaced.
private func plan(_ old: String, _ new: String) -> String {
    plan.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
}

@Suite struct `A release file` {
    @Test func `yields all that it says`() throws {
        let file = try release(plan)
        #expect(file.warnings == [])
        let value = file.value
        #expect(value.name == "shop")
        #expect(value.fronts.map(\.name) == ["edge-east", "edge-west"])
        #expect(value.fronts[0].clusters == ["app1", "app2"])
        #expect(value.fronts[1].admin.endpoint == Endpoint("127.0.0.1:9902"))
        #expect(value.fronts[1].admin.token == .file("/run/front"))
        #expect(value.canary == "west-2")
        #expect(value.pauseAfterCanary == .ask)
        #expect(value.minAvailable == 2)
        #expect(value.limits.within == .seconds(120))
        #expect(value.drain.excludeWithin == nil)
        #expect(value.drain.quietFor == .seconds(3))
        #expect(value.drain.streamsWithin == .seconds(60))
        #expect(value.drain.onTimeout == .cut)
        #expect(value.health.hold == .seconds(4))
        #expect(value.health.deadline == .seconds(180))
        #expect(value.onFailure == .stop)
        #expect(value.onEarlyFailure == .restore)
    }

    @Test func `takes the canary first, then site by site, else as written`() throws {
        #expect(
            try release(plan).value.hosts.map(\.name) == ["west-2", "west-1", "east-1", "east-2"]
        )
        let unordered = plan("order: { sites: [west, east], canary: west-2,", "order: {")
        #expect(errors(unordered).count == 1)
        let plain = plan("pause_after_canary: ask", "pause_after_canary: 90s")
        #expect(try release(plain).value.pauseAfterCanary == .wait(.seconds(90)))
    }

    @Test func `fills each host's commands, all but the version`() throws {
        let hosts = try release(plan).value.hosts
        let west2 = hosts[0].commands
        #expect(west2.pull == ["ctl", "pull", "west-2", "shop:{version}"])
        #expect(west2.stop == ["halt", "now"])
        #expect(west2.startProxy == ["ctl", "proxy", "west/west-2"])
        #expect(
            west2.startApps == ["ctl", "apps", "127.0.2.2:10000", #"{"v": "{version}"}"#, "5"]
        )
        #expect(hosts[1].commands.stop == ["ctl", "stop", "west-1"])
        #expect(hosts[1].gateway.token == .environment("T"))
        #expect(hosts[3].gateway.endpoint == Endpoint("unix:/run/e2.sock"))
        #expect(
            PlanConfiguration.Commands.fill(west2.pull, version: "v2; rm -rf /")
                == ["ctl", "pull", "west-2", "shop:v2; rm -rf /"]
        )
    }

    @Test func `keeps its journal beside itself`() throws {
        #expect(try release(plan).value.journal == "shop.journal")
        #expect(try release(plan, file: "/etc/r/p.yaml").value.journal == "/etc/r/shop.journal")
        let other = plan + "\njournal: j/x.journal\n"
        #expect(try release(other, file: "a/p.yaml").value.journal == "a/j/x.journal")
        let absolute = plan + "\njournal: /var/x.journal\n"
        #expect(try release(absolute, file: "a/p.yaml").value.journal == "/var/x.journal")
    }

    @Test func `tells all its errors at once`() {
        let wrong =
            plan("{version}", "{vrsion}")
            .replacingLine(6, "  east-1: { site: east, address: east:1, gateway: ftp://x, x: 1 }")
            .replacingLine(14, "order: { sites: [west, south], canary: west-3 }")
            .replacingLine(23, "guard: { min_available: 4 }")
            .replacingLine(26, "on_failure: rollback")
        let found = errors(wrong)
        #expect(
            found == [
                #"6:34: "east:1" is no address such as 127.0.0.1:80, [::1]:80 or unix:/run/x.sock"#,
                #"6:51: "ftp://x" is no URL such as http://127.0.0.1:9901"#,
                #"6:60: unknown key "x"; known: address, command, gateway, site, tls, token, token_file, via"#,
                #"14:24: there is no site "south"; known: east, west"#,
                #"14:40: there is no host "west-3"; did you mean west-1?"#,
                "17:33: unknown placeholder {vrsion}; did you mean version?",
                "20:42: unknown placeholder {vrsion}; did you mean version?",
                "23:8: min_available must be below the number of hosts, 4",
                "26:13: rollback is not in this build; supported: stop",
            ]
        )
    }

    @Test(arguments: [
        ("migrate: { service: m }", "migrations are not in this build: leave migrate out"),
        ("notify: { webhook: x }", "notifications are not in this build: leave notify out"),
        (
            "disk: { free: 2GiB }",
            "the disk check of images is not in this build: leave disk out"
        ),
    ])
    func `asking for what this build lacks is refused`(section: String, message: String) {
        #expect(errors(plan + "\n" + section) == ["27:1: " + message])
    }

    @Test func `names its API tests beside itself`() throws {
        let section = "apitest: { suites: [suites/*.yaml, /x.yaml], authority: shop }"
        let told = try release(plan + "\n" + section, file: "plans/release.yaml").value.apiTests
        let suites = ["plans/suites/*.yaml", "/x.yaml"]
        #expect(told == PlanConfiguration.APITests(suites: suites, authority: "shop"))
        #expect(errors(plan + "\napitest: { suites: [] }") == ["27:20: must not be empty"])
        #expect(
            errors(plan + "\napitest: { authority: a }") == ["27:10: the key suites is missing"]
        )
    }

    @Test func `with the compose runtime is refused`() {
        let lines = plan.split(separator: "\n")
        let text = (lines[..<14] + ["runtime: { compose: { project: shop } }"]).joined(
            separator: "\n"
        )
        #expect(errors(text) == ["15:12: runtime compose is not in this build; use command"])
    }

    @Test func `with docker is refused`() {
        let text = plan("site: west,", "site: west, docker: unix,")
        #expect(errors(text).count == 1)
    }

    @Test func `names the command that a host lacks`() {
        let text = plan("    stop: [ctl, stop, \"{host}\"]\n", "")
        #expect(
            errors(text) == [
                "6:11: no command stop for east-1: give it here or for all under runtime",
                "7:11: no command stop for east-2: give it here or for all under runtime",
                "8:11: no command stop for west-1: give it here or for all under runtime",
            ]
        )
    }

    @Test func `warns when no command knows the version`() throws {
        let warnings = try release(plan("{version}", "latest")).warnings
        #expect(warnings.map(\.message).contains("no command of east-1 uses {version}"))
    }

    @Test func `refuses two hosts at one address, two fronts of one name, a site left out`() {
        let twice = plan("127.0.1.2:10000", "127.0.1.1:10000")
        #expect(errors(twice) == ["7:3: east-1 has the address 127.0.1.1:10000 too"])
        let fronts = plan("edge-west", "edge-east")
        #expect(errors(fronts) == ["4:3: two fronts are called edge-east"])
        #expect(errors(plan("[west, east]", "[west]")) == ["14:17: the order leaves out east"])
    }

    @Test func `of one host must agree to serve nobody`() throws {
        let hosts = plan.split(separator: "\n").enumerated()
            .filter { !(6...13).contains($0.offset + 1) || $0.offset + 1 == 8 }
            .map { String($0.element) }
            .filter { !$0.hasPrefix("order") && !$0.hasPrefix("guard") }
            .joined(separator: "\n")
        #expect(errors(hosts).count == 1)
        #expect(try release(hosts + "\nguard: { min_available: 0 }").value.minAvailable == 0)
    }
}

@Suite struct `An admin interface in the release file` {
    private func admin(_ gateway: String) throws -> PlanConfiguration.Admin {
        try #require(
            try release(plan("gateway: http://127.0.1.1:9981", "gateway: \(gateway)")).value.hosts
                .first { $0.name == "east-1" }?.gateway
        )
    }

    private func problems(_ gateway: String) -> [String] {
        errors(plan("gateway: http://127.0.1.1:9981", "gateway: \(gateway)"))
    }

    @Test func `may be asked over TLS, by the system's authorities or others`() throws {
        #expect(try admin("http://127.0.1.1:9981").tls == nil)
        #expect(try admin("https://e1:9981").tls == TLSSettings())
        let full = try admin(
            "https://10.0.0.1:9981, tls: { ca: /ca, cert: /c, key: /k, name: east-1.example }"
        )
        #expect(
            full.tls
                == TLSSettings(
                    certificate: "/c",
                    key: "/k",
                    authorities: "/ca",
                    serverName: "east-1.example"
                )
        )
    }

    @Test func `may be reached through ssh`() throws {
        let admin = try admin("http://127.0.0.1:9981, via: ssh://deploy@east-1:2222")
        #expect(admin.via == SSHDestination("ssh://deploy@east-1:2222"))
        let front = try release(
            plan("http://127.0.0.1:9902/", "https://127.0.0.1:9902, via: ssh://edge, tls: {}")
        ).value.fronts[1]
        #expect(front.admin.via?.host == "edge")
        #expect(front.admin.tls == TLSSettings())
    }

    @Test(arguments: [
        ("http://e1:9981, tls: {}", "6:76: tls wants an https:// URL under gateway"),
        ("https://e1:9981, tls: { key: /k }", "6:89: key without cert: give both"),
        ("https://e1:9981, tls: { cert: /c }", "6:90: cert without key: give both"),
        (
            "https://e1:9981, tls: { verify: none }",
            "6:84: unknown key \"verify\"; known: ca, cert, key, name"
        ),
        ("https://e1:9981, via: east-1", "6:82: \"east-1\" is no ssh://USER@HOST:PORT"),
        (
            "https://e1:9981, via: ssh://-oProxyCommand=x",
            "6:82: \"ssh://-oProxyCommand=x\" is no ssh://USER@HOST:PORT"
        ),
        (
            "\"unix:/run/a:b\", via: ssh://e1",
            "6:60: ssh cannot forward to a path with a colon"
        ),
    ])
    func `that makes no sense is refused at its place`(gateway: String, message: String) {
        let found = problems(gateway)
        #expect(found == [message], "\(found)")
    }

    @Test func `is another behind another machine only`() {
        let same = "gateway: http://127.0.0.1:9981, via: ssh://"
        let text = plan("gateway: http://127.0.1.1:9981", "\(same)e1")
        let east2 = #"gateway: "unix:/run/e2.sock""#
        func with(_ via: String) -> [String] {
            errors(text.split(separator: east2).joined(separator: "\(same)\(via)"))
        }
        #expect(with("e2") == [])
        #expect(with("e1") == ["7:3: east-1 has the gateway 127.0.0.1:9981 via ssh://e1 too"])
    }

    @Test(arguments: [
        ("http://10.0.0.1:9981, token_file: /t", true), ("http://e1:9981, token_file: /t", true),
        ("http://e1:9981, token_file: /t, via: ssh://bastion", true),
        ("http://e1:9981, token_file: /t, via: ssh://e1", false),
        ("http://127.0.0.1:9981, token_file: /t, via: ssh://e1", false),
        ("https://e1:9981, token_file: /t", false), ("http://e1:9981", false),
        ("http://localhost:9981, token_file: /t", false),
        ("\"unix:/run/x\", token_file: /t", false),
    ])
    func `is warned of when its token could be read on the way`(
        gateway: String,
        isWarned: Bool
    ) throws {
        let file = try release(plan("gateway: http://127.0.1.1:9981", "gateway: \(gateway)"))
        let words = file.warnings.map(\.message)
        #expect(words.count == (isWarned ? 1 : 0))
        #expect(words.allSatisfy { $0.contains("in the clear") }, "\(words)")
    }

    @Test func `makes another plan, but not by whose certificate, token or account`() throws {
        let plain = try release(plan).value.fingerprint
        func fingerprint(_ gateway: String) throws -> String {
            try release(plan("gateway: http://127.0.1.1:9981", "gateway: \(gateway)")).value
                .fingerprint
        }
        let tls = try fingerprint("https://127.0.1.1:9981")
        #expect(tls != plain)
        #expect(
            try fingerprint("https://127.0.1.1:9981, token_file: /t, tls: { cert: /c, key: /k }")
                == tls
        )
        #expect(try fingerprint("https://127.0.1.1:9981, tls: { name: x }") != tls)
        let via = try fingerprint("http://127.0.1.1:9981, via: ssh://a@b")
        #expect(via != plain)
        #expect(try fingerprint("http://127.0.1.1:9981, via: ssh://b") == via)
        #expect(try fingerprint("http://127.0.1.1:9981, via: ssh://c") != via)
    }
}

extension String {
    fileprivate func replacingLine(_ number: Int, _ line: String) -> String {
        var lines = split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let indent = lines[number - 1].prefix { $0 == " " }
        lines[number - 1] = line.hasPrefix(" ") ? line : indent + line
        return lines.joined(separator: "\n")
    }
}
