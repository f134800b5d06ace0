import Loop
import Release
import YAML

extension YAMLSection {
    /// The admin interface under `key`, and the way to it beside it: `token`, `tls`, `via`.
    func admin(_ key: String) -> PlanConfiguration.Admin? {
        let url = required(key, .adminURL)
        let token = secret("token").map(PlanConfiguration.TokenSource.init)
        let tls = optional("tls", .clientTLS())
        let via = optional("via", .sshDestination)
        guard let url else { return nil }
        if !url.isTLS {
            refuse("tls", "tls wants an https:// URL under \(key)")
        }
        if via != nil, let path = url.endpoint.address?.unixPath, path.contains(":") {
            report.error("ssh cannot forward to a path with a colon", at: place(of: key))
        }
        let admin = PlanConfiguration.Admin(
            url.endpoint,
            tls: url.isTLS ? tls ?? TLSSettings() : nil,
            via: via,
            token: token
        )
        if admin.tellsItsToken {
            report.warn(
                "the token goes to \(url.endpoint) in the clear: use https://, or via: ssh://",
                at: place(of: key)
            )
        }
        return admin
    }
}

extension YAMLValue where Value == SSHDestination {
    fileprivate static var sshDestination: YAMLValue {
        YAMLValue<String>.string.map { text throws(YAMLMismatch) in
            guard let destination = SSHDestination(text) else {
                throw YAMLMismatch("\(quoted(text)) is no ssh://USER@HOST:PORT")
            }
            return destination
        }
    }
}

extension PlanConfiguration.TokenSource {
    fileprivate init(_ secret: SecretSource) {
        switch secret {
        case .file(let path): self = .file(path)
        case .environment(let name): self = .environment(name)
        }
    }
}
