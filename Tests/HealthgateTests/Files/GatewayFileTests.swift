import Gateway
import Health
import Loop
import Probes
import Testing
import YAML

import healthgate

/// The beginning of most files here: five lines, so that a check follows in the sixth.
let gatewayHead = """
    host: east-1
    sidecar: { admin: "http://127.0.0.1:9901", ingress: 127.0.1.1:10000 }
    upstreams: {}
    # the line above apps
    apps:

    """

func gateway(_ text: String) throws(YAMLError) -> ConfigurationFile<GatewayConfiguration> {
    try GatewayFile.read(Array(text.utf8), file: "gateway.yaml", hostName: "here")
}

/// All errors of a gateway file, as "line:column: message".
func gatewayErrors(_ text: String) -> [String] {
    do throws(YAMLError) {
        _ = try gateway(text)
        return []
    } catch {
        return error.problems.map { "\($0.place.line):\($0.place.column): \($0.message)" }
    }
}

@Suite struct `A gateway file` {
    static let full = """
        host: east-1
        listen:
          health: 0.0.0.0:9980
          admin: "unix:/run/healthgate.sock"
          health_tls: { cert: /etc/c.pem, key: /etc/k.pem, ca: /etc/ca.pem }
        state_dir: /var/lib/other
        sidecar: { admin: http://127.0.0.1:9901, ingress: 127.0.1.1:10000, app_clusters: [orders] }
        shutdown_within: 20s
        settle: 2s
        defaults: { interval: 2s, timeout: 700ms, rise: 3, fall: 4, down_interval: 400ms, jitter: 5% }
        freshness: { max_age: 6s, answer_within: 200ms }
        apps:
          orders: { check: grpc://127.0.0.1:9001/shop.v1.Orders, authority: orders.shop }
          web:
            check: http://127.0.0.1:9002/healthz?full=1
            expect: { status: [200-299, 304], body: ok, headers: { X-Version: v2 } }
            interval: on-poll
            hold_down: off
          batch: { check: tcp://127.0.0.1:9003, effect: degrade, rise: 1, max_age: 9s }
        upstreams:
          cache: { check: tcp://127.0.0.1:16379, send: "PING\\r\\n", expect: { hex: "2b 50" } }
          mail: { check: h2c://mail.example:8080, through: none, hold_down: { maximum: 2m } }
        exclude_on: [draining]
        admin: { read_token_file: /run/read, change_token: "${env:CHANGE}" }
        limits: { connections: 10, header_bytes: 8KiB, idle: 90s }
        verbose: true
        log: json
        """

    @Test func `yields all that it says`() throws {
        let configuration = try gateway(Self.full).value
        #expect(configuration.host == "east-1")
        #expect(configuration.listen.health == SocketAddress("0.0.0.0:9980"))
        #expect(configuration.listen.admin == .unix("/run/healthgate.sock"))
        #expect(
            configuration.listen.healthTLS
                == TLSSettings(
                    certificate: "/etc/c.pem",
                    key: "/etc/k.pem",
                    authorities: "/etc/ca.pem"
                )
        )
        #expect(configuration.listen.adminTLS == nil)
        #expect(configuration.stateDirectory == "/var/lib/other")
        #expect(configuration.sidecar?.admin == Endpoint("127.0.0.1:9901"))
        #expect(configuration.sidecar?.appClusters == ["orders"])
        #expect(configuration.shutdownWithin == .seconds(20))
        #expect(configuration.settle == .seconds(2))
        #expect(configuration.answerWithin == .milliseconds(200))
        #expect(configuration.excludeOn == [.draining])
        #expect(configuration.access.read.token == .file("/run/read"))
        #expect(configuration.access.change.token == .environment("CHANGE"))
        #expect(configuration.limits.connections == 10)
        #expect(configuration.limits.headerBytes == 8192)
        #expect(configuration.limits.idle == .seconds(90))
        #expect(configuration.verboseAnswers)
        #expect(configuration.logFormat == .json)
    }

    @Test func `yields its checks in order, each with the defaults filled in`() throws {
        let checks = try gateway(Self.full).value.checks
        #expect(
            checks.map(\.check.id) == [
                .app("orders"), .app("web"), .app("batch"), .upstream("cache"), .upstream("mail"),
            ]
        )
        #expect(checks.map(\.check.effect) == [.fail, .fail, .degrade, .inform, .inform])
        #expect(checks.map(\.check.rise) == [3, 3, 1, 3, 3])
        #expect(checks[0].check.interval == .every(.seconds(2)))
        #expect(checks[0].check.fall == 4)
        #expect(checks[0].check.downInterval == .milliseconds(400))
        #expect(checks[0].jitter == 0.05)
        #expect(checks[0].timeout == .milliseconds(700))
        #expect(checks[1].check.interval == .onPoll)
        #expect(checks[1].check.fall == 1)
        #expect(checks.map(\.check.maxAge) == [6, 6, 9, 6, 6].map { .seconds($0) })
        #expect(checks[0].check.holdDown == .standard)
        #expect(checks[1].check.holdDown == nil)
        #expect(checks[4].check.holdDown?.maximum == .seconds(120))
    }

    @Test func `sends apps through the ingress and upstreams to the sidecar's listeners`() throws {
        let targets = try gateway(Self.full).value.checks.map(\.target)
        let ingress = Endpoint("127.0.1.1:10000")
        #expect(targets[0].dial == ingress)
        #expect(targets[0].address == Endpoint("127.0.0.1:9001"))
        #expect(targets[0].authority == "orders.shop")
        #expect(targets[0].kind == .grpc(service: "shop.v1.Orders"))
        #expect(targets[1].dial == ingress)
        #expect(targets[1].authority == "web")
        #expect(
            targets[1].kind
                == .http(
                    path: "/healthz?full=1",
                    expect: .init(
                        statuses: [200...299, 304...304],
                        bodyContains: "ok",
                        headers: [.init(name: "x-version", value: "v2")]
                    )
                )
        )
        #expect(targets[2].through == .none)
        #expect(targets[2].dial == Endpoint("127.0.0.1:9003"))
        #expect(targets[3].through == .sidecar)
        #expect(targets[3].dial == Endpoint("127.0.0.1:16379"))
        #expect(targets[3].kind == .tcp(.init(send: Array("PING\r\n".utf8), expect: [0x2b, 0x50])))
        #expect(targets[4].through == .none)
        #expect(targets[4].kind == .h2c(path: "/", expect: .init()))
        #expect(targets[4].authority == "mail.example:8080")
    }

    @Test func `needs nothing but its apps`() throws {
        let file = try gateway("apps: { a: { check: tcp://127.0.0.1:1 } }")
        #expect(file.warnings == [])
        let configuration = file.value
        #expect(configuration.host == "here")
        #expect(configuration.listen.health == SocketAddress("0.0.0.0:9980"))
        #expect(configuration.listen.admin == SocketAddress("127.0.0.1:9981"))
        #expect(configuration.stateDirectory == "/var/lib/healthgate")
        #expect(configuration.excludeOn == [.draining, .starting])
        #expect(configuration.answerWithin == .milliseconds(250))
        #expect(configuration.checks[0].check.maxAge == .seconds(5))
    }

    @Test func `without apps is refused`() {
        #expect(gatewayErrors("upstreams: {}") == ["1:1: the key apps is missing"])
    }

    @Test func `tells all its errors at once`() {
        let text = """
            hots: east-1
            listen: { health: 9980, admin: localhost:9981 }
            sidecar: { admin: 127.0.0.1:9901, ingress: "127.0.1.1" }
            defaults: { interval: 1, timeout: 800mss, rise: 0, jitter: 80% }
            apps:
              orders: { check: grcp://127.0.0.1:9001 }
              web: { check: http://127.0.0.1:9002, efect: fail, expect: { status: 200-99 } }
              a b: { check: http://127.0.0.1/ }
            exclude_on: [draning, up]
            shutdown_within: yes
            """
        #expect(
            gatewayErrors(text) == [
                #"1:1: unknown key "hots"; did you mean host?"#,
                #"2:19: expected text, found a number: "9980""#,
                #"2:32: "localhost:9981" is no address such as 127.0.0.1:80, [::1]:80 or unix:/run/x.sock"#,
                #"3:19: "127.0.0.1:9901" is no URL such as http://127.0.0.1:9901"#,
                #"3:44: "127.0.1.1" is no HOST:PORT"#,
                #"4:23: "1" has no unit: write for example 5s or 800ms"#,
                #"4:35: "800mss" has the unknown unit "mss"; known: d, h, m, ms, ns, s, us, µs"#,
                "4:49: must be 1 to 1000",
                "4:60: 80% is not within 0% to 50%",
                #"6:20: unknown scheme "grcp"; did you mean grpc?"#,
                #"7:40: unknown key "efect"; did you mean effect?"#,
                #"7:71: "200-99" is no status such as 200 or 200-299"#,
                #"8:3: "a b" is no name: write letters, digits, dots, _ and -"#,
                #"8:17: "127.0.0.1" is no HOST:PORT"#,
                #"9:14: unknown word "draning"; did you mean draining?"#,
                "9:23: up answers 200, which excludes no host",
                #"10:18: "yes" is no number with a unit, such as 5s or 800ms"#,
            ]
        )
    }

    @Test func `takes no environment but for secrets, and no secrets as text`() {
        let text = """
            host: "${env:HOST}"
            admin: { change_token: hunter2, read_token: "${env:}" }
            apps: {}
            """
        let errors = gatewayErrors(text)
        #expect(errors.count == 4)
        #expect(errors[0].hasPrefix("1:7: ${env:…} is read under"))
        #expect(errors[2].hasPrefix("2:24: a secret is not written here"))
        #expect(errors[3].hasPrefix("2:45: ${env:…} wants the name"))
        #expect(!errors.joined().contains("hunter2"))
    }
}
