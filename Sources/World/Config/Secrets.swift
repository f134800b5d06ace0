package import Loop

/// The certificates and the token of a world that is secured, in a folder of their own: each gateway's,
/// and the driver's.
extension WorldLayout {
    private var secrets: String { "\(directory)/secrets" }

    package var tokenFile: String { "\(secrets)/token" }
    package var authorities: String { "\(secrets)/ca.pem" }

    /// Those of a gateway, or of `driver`.
    package func certificate(_ name: String) -> TLSSettings {
        TLSSettings(
            certificate: "\(secrets)/\(name).pem",
            key: "\(secrets)/\(name).key",
            authorities: authorities
        )
    }

    /// The name in a gateway's certificate, where it is not the host's address.
    package func certificateName(_ host: WorldHost) -> String? {
        host.name == "west-2" ? host.name : nil
    }

    /// Makes all of them by the `openssl` command.
    @EventLoop
    func makeSecrets() async throws {
        try SmallFiles.makeFolder(secrets)
        try SmallFiles.write("a-secret-of-the-demo-world\n", to: tokenFile)
        try await openssl(
            ["req", "-x509", "-days", "2", "-subj", "/CN=demo world", "-out", authorities]
                + newKey("ca")
        )
        for host in hosts {
            let name = certificateName(host).map { "DNS:\($0)" } ?? "IP:\(host.ip)"
            try await makeCertificate(host.name, name)
        }
        try await makeCertificate("driver", "DNS:driver")
    }

    @EventLoop
    private func makeCertificate(_ name: String, _ alternative: String) async throws {
        let request = "\(secrets)/\(name).csr"
        try await openssl(
            [
                "req", "-subj", "/CN=\(name)", "-addext", "subjectAltName=\(alternative)",
                "-out", request,
            ] + newKey(name)
        )
        try await openssl([
            "x509", "-req", "-in", request, "-copy_extensions", "copy", "-days", "2",
            "-CA", authorities, "-CAkey", "\(secrets)/ca.key", "-out", "\(secrets)/\(name).pem",
        ])
    }

    private func newKey(_ name: String) -> [String] {
        [
            "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", "\(secrets)/\(name).key",
        ]
    }

    @EventLoop
    private func openssl(_ arguments: [String]) async throws {
        let made = try await Subprocess.run(
            ["openssl"] + arguments,
            until: .now + .seconds(20)
        )
        guard made.exit == .code(0) else { throw WorldError("openssl: \(made.output)") }
    }
}
