import Gateway
import Health
import Loop
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
    /// The admin URL of the sidecar; it goes through that then.
    let sidecar: String?
    /// More keys of a check, each with its value.
    let with: [String]
    /// What `exec:` runs.
    let command: [String]

    struct Asked {
        let target: ProbeTarget
        /// The sidecar's admin address.
        let sidecar: Endpoint?
    }

    func asked() throws(YAMLError) -> Asked {
        let throughSidecar = throughSidecar || sidecar != nil
        var entries = ["check: \(literal(url))"]
        if throughSidecar { entries.append("through: sidecar") }
        if let depth { entries.append("depth: \(literal(depth))") }
        if let passwordFile { entries.append("password_file: \(literal(passwordFile))") }
        if let role { entries.append("expect: { role: \(literal(role)) }") }
        if !command.isEmpty {
            entries.append("command: [\(command.map(literal).joined(separator: ", "))]")
        }
        entries += with
        // Without an admin address there is nobody to ask, but the way is the same.
        let admin = literal(sidecar ?? "http://127.0.0.1:1")
        let text = """
            \(throughSidecar ? "sidecar: { admin: \(admin) }\n" : "")defaults: { through: none }
            apps: {}
            upstreams: { target: { \(entries.joined(separator: ", ")) } }
            """
        let read = try GatewayFile.read(Array(text.utf8), file: "TARGET", hostName: "here")
        guard let check = read.value.checks.first else {
            throw YAMLError([
                YAMLProblem("no target", at: YAMLPlace(file: "TARGET", line: 1, column: 1))
            ])
        }
        let known = sidecar == nil ? nil : read.value.sidecar?.admin
        return Asked(target: check.target, sidecar: known)
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
