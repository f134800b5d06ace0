package import Loop

/// Servers of one command each.
extension ServerProcess {
    /// - Parameter tls: it then takes TLS alone.
    package static func redis(
        _ options: [String] = [],
        tls: TLSSettings? = nil
    ) async throws -> ServerProcess {
        let server = try ServerProcess()
        var argv = ["redis-server", "--save", "", "--dir", server.folder, "--bind", "127.0.0.1"]
        if let tls {
            let files = try await server.copy(tls)
            argv += ["--port", "0", "--tls-port", "\(server.port)", "--tls-auth-clients", "no"]
            argv += ["--tls-cert-file", files.certificate, "--tls-key-file", files.key]
            // Redis wants authorities, though it asks for no certificate.
            argv += ["--tls-ca-cert-file", files.certificate]
        } else {
            argv += ["--port", "\(server.port)"]
        }
        try await server.start(argv + options)
        return server
    }

    /// Sends a command and gives what comes back.
    @discardableResult
    package func redis(_ command: String...) async throws -> String {
        try await run(["redis-cli", "-p", "\(port)"] + command)
    }

    package static func memcached(_ options: [String] = []) async throws -> ServerProcess {
        let server = try ServerProcess()
        // As root it wants to be told whom to become.
        try await server.start(
            ["memcached", "-l", "127.0.0.1", "-p", "\(server.port)", "-u", "nobody"] + options
        )
        return server
    }

    /// A cluster of one. It is quick to choose itself.
    package static func etcd(tls: TLSSettings? = nil) async throws -> ServerProcess {
        let server = try ServerProcess()
        var argv = ["etcd", "--heartbeat-interval", "10", "--election-timeout", "100"]
        if let tls {
            let files = try await server.copy(tls)
            argv += ["--cert-file", files.certificate, "--key-file", files.key]
        }
        let clients = "\(tls == nil ? "http" : "https")://\(server.address)"
        let peers = "http://127.0.0.1:\(try freePort())"
        argv += ["--listen-client-urls", clients, "--advertise-client-urls", clients]
        argv += ["--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers]
        argv += ["--initial-cluster", "default=\(peers)", "--data-dir", "\(server.folder)/data"]
        try await server.start(argv, says: "ready to serve client requests")
        return server
    }

    /// A name server for names that end in `.test`.
    package static func dnsmasq() async throws -> ServerProcess {
        let server = try ServerProcess()
        let texts = (0..<5).map {
            "--txt-record=big.test,\($0)" + String(repeating: "x", count: 200)
        }
        let records = [
            "--local=/test/", "--host-record=app.test,10.1.2.3,fd00::1",
            "--cname=www.test,app.test",
            "--mx-host=app.test,mail.test,10", "--srv-host=_http._tcp.test,app.test,8080,1,2",
        ]
        try await server.start(
            [
                "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=",
                "--no-resolv", "--no-hosts", "--bind-interfaces", "--listen-address=127.0.0.1",
                "--port=\(server.port)", "--user=root", "--log-facility=-",
            ] + records + texts
        )
        return server
    }
}
