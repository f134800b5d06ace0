package import Loop

extension ServerProcess {
    /// - Parameter tls: it then takes TLS alone.
    package static func redis(
        _ options: String...,
        tls: TLSSettings? = nil
    ) async throws -> ServerProcess {
        try await ServerProcess { port, folder in
            var argv = ["redis-server", "--save", "", "--dir", folder, "--bind", "127.0.0.1"]
            if let tls {
                argv += ["--port", "0", "--tls-port", "\(port)", "--tls-auth-clients", "no"]
                argv += ["--tls-cert-file", tls.certificate ?? "", "--tls-key-file", tls.key ?? ""]
                // Redis wants authorities, though it asks for no certificate.
                argv += ["--tls-ca-cert-file", tls.certificate ?? ""]
            } else {
                argv += ["--port", "\(port)"]
            }
            return argv + options
        }
    }

    /// Sends a command and gives what comes back.
    @discardableResult
    package func redis(_ command: String...) async throws -> String {
        let output = try await Subprocess.run(
            ["redis-cli", "-p", "\(port)"] + command,
            until: .now + .seconds(20)
        )
        return output.output
    }

    package static func memcached(_ options: String...) async throws -> ServerProcess {
        try await ServerProcess { port, _ in
            // As root it wants to be told whom to become.
            ["memcached", "-l", "127.0.0.1", "-p", "\(port)", "-u", "nobody"] + options
        }
    }
}
