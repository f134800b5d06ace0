import Loop

/// The world's `release.yaml`: the `command` runtime, whose commands are the hosts' controls.
package struct ReleasePlan: Sendable {
    package let layout: WorldLayout
    package var canary = "west-1"
    /// The hosts that are released, or all.
    package var hosts: [String]
    /// Those of them whose gateways are called through a relay.
    package var relayed: [String] = []
    package var minAvailable = 2
    /// Longer than the longest stream of the load, plus room for a busy machine.
    package var streamsWithin = "60s"
    package var onTimeout = "fail"
    package var quietFor = "1s"
    package var hold = "2s"
    package var deadline = "60s"
    /// Files of API tests.
    package var suites: [String] = []
    /// How long a stopped app may take for its last calls.
    package var stopGrace = "15s"
    /// Where the token of a secured world lies.
    package var tokenFile: String
    /// Whether the driver shows a certificate there.
    package var showsCertificate = true

    package init(_ layout: WorldLayout) {
        self.layout = layout
        hosts = layout.hosts.map(\.name)
        tokenFile = layout.tokenFile
    }

    package var text: String {
        let fronts = layout.frontEnvoys.map {
            "  - { name: \($0.name), admin: \"http://\($0.admin)\" }"
        }
        let chosen = layout.hosts.filter { self.hosts.contains($0.name) }
        let sites = ["west", "east"].filter { site in chosen.contains { $0.site == site } }
        let hosts = chosen.map { host in
            """
              \(host.name): { site: \(host.site), address: "\(host.ingress)", \
            gateway: \(gateway(host)) }
            """
        }
        return """
            release: demo
            fronts:
            \(fronts.joined(separator: "\n"))
            hosts:
            \(hosts.joined(separator: "\n"))
            journal: \(layout.journalFile)
            order: { sites: [\(sites.joined(separator: ", "))], canary: \(canary) }
            runtime:
              command:
                pull: \(command("pull", version))
                stop: \(command("stop", ["--grace", stopGrace]))
                start_proxy: \(command("start-proxy"))
                start_apps: \(command("start-apps", version))
                version: \(command("version"))
            guard: { min_available: \(minAvailable) }
            drain:
              exclude_within: auto
              quiet_for: \(quietFor)
              streams_within: \(streamsWithin)
              on_timeout: \(onTimeout)
            health: { hold: \(hold), deadline: \(deadline) }
            on_failure: stop
            \(apiTests)
            """
    }

    private var apiTests: String {
        let files = suites.map { "\"\($0)\"" }.joined(separator: ", ")
        return suites.isEmpty ? "" : "apitest: { suites: [\(files)] }\n"
    }

    private func gateway(_ host: WorldHost) -> String {
        guard layout.isSecured else {
            let address = relayed.contains(host.name) ? host.gatewayRelay : host.gatewayAdmin
            return "\"http://\(address)\""
        }
        let own = layout.certificate("driver")
        var tls = ["ca: \(layout.authorities)"]
        if showsCertificate { tls += ["cert: \(own.certificate ?? "")", "key: \(own.key ?? "")"] }
        if let name = layout.certificateName(host) { tls.append("name: \(name)") }
        return "\"https://\(host.gatewayAdmin)\", token_file: \(tokenFile), "
            + "tls: { \(tls.joined(separator: ", ")) }"
    }

    private var version: [String] { ["--version", "{version}"] }

    private func command(_ verb: String, _ more: [String] = []) -> String {
        let argv =
            [layout.demo, "host", verb, "--dir", layout.directory, "--host", "{host}"] + more
        return "[" + argv.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    }
}
