import Gateway
import Loop
import Probes
import Testing
import YAML

import healthgate

@Suite struct `A check of a kind of its own` {
    private func target(_ check: String) throws -> ProbeTarget {
        let file = try gateway(gatewayHead + "  a: { \(check) }\n")
        return try #require(file.value.checks.first?.target)
    }

    private func errors(_ check: String) -> [String] {
        gatewayErrors(gatewayHead + "  a: { \(check) }\n")
    }

    @Test(
        arguments: [
            ("check: tls://h:443", .tls(.init()), "tls://h:443"),
            (
                "check: tls://h:443, expect: { valid_for: 14d }, tls: { name: x }",
                .tls(.init(validFor: .seconds(14 * 86_400))), "tls://h:443"
            ),
            (
                "check: disk:///var/lib",
                .disk(.init("/var/lib")), "disk:///var/lib"
            ),
            (
                "check: \"disk:///a b\", expect: { free: 2GiB, inodes: 1% }, "
                    + "degraded_below: { free: 20%, inodes: 5% }",
                .disk(
                    .init(
                        "/a b",
                        expect: .init(free: .count(2 << 30), inodes: .share(0.01)),
                        degradedBelow: .init(free: .share(0.2), inodes: .share(0.05))
                    )
                ), "disk:///a b"
            ),
            (
                "check: \"exec:\", command: [/bin/check, -w, 5, \"a b\"]",
                .exec(["/bin/check", "-w", "5", "a b"]), "exec:/bin/check"
            ),
            ("check: docker://app_1.x-y", .docker(.init("app_1.x-y")), "docker://app_1.x-y"),
            (
                "check: docker://app, socket: /run/d.sock",
                .docker(.init("app", socket: "/run/d.sock")), "docker://app"
            ),
            ("check: envoy://127.0.0.1:9901", .envoy(clusters: []), "envoy://127.0.0.1:9901"),
            (
                "check: envoy://127.0.0.1:9901, expect: { clusters: [a, b] }",
                .envoy(clusters: ["a", "b"]), "envoy://127.0.0.1:9901"
            ),
        ] as [(String, ProbeTarget.Kind, String)]
    )
    func `says what it is about`(
        check: String,
        kind: ProbeTarget.Kind,
        description: String
    ) throws {
        let target = try target(check)
        #expect(target.kind == kind)
        #expect(target.description == description)
        #expect(target.through == .none)
        #expect(target.direct == nil)
    }

    @Test func `asks a name server at its port for what it is told`() throws {
        let plain = try target("check: dns://10.0.0.2/App.Example.")
        #expect(plain.address.description == "10.0.0.2:53")
        #expect(plain.description == "dns://10.0.0.2:53/app.example")
        #expect(plain.kind == .dns(DNSQuestion(try #require(DNSName("app.example")))))
        let full = try target(
            "check: \"dns://[::1]:5353/x\", type: AAAA, expect: [\"0:0::1\", fd00::1]"
        )
        #expect(full.address.description == "[::1]:5353")
        #expect(
            full.kind
                == .dns(
                    DNSQuestion(try #require(DNSName("x")), .aaaa, expected: ["::1", "fd00::1"])
                )
        )
        #expect(try target("check: \"dns://[::1]/x\"").address.description == "[::1]:53")
        #expect(try target("check: dns://ns.example/x").address.description == "ns.example:53")
    }

    @Test(arguments: [
        ("check: tls://h", "6:15: \"h\" is no HOST:PORT"),
        ("check: tls://h:1/x", "6:15: tls knows no path"),
        ("check: tls://h:1, expect: { valid_fro: 1d }", "6:36: unknown key \"valid_fro\"; did"),
        ("check: tls://h:1, expect: { valid_for: 14 }", "6:47: \"14\" has no unit"),
        ("check: tls://h:1, authority: x", "6:26: unknown key \"authority\""),
        ("check: dns://h:53", "6:15: write dns://h:53/NAME"),
        ("check: dns://h/a..b", "6:15: write dns://h:53/NAME"),
        ("check: dns://h:0/a", "6:15: \"h:0\" is no HOST:PORT"),
        ("check: dns://h/a, type: AAA", "6:32: unknown word \"AAA\"; did you mean"),
        ("check: dns://h/a, expect: \"::1\"", "6:34: \"::1\" is no address such as 10.0.0.1"),
        ("check: dns://h/a, expect: [1.2.3.4, b]", "6:44: \"b\" is no address"),
        ("check: disk://var", "6:15: write disk:// and an absolute path"),
        ("check: \"disk:/var\"", "6:15: write disk:// and an absolute path"),
        ("check: disk:///, expect: { free: 2 }", "6:41: \"2\" has no unit"),
        ("check: disk:///, expect: { fre: 2GB }", "6:35: unknown key \"fre\"; did you mean free?"),
        ("check: disk:///, expect: { inodes: 101% }", "6:43: 101% is not within"),
        (
            "check: disk:///, expect: { free: 2GiB }, degraded_below: { free: 2GiB }",
            "6:65: free under degraded_below must be more"
        ),
        ("check: \"exec:\"", "6:6: the key command is missing"),
        ("check: \"exec:/bin/true\"", "6:15: write \"exec:\" and what it runs under command"),
        (
            "check: \"exec:\", command: /bin/true",
            "6:33: expected a list, found text: \"/bin/true\""
        ),
        ("check: \"exec:\", command: []", "6:33: must not be empty"),
        ("check: \"exec:\", command: [\"\"]", "6:33: the program has no name"),
        ("check: \"exec:\", comand: [x]", "6:24: unknown key \"comand\"; did you mean command?"),
        ("check: docker://a/b", "6:15: write docker://NAME"),
        ("check: docker://..", "6:15: write docker://NAME"),
        ("check: docker://a, socket: run/x", "6:35: \"run/x\" is no absolute path"),
        ("check: docker://a, expect: {}", "6:27: a container is expected to run"),
        ("check: envoy://h", "6:15: \"h\" is no HOST:PORT"),
        ("check: envoy://h:1/ready", "6:15: envoy knows no path"),
        ("check: envoy://u@h:1", "6:15: a envoy URL takes no user"),
        ("check: envoy://h:1, expect: { cluster: x }", "6:38: unknown key \"cluster\"; did"),
        ("check: disk:///, tls: {}, expect: { free: 1B }", "6:25: tls goes with"),
    ])
    func `is told where it is wrong`(check: String, message: String) {
        let found = errors(check)
        #expect(found.contains { $0.hasPrefix(message) }, "\(found)")
    }

    @Test(arguments: [
        "disk:///", "docker://a", "envoy://h:1", "exec:",
    ])
    func `has no way through the sidecar where nothing stands between`(url: String) throws {
        let command = url == "exec:" ? ", command: [x]" : ""
        for word in ["sidecar", "none"] {
            let found = errors("check: \"\(url)\"\(command), through: \(word)")
            #expect(found.count == 1, "\(found)")
            #expect(found.first?.contains("nothing stands between us and ") == true, "\(found)")
        }
        let text =
            "defaults: { through: sidecar }\nsidecar: {}\napps: {}\n"
            + "upstreams: { a: { check: \"\(url)\"\(command), effect: fail } }"
        let file = try gateway(text)
        #expect(file.value.checks[0].target.through == .none)
        // What is of this host alone takes no other host out.
        #expect(!file.warnings.contains { $0.message.contains("every host out") })
    }

    @Test func `is warned of when a disk is expected to have no room`() throws {
        let text = gatewayHead + "  a: { check: disk:///var }\n"
        #expect(
            try gateway(text).warnings.map(\.message)
                == [
                    "a: without expect: { free: 2GiB } a disk is up as long as it is there, full or not"
                ]
        )
    }

    @Test func `is another check when what it runs has changed`() throws {
        let one = try target("check: \"exec:\", command: [a, b]")
        let other = try target("check: \"exec:\", command: [a, c]")
        #expect(one.description == other.description)
        #expect(one.definition != other.definition)
    }
}
