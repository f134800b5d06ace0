import Loop
package import Release
package import YAML

/// Reads `release.yaml`.
package enum ReleaseFile {
    /// All errors come at once. `file` is the path as given: the journal's default stands beside it.
    package static func read(
        _ bytes: [UInt8],
        file: String
    ) throws(YAMLError) -> ConfigurationFile<PlanConfiguration> {
        let root = try YAMLDocument.parse(bytes, file: file)
        return try ConfigurationFile.read(
            root,
            as: .section { section in plan(section, file: file) }
        )
    }

    private static func plan(_ section: YAMLSection, file: String) -> PlanConfiguration? {
        refuseOtherBuilds(section)
        let name = section.required("release", .identifier)
        let fronts = section.required("fronts", .fronts)
        let runtime = section.required("runtime", .runtime)
        let entries = section.required("hosts", .hosts(runtime)) ?? []
        let order = section.optional("order", .order(entries), default: Order())
        let drain = section.optional("drain", .drain, default: .init())
        let health = section.optional("health", .healthWait, default: .init())
        let apiTests = section.optional("apitest", .apiTests(beside: file))
        let onFailure = section.optional("on_failure", .onFailure, default: .stop)
        let onEarlyFailure: PlanConfiguration.EarlyFailureAction = section.optional(
            "on_early_failure",
            .choice,
            default: .restore
        )
        let journal = section.optional("journal", .path)
        let minAvailable = minAvailable(section, hosts: entries.count)
        let hosts = entries.compactMap(\.host)
        guard let name, let fronts, let runtime, let minAvailable, hosts.count == entries.count
        else { return nil }
        return PlanConfiguration(
            name: name,
            fronts: fronts,
            hosts: order.sorted(hosts),
            canary: order.canary,
            pauseAfterCanary: order.pause,
            journal: beside(file, journal ?? "\(name).journal"),
            limits: runtime.limits,
            minAvailable: minAvailable,
            drain: drain,
            health: health,
            apiTests: apiTests,
            onFailure: onFailure,
            onEarlyFailure: onEarlyFailure
        )
    }

    /// Below the number of hosts, or none could ever be drained.
    private static func minAvailable(_ section: YAMLSection, hosts: Int) -> Int? {
        let written = section.optional("guard", .minAvailable) ?? nil
        guard hosts > 0 else { return nil }
        if let least = written ?? (hosts > 1 ? 1 : nil), least < hosts { return least }
        section.report.error(
            written == nil
                ? "one host alone leaves none to serve: agree by guard: { min_available: 0 }"
                : "min_available must be below the number of hosts, \(hosts)",
            at: section.place(of: "guard")
        )
        return nil
    }

    /// What a plan may hold and this build cannot do. Passing over it in silence would be a release
    /// without its tests.
    private static func refuseOtherBuilds(_ section: YAMLSection) {
        for (key, what) in [
            ("migrate", "migrations are"),
            ("notify", "notifications are"), ("disk", "the disk check of images is"),
        ] {
            section.refuse(key, "\(what) not in this build: leave \(key) out")
        }
    }

    /// A path relative to the folder of the plan.
    static func beside(_ file: String, _ path: String) -> String {
        guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
        return file[...slash] + path
    }
}

extension YAMLValue where Value == PlanConfiguration.APITests {
    fileprivate static func apiTests(beside file: String) -> YAMLValue {
        .section { section in
            let suites = section.required("suites", .oneOrMore(of: .name))
            let authority = section.optional("authority", .authority)
            return suites.map { suites in
                PlanConfiguration.APITests(
                    suites: suites.map { ReleaseFile.beside(file, $0) },
                    authority: authority
                )
            }
        }
    }
}
