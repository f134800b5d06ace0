package import Loop

/// A real RabbitMQ on loopback, which takes some seconds to start.
@EventLoop
package final class RabbitMQ {
    package let server: ServerProcess
    package let sealed: SocketAddress
    /// Erlang's table of names, which the broker would start by itself and leave behind.
    private let names: ServerProcess

    /// - Parameter tls: shown on another port, which takes TLS alone.
    package init(tls: TLSSettings, authorities: String) async throws {
        names = try ServerProcess()
        try await names.start(["epmd", "-port", "\(names.port)", "-address", "127.0.0.1"])
        server = try ServerProcess()
        let port = try ServerProcess.freePort()
        guard let sealed = SocketAddress("127.0.0.1:\(port)") else {
            throw ServerProcess.Failure(description: "no address for port \(port)")
        }
        self.sealed = sealed
        let files = try await server.copy(tls)
        let settings = """
            listeners.ssl.local = \(sealed)
            ssl_options.cacertfile = \(authorities)
            ssl_options.certfile = \(files.certificate)
            ssl_options.keyfile = \(files.key)
            ssl_options.verify = verify_none

            """
        _ = try await server.write(Array(settings.utf8), to: "rabbitmq.conf")
        _ = try await server.write(Array("[].".utf8), to: "plugins")
        try await server.start(
            ["/usr/lib/rabbitmq/bin/rabbitmq-server"],
            environment: environment.merging([
                "RABBITMQ_NODE_PORT": "\(server.port)",
                "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
                "RABBITMQ_DIST_PORT": "\(try ServerProcess.freePort())",
                "RABBITMQ_LOGS": "-",
                // Its script then becomes the broker, which can be stopped and frozen.
                "RUNNING_UNDER_SYSTEMD": "1",
            ]) { $1 },
            says: "Server startup complete"
        )
    }

    /// Shows this certificate from now on.
    package func show(_ tls: TLSSettings) async throws {
        try await server.copy(tls)
        try await control("eval", "ssl:clear_pem_cache().")
    }

    /// Runs `rabbitmqctl`.
    @discardableResult
    package func control(_ command: String...) async throws -> String {
        try await server.run(
            ["/usr/lib/rabbitmq/bin/rabbitmqctl"] + command,
            environment: environment
        )
    }

    private var environment: [String: String] {
        let folder = server.folder
        return [
            "RABBITMQ_NODENAME": "healthgate\(server.port)@localhost",
            "RABBITMQ_MNESIA_BASE": folder,
            "RABBITMQ_LOG_BASE": folder,
            "RABBITMQ_ENABLED_PLUGINS_FILE": "\(folder)/plugins",
            "RABBITMQ_CONFIG_FILE": "\(folder)/rabbitmq",
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "ERL_EPMD_PORT": "\(names.port)",
            // Where the cookie is, which the broker and its control share.
            "HOME": folder,
        ]
    }
}
