package import Loop

/// Certificates for a test, made by the `openssl` command in a folder of its own.
package final class Certificates {
    package let folder: TemporaryFolder

    package struct Failure: Error {
        package let output: String
    }

    /// An authority `ca` and another, `other`, that nobody trusts.
    package init() async throws {
        folder = try TemporaryFolder()
        for (file, name) in [("ca", "test CA"), ("other", "other CA")] {
            try await run(
                [
                    "req", "-x509", "-days", "30", "-subj", "/CN=\(name)", "-out",
                    path("\(file).pem"),
                ] + newKey(file)
            )
        }
    }

    package func path(_ file: String) -> String { "\(folder.path)/\(file)" }

    package var authorities: String { path("ca.pem") }

    /// Makes `NAME.pem` and `NAME.key`. `days` below zero: it has expired.
    @discardableResult
    package func make(
        _ name: String,
        names: String = "DNS:localhost,IP:127.0.0.1",
        by authority: String = "ca",
        days: Int = 30
    ) async throws -> TLSSettings {
        let request = ["req", "-subj", "/CN=\(name)", "-out", path("\(name).csr")] + newKey(name)
        try await run(request + ["-addext", "subjectAltName=\(names)"])
        try await run([
            "x509", "-req", "-in", path("\(name).csr"), "-copy_extensions", "copy",
            "-CA", path("\(authority).pem"), "-CAkey", path("\(authority).key"),
            "-days", "\(days)", "-out", path("\(name).pem"),
        ])
        return TLSSettings(certificate: path("\(name).pem"), key: path("\(name).key"))
    }

    private func newKey(_ name: String) -> [String] {
        [
            "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", path("\(name).key"),
        ]
    }

    private func run(_ arguments: [String]) async throws {
        let output = try await Subprocess.run(
            ["openssl"] + arguments,
            until: .now + .seconds(20)
        )
        guard output.exit == .code(0) else { throw Failure(output: output.output) }
    }
}
