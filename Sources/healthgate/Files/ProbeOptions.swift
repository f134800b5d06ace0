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

    func target() throws(YAMLError) -> ProbeTarget {
        var entries = ["check: \(quoted(url))", "through: \(throughSidecar ? "sidecar" : "none")"]
        if let depth { entries.append("depth: \(quoted(depth))") }
        if let passwordFile { entries.append("password_file: \(quoted(passwordFile))") }
        if let role { entries.append("expect: { role: \(quoted(role)) }") }
        let sidecar = throughSidecar ? "sidecar: { admin: http://127.0.0.1:1 }\n" : ""
        let text = """
            \(sidecar)apps: {}
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
