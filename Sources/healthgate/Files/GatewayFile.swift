package import Gateway
import Health
import Loop
package import YAML

/// Reads `gateway.yaml`.
package enum GatewayFile {
    /// All errors come at once. `hostName` is used where the file names no host.
    package static func read(
        _ bytes: [UInt8],
        file: String,
        hostName: String = machineHostName()
    ) throws(YAMLError) -> ConfigurationFile<GatewayConfiguration> {
        let root = try YAMLDocument.parse(bytes, file: file)
        return try ConfigurationFile.read(
            root,
            as: .section { section in configuration(section, hostName: hostName) }
        )
    }

    private static func configuration(
        _ section: YAMLSection,
        hostName: String
    ) -> GatewayConfiguration? {
        let host = section.optional("host", .identifier, default: hostName)
        let listen = section.optional("listen", .listen) ?? standardListen
        let sidecar = section.optional("sidecar", .sidecar)
        let freshness = section.optional("freshness", .freshness, default: Freshness())
        let defaults = section.optional(
            "defaults",
            .defaults(maxAge: freshness.maxAge),
            default: CheckDefaults(maxAge: freshness.maxAge)
        )
        let context = CheckContext(
            sidecar: sidecar,
            saysSidecar: section.node("sidecar") != nil,
            saysIngress: section.node("sidecar")?["ingress"] != nil,
            defaults: defaults,
            answerWithin: freshness.answerWithin
        )
        let apps = section.required("apps", .checks(.app, context))
        let upstreams = section.optional("upstreams", .checks(.upstream, context), default: [])
        guard
            var configuration = listen.map({ listen in
                GatewayConfiguration(host: host, listen: listen, checks: (apps ?? []) + upstreams)
            })
        else { return nil }
        configuration.sidecar = sidecar
        configuration.answerWithin = freshness.answerWithin
        readRest(of: section, into: &configuration)
        // Of apps that could not be read, nothing is known.
        guard apps != nil else { return nil }
        warn(configuration, section)
        return configuration
    }

    private static func readRest(
        of section: YAMLSection,
        into configuration: inout GatewayConfiguration
    ) {
        func read<Value>(_ key: String, _ value: YAMLValue<Value>, _ field: inout Value) {
            field = section.optional(key, value, default: field)
        }
        read("state_dir", .absolutePath, &configuration.stateDirectory)
        read("shutdown_within", .wait, &configuration.shutdownWithin)
        read("settle", .wait, &configuration.settle)
        read("exclude_on", .verdicts, &configuration.excludeOn)
        read("admin", .access, &configuration.access)
        configuration.limits.probes = .probes(forChecks: configuration.checks.count)
        read("limits", .limits(configuration.limits), &configuration.limits)
        read("verbose", .bool, &configuration.verboseAnswers)
        read("log", .choice, &configuration.logFormat)
    }

    private static var standardListen: GatewayConfiguration.Listen? {
        guard let standardHealthAddress, let standardAdminAddress else { return nil }
        return .init(health: standardHealthAddress, admin: standardAdminAddress)
    }

    private static func warn(_ configuration: GatewayConfiguration, _ section: YAMLSection) {
        let report = section.report
        let listen = configuration.listen
        if listen.health == listen.admin, listen.admin.port != 0 {
            report.error("health and admin are the same address", at: section.place(of: "listen"))
        }
        AdminWarnings(configuration, section).tell()
        if !configuration.checks.contains(where: \.isRequiredApp) {
            report.warn(
                "no app has effect: fail, so the host is up whatever its apps do",
                at: section.place(of: "apps")
            )
        }
        if configuration.excludeOn.contains(.down) {
            report.warn(
                "down in exclude_on takes the edges' own protection (panic) away",
                at: section.place(of: "exclude_on")
            )
        }
    }
}

extension CheckConfiguration {
    /// One without whose `rise` passes the host is not up.
    var isRequiredApp: Bool { check.id.kind == .app && check.effect == .fail }
}
