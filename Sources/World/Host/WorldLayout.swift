/// Where everything of one world is: addresses, ports, folders, programs. All that a host's control
/// commands need to know is written to the world's folder, so they take that folder and a name.
package struct WorldLayout: Hashable, Sendable {
    package let directory: String
    /// Added to every port, so that two worlds can stand side by side.
    package let portOffset: Int
    package let fronts: Int
    package let envoy: String
    package let healthgate: String
    package let demo: String
    /// Restart a sidecar or gateway that was killed, as a container engine does.
    package let isSupervised: Bool
    /// The gateways' admin ports speak TLS, and want a certificate and a token.
    package let isSecured: Bool

    package init(
        directory: String,
        portOffset: Int = 0,
        fronts: Int = 1,
        envoy: String,
        healthgate: String,
        demo: String,
        isSupervised: Bool = false,
        isSecured: Bool = false
    ) {
        self.directory = directory
        self.portOffset = portOffset
        self.fronts = fronts
        self.envoy = envoy
        self.healthgate = healthgate
        self.demo = demo
        self.isSupervised = isSupervised
        self.isSecured = isSecured
    }

    package static let apps = ["app1", "app2"]

    package var hosts: [WorldHost] {
        WorldHost.all.map { WorldHost(layout: self, name: $0.name, site: $0.site, ip: $0.ip) }
    }

    package func host(_ name: String) throws(WorldError) -> WorldHost {
        guard let host = hosts.first(where: { $0.name == name }) else {
            throw WorldError(
                "no host \(name); there are \(hosts.map(\.name).joined(separator: ", "))"
            )
        }
        return host
    }

    package var frontEnvoys: [WorldFront] {
        (0..<fronts).map { WorldFront(layout: self, number: $0) }
    }

    package var planFile: String { "\(directory)/release.yaml" }
    package var journalFile: String { "\(directory)/release.journal" }
    package var driverPidFile: String { "\(directory)/driver.pid" }

    /// The start options of a version's apps, one file a version; no file, no such version.
    package func versionFile(_ version: String) -> String {
        "\(directory)/versions/\(version)"
    }

    func port(_ number: Int) -> Int { number + portOffset }

    /// Where the database is that all hosts share.
    var databaseAddress: String { "127.0.0.1:\(port(5432))" }

    // MARK: Kept in the world's folder

    private var layoutFile: String { "\(directory)/world" }

    package func save() throws(WorldError) {
        try SmallFiles.makeFolder("\(directory)/versions")
        let lines = [
            "ports=\(portOffset)", "fronts=\(fronts)", "supervised=\(isSupervised)",
            "secured=\(isSecured)", "envoy=\(envoy)", "healthgate=\(healthgate)", "demo=\(demo)",
        ]
        try SmallFiles.write(lines.joined(separator: "\n") + "\n", to: layoutFile)
    }

    package init(savedIn directory: String) throws(WorldError) {
        let file = "\(directory)/world"
        guard let text = SmallFiles.read(file) else {
            throw WorldError("\(directory) is no demo world: it has no file \"world\"")
        }
        var values: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let pair = line.split(separator: "=", maxSplits: 1).map(String.init)
            if pair.count == 2 { values[pair[0]] = pair[1] }
        }
        guard let ports = values["ports"].flatMap({ Int($0) }),
            let fronts = values["fronts"].flatMap({ Int($0) }),
            let envoy = values["envoy"], let healthgate = values["healthgate"],
            let demo = values["demo"]
        else { throw WorldError("\(file) is incomplete") }
        self.init(
            directory: directory,
            portOffset: ports,
            fronts: fronts,
            envoy: envoy,
            healthgate: healthgate,
            demo: demo,
            isSupervised: values["supervised"] == "true",
            isSecured: values["secured"] == "true"
        )
    }
}

/// One application host of the world, on a loopback address of its own.
package struct WorldHost: Hashable, Sendable {
    let layout: WorldLayout
    package let name: String
    package let site: String
    package let ip: String

    fileprivate static let all: [(name: String, site: String, ip: String)] = [
        ("east-1", "east", "127.0.1.1"), ("east-2", "east", "127.0.1.2"),
        ("west-1", "west", "127.0.2.1"), ("west-2", "west", "127.0.2.2"),
    ]

    package var ingress: String { "\(ip):\(layout.port(10000))" }
    package var sidecarAdmin: String { "\(ip):\(layout.port(9901))" }
    package var healthAddress: String { "\(ip):\(layout.port(9980))" }
    package var gatewayAdmin: String { "\(ip):\(layout.port(9981))" }

    /// Where a scenario's relay stands in front of the gateway's admin port.
    package var gatewayRelay: String { "\(ip):\(layout.port(9982))" }

    package func appAddress(_ app: String) -> String {
        let index = WorldLayout.apps.firstIndex(of: app) ?? 0
        return "\(ip):\(layout.port(9001 + index))"
    }

    package var directory: String { "\(layout.directory)/hosts/\(name)" }
    package var sidecarConfig: String { "\(directory)/sidecar.yaml" }
    package var gatewayConfig: String { "\(directory)/gateway.yaml" }
    package var stateDirectory: String { "\(directory)/state" }
    package func log(_ service: String) -> String { "\(directory)/log/\(service).log" }
    package func pidFile(_ service: String) -> String { "\(directory)/run/\(service).pid" }
    package var runDirectory: String { "\(directory)/run" }
    /// The version the apps were started at.
    package func versionMark(_ app: String) -> String { "\(runDirectory)/\(app).version" }
    /// What an app that runs is told to do wrong.
    package func faultFile(_ app: String) -> String { "\(directory)/run/\(app).faults" }
    /// There once a version was pulled onto this host.
    package func image(_ version: String) -> String { "\(directory)/images/\(version)" }
}

/// One Front Envoy of the world.
package struct WorldFront: Hashable, Sendable {
    let layout: WorldLayout
    let number: Int

    package var name: String {
        switch number {
        case 0: "edge-east"
        case 1: "edge-west"
        default: "edge-\(number + 1)"
        }
    }
    package var ip: String { "127.0.0.\(number + 1)" }
    package var users: String { "\(ip):\(layout.port(8080))" }
    package var admin: String { "\(ip):\(layout.port(9901))" }
    package var directory: String { "\(layout.directory)/fronts/\(name)" }
    package var config: String { "\(directory)/front.yaml" }
    package var accessLog: String { "\(directory)/access.jsonl" }
    package var healthLog: String { "\(directory)/health.jsonl" }
    package var log: String { "\(directory)/envoy.log" }
    package var pidFile: String { "\(directory)/envoy.pid" }
}

extension WorldLayout {
    /// A text with each host's name in the place of its address.
    package func named(_ text: String) -> String {
        var template = Template(text)
        for host in hosts { try? template.replace(host.ingress, by: host.name) }
        return template.rendered
    }
}
