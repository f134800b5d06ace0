import Gateway
import Glibc
import Release
package import YAML

/// What a file says, and what in it is legal and probably not meant.
package struct ConfigurationFile<Value: Sendable>: Sendable {
    package let value: Value
    package let warnings: [YAMLProblem]

    /// Reads all of a document; what is wrong with it comes in one error.
    static func read(
        _ root: YAMLNode,
        as value: YAMLValue<Value>
    ) throws(YAMLError) -> ConfigurationFile {
        let report = YAMLReport()
        refuseEnvironment(in: root, report)
        guard let value = report.read(root, as: value) else { throw YAMLError(report.errors) }
        return ConfigurationFile(value: value, warnings: report.warnings)
    }
}

/// The kinds of file that healthgate reads, told apart by their keys.
package enum FileKind: Hashable, Sendable {
    case gateway, release

    package init(of root: YAMLNode) throws(YAMLError) {
        let gateway = ["apps", "upstreams", "listen", "sidecar"].count { root[$0] != nil }
        let release = ["release", "fronts", "hosts", "runtime"].count { root[$0] != nil }
        guard gateway != release else {
            let message =
                "neither a gateway file (apps, upstreams, listen, …) "
                + "nor a release file (release, fronts, hosts, …)"
            throw YAMLError([YAMLProblem(message, at: root.place)])
        }
        self = gateway > release ? .gateway : .release
    }
}

/// `${env:NAME}` is for secrets, which have keys of their own. Elsewhere it would be taken
/// literally, which nobody means.
private func refuseEnvironment(in node: YAMLNode, _ report: YAMLReport) {
    switch node.content {
    case .scalar(let scalar):
        if scalar.text.contains("${env:") {
            let keys = secretKeys.sorted().joined(separator: ", ")
            report.error("${env:…} is read under \(keys) only", at: node.place)
        }
    case .sequence(let items):
        for item in items { refuseEnvironment(in: item, report) }
    case .mapping(let entries):
        for entry in entries where !secretKeys.contains(entry.name) {
            refuseEnvironment(in: entry.value, report)
        }
    }
}

/// The name that this machine gives itself.
package func machineHostName() -> String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
