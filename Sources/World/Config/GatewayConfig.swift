import Loop

/// One host's `gateway.yaml`.
package struct GatewayConfig: Sendable {
    package let host: WorldHost
    /// A gateway that looks at its sidecar only: it says 200 before any app is there. For the
    /// negative control.
    package var isEarly = false
    /// Checks the database, which all hosts reach through their sidecars.
    package var hasDatabase = false

    package init(_ host: WorldHost, isEarly: Bool = false, hasDatabase: Bool = false) {
        self.host = host
        self.isEarly = isEarly
        self.hasDatabase = hasDatabase
    }

    private var upstreams: String {
        guard hasDatabase else { return "" }
        let port = host.layout.port(15432)
        return "upstreams:\n  orders-db: { check: \"tcp://\(host.ip):\(port)\", send: \"ping\\n\", "
            + "expect: pong, direct: \"\(host.layout.databaseAddress)\" }\n"
    }

    private var tls: String {
        guard host.layout.isSecured else { return "" }
        let own = host.layout.certificate(host.name)
        return ", admin_tls: { cert: \(own.certificate ?? ""), key: \(own.key ?? ""), "
            + "ca: \(host.layout.authorities) }"
    }

    private var tokens: String {
        let file = host.layout.tokenFile
        return host.layout.isSecured
            ? "admin: { read_token_file: \(file), change_token_file: \(file) }\n" : ""
    }

    package var text: String {
        let apps = WorldLayout.apps.map { app in
            isEarly
                ? "  \(app): { check: \"http://\(host.sidecarAdmin)/ready\", through: none }"
                : "  \(app): { check: \"grpc://\(host.appAddress(app))/\(app)\", authority: \(app) }"
        }
        return """
            host: \(host.name)
            listen: { health: "\(host.healthAddress)", admin: "\(host.gatewayAdmin)"\(tls) }
            \(tokens)\
            state_dir: \(host.stateDirectory)
            sidecar: { admin: "http://\(host.sidecarAdmin)", ingress: "\(host.ingress)" }
            shutdown_within: 10s
            defaults: { interval: 500ms, timeout: 400ms, rise: 2, fall: 3, down_interval: 250ms, jitter: 10% }
            freshness: { max_age: 5s, answer_within: 250ms }
            apps:
            \(apps.joined(separator: "\n"))
            \(upstreams)
            """
    }
}
