import Release
import YAML

/// What `runtime` says for all hosts.
struct CommandRuntime {
    let commands: PartialCommands
    let limits: PlanConfiguration.CommandLimits
}

/// The commands as written: those of a host stand over those for all.
struct PartialCommands {
    /// The keys, in the order of a release.
    static let keys = ["pull", "stop", "start_proxy", "start_apps", "version"]

    /// nil: written, but wrong, which is told already.
    var argv: [String: [String]?] = [:]

    func overridden(by other: PartialCommands) -> PartialCommands {
        PartialCommands(argv: argv.merging(other.argv) { $1 })
    }

    /// Fills in all but the version; tells which command the host lacks.
    func complete(
        host: String,
        site: String?,
        address: String?,
        _ section: YAMLSection
    ) -> PlanConfiguration.Commands? {
        let missing = Self.keys.filter { argv[$0] == nil }
        if !missing.isEmpty {
            section.report.error(
                "no command \(missing.joined(separator: ", ")) for \(host): "
                    + "give it here or for all under runtime",
                at: section.place
            )
        }
        let written = argv.compactMapValues { $0 }
        guard let site, let address, written.count == Self.keys.count else { return nil }
        let values = ["host": host, "site": site, "address": address]
        let filled = written.mapValues { words in words.map { Placeholder.fill($0, values) } }
        if !filled.values.joined().contains(where: { $0.contains("{version}") }) {
            section.report.warn("no command of \(host) uses {version}", at: section.place)
        }
        return PlanConfiguration.Commands(
            pull: filled["pull", default: []],
            stop: filled["stop", default: []],
            startProxy: filled["start_proxy", default: []],
            startApps: filled["start_apps", default: []],
            version: filled["version", default: []]
        )
    }
}

extension YAMLValue where Value == PartialCommands {
    static var partialCommands: YAMLValue {
        .section { section in PartialCommands(reading: section) }
    }
}

extension PartialCommands {
    fileprivate init(reading section: YAMLSection) {
        for key in Self.keys where section.node(key) != nil {
            argv[key] = .some(section.optional(key, .list(of: .commandWord, atLeast: 1)))
        }
    }
}

extension YAMLValue where Value == CommandRuntime {
    static var runtime: YAMLValue {
        .section { section in
            section.refuse("compose", "runtime compose is not in this build; use command")
            guard section.node("compose") == nil else { return nil }
            return section.required("command", .command)
        }
    }

    private static var command: YAMLValue {
        .section { section in
            let standard = PlanConfiguration.CommandLimits()
            return CommandRuntime(
                commands: PartialCommands(reading: section),
                limits: PlanConfiguration.CommandLimits(
                    within: section.optional("within", .time, default: standard.within),
                    quietPull: section.optional("quiet_pull", .time, default: standard.quietPull)
                )
            )
        }
    }
}

extension YAMLValue where Value == String {
    /// A word of a command line, whose placeholders are known ones.
    fileprivate static var commandWord: YAMLValue {
        word.map { text throws(YAMLMismatch) in
            for name in Placeholder.names(in: text) where !Placeholder.known.contains(name) {
                let hint = suggestion(for: name, among: Placeholder.known)
                throw YAMLMismatch("unknown placeholder {\(name)}\(hint)")
            }
            return text
        }
    }
}

/// `{name}` within a word. Other braces, as in JSON, are text.
private enum Placeholder {
    static let known = ["address", "host", "site", "version"]

    static func names(in text: String) -> [String] {
        text.split(separator: "{", omittingEmptySubsequences: false).dropFirst().compactMap {
            part in
            guard let end = part.firstIndex(of: "}") else { return nil }
            let name = part[..<end]
            let isName = !name.isEmpty && name.allSatisfy { $0 == "_" || ("a"..."z") ~= $0 }
            return isName ? String(name) : nil
        }
    }

    static func fill(_ text: String, _ values: [String: String]) -> String {
        values.reduce(text) { text, value in
            text.split(separator: "{\(value.key)}", omittingEmptySubsequences: false)
                .joined(separator: value.value)
        }
    }
}
