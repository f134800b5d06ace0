import Gateway
import Health
import Probes
import YAML

/// What `healthgate probe` is told, made into a target by the rules of a gateway's file, so that both
/// mean the same.
struct ProbeOptions {
    let url: String
    let depth: String?
    let passwordFile: String?
    let role: String?
    let throughSidecar: Bool
    /// More keys of a check, each with its value.
    let with: [String]
    /// What `exec:` runs.
    let command: [String]

    func target() throws(YAMLError) -> ProbeTarget {
        var entries = ["check: \(literal(url))"]
        if throughSidecar { entries.append("through: sidecar") }
        if let depth { entries.append("depth: \(literal(depth))") }
        if let passwordFile { entries.append("password_file: \(literal(passwordFile))") }
        if let role { entries.append("expect: { role: \(literal(role)) }") }
        if !command.isEmpty {
            entries.append("command: [\(command.map(literal).joined(separator: ", "))]")
        }
        entries += with
        let sidecar = throughSidecar ? "sidecar: { admin: http://127.0.0.1:1 }\n" : ""
        let text = """
            \(sidecar)defaults: { through: none }
            apps: {}
            upstreams: { target: { \(entries.joined(separator: ", ")) } }
            """
        let read = try GatewayFile.read(Array(text.utf8), file: "TARGET", hostName: "here")
        guard let check = read.value.checks.first else {
            throw YAMLError([
                YAMLProblem("no target", at: YAMLPlace(file: "TARGET", line: 1, column: 1))
            ])
        }
        return check.target
    }
}

/// A text as YAML has it in double quotes, whatever is in it.
private func literal(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { scalar in
        switch scalar {
        case "\"", "\\": "\\" + String(scalar)
        case _ where scalar.properties.generalCategory == .control || scalar.value > 0x7e:
            "\\U" + String(String(1 << 32 | Int(scalar.value), radix: 16).dropFirst())
        default: String(scalar)
        }
    }
    return "\"\(scalars.joined())\""
}
