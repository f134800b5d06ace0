import Loop
import YAML

extension YAMLValue where Value == TLSSettings {
    /// With what we speak TLS to a server: PEM files, and for whom its certificate must be.
    ///
    /// - Parameter mayTrustAll: whether `verify: none` is to be had.
    static func clientTLS(mayTrustAll: Bool = false) -> YAMLValue {
        .section { section in
            let authorities = section.optional("ca", .path)
            let certificate = section.optional("cert", .path)
            let key = section.optional("key", .path)
            let name = section.optional("name", .certificateName)
            for (one, other) in [("cert", "key"), ("key", "cert")] {
                guard let node = section.node(one), section.node(other) == nil else { continue }
                section.report.error("\(one) without \(other): give both", at: node.place)
            }
            let verify =
                mayTrustAll
                ? section.optional("verify", .choice, default: Verification.full) : .full
            if verify == .none, let ca = section.node("ca") {
                section.report.error("ca and verify: none exclude each other", at: ca.place)
            }
            return TLSSettings(
                certificate: certificate,
                key: key,
                authorities: authorities,
                serverName: name,
                verifies: verify == .full
            )
        }
    }
}

private enum Verification: String, CaseIterable {
    case full, none
}

extension YAMLValue where Value == String {
    /// A host name, or an IP in numbers.
    private static var certificateName: YAMLValue {
        string.map { text throws(YAMLMismatch) in
            let isName = text.utf8.allSatisfy { byte in
                byte < 0x80
                    && (Character(Unicode.Scalar(byte)).isLetter
                        || Character(Unicode.Scalar(byte)).isNumber || "-._:".utf8.contains(byte))
            }
            guard isName, !text.isEmpty else {
                throw YAMLMismatch("\(quoted(text)) is no name such as east-1.example or 10.0.0.1")
            }
            return text
        }
    }
}
