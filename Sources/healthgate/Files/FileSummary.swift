import Gateway
import Health
import Release
package import YAML

/// A good file in a line, with its warnings.
package struct FileSummary: Sendable {
    package let words: String
    package let warnings: [YAMLProblem]

    package init(_ bytes: [UInt8], file: String) throws(YAMLError) {
        switch try FileKind(of: YAMLDocument.parse(bytes, file: file)) {
        case .gateway:
            let read = try GatewayFile.read(bytes, file: file)
            let checks = read.value.checks.map(\.check.id)
            let apps = checks.count { $0.kind == .app }
            words =
                "a good gateway file: host \(read.value.host), "
                + "\(count(apps, "app")), \(count(checks.count - apps, "upstream"))"
            warnings = read.warnings
        case .release:
            let read = try ReleaseFile.read(bytes, file: file)
            let order = read.value.hosts.map(\.name).joined(separator: ", ")
            words =
                "a good release file: \(read.value.name) on \(order), "
                + "\(count(read.value.fronts.count, "front"))"
            warnings = read.warnings
        }
    }
}

private func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
}
