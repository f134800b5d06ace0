import Gateway
import Testing
import YAML

import healthgate

@Suite struct `The admin section of a gateway file` {
    private static let apps = "apps: { a: { check: tcp://127.0.0.1:1, expect: x } }\n"
    private static let tls = "admin_tls: { cert: /c, key: /k, ca: /ca }"

    private func read(_ text: String) throws -> (GatewayConfiguration, [String]) {
        let file = try gateway(text + Self.apps)
        return (file.value, file.warnings.map { "\($0.place): \($0.message)" })
    }

    private func errors(_ text: String) -> [String] { gatewayErrors(text + Self.apps) }

    @Test func `names who may read and who may change`() throws {
        let (configuration, warnings) = try read(
            """
            listen: { admin: 10.0.0.7:9981, \(Self.tls) }
            admin:
              read_certificates: grafana.example
              change_token_file: /run/change
              change_certificates: [jenkins.example, spiffe://shop/deploy]

            """
        )
        #expect(configuration.access.read.certificates == ["grafana.example"])
        #expect(configuration.access.read.token == nil)
        #expect(configuration.access.change.token == .file("/run/change"))
        #expect(
            configuration.access.change.certificates == ["jenkins.example", "spiffe://shop/deploy"]
        )
        #expect(warnings == [])
    }

    @Test func `names users by name and number`() throws {
        let (configuration, warnings) = try read(
            """
            listen: { admin: "unix:/run/healthgate.sock" }
            admin: { read_users: monitor, change_users: [root, 1000, "7"] }

            """
        )
        #expect(configuration.access.read.users == [.name("monitor")])
        #expect(configuration.access.change.users == [.name("root"), .id(1000), .id(7)])
        #expect(warnings == [])
    }

    @Test func `is refused where it asks for what nobody can show`() {
        #expect(
            errors("admin: { change_certificates: [a], read_users: [root] }\n") == [
                "1:31: clients are asked for certificates only with listen.admin_tls and its ca",
                "1:48: users are known on a Unix socket only, and admin listens on 127.0.0.1:9981",
            ]
        )
        let half = "listen: { admin_tls: { cert: /c, key: /k } }\nadmin: { read_certificates: a }\n"
        #expect(errors(half).count == 1)
        let unix = "listen: { admin: \"unix:/x\" }\n"
        #expect(
            errors(
                unix + "admin: { change_users: [\"\", 4294967295, 99999999999], read_users: [] }\n"
            )
                == [
                    #"2:25: "" is no user's name or number"#,
                    #"2:29: "4294967295" is no user's name or number"#,
                    #"2:41: "99999999999" is no user's name or number"#,
                    "2:67: must not be empty",
                ]
        )
    }

    @Test func `is warned of where others could call, or listen in`() throws {
        let open = try read("listen: { admin: 10.0.0.7:9981 }\n").1
        #expect(open.count == 2)
        #expect(open[0].contains("without a token for read, so serve will refuse to start"))
        #expect(open[0].contains("set admin.read_token_file, or admin.read_certificates"))
        #expect(open[1].contains("without a token for change"))
        let tokens = "admin: { read_token_file: /r, change_token_file: /c }\n"
        let clear = try read("listen: { admin: 10.0.0.7:9981 }\n" + tokens).1
        #expect(clear.count == 1)
        #expect(clear.first?.contains("travel in the clear to 10.0.0.7:9981") == true)
        #expect(try read(tokens).1 == [])
        #expect(try read("listen: { admin: 10.0.0.7:9981, \(Self.tls) }\n" + tokens).1 == [])
    }

    @Test func `is warned of where nobody could change`() throws {
        let warnings = try read("admin: { read_token_file: /r }\n").1
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("so nobody may change") == true)
    }
}
