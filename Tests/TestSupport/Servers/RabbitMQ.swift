package import Loop

/// A real RabbitMQ on loopback, which takes some seconds to start.
@EventLoop
package final class RabbitMQ {
    package let server: ServerProcess
    /// Erlang's table of names, which the broker would start by itself and leave behind.
    private let names: ServerProcess

    package init(_ settings: String = "") async throws {
        let names = try await ServerProcess { port, _ in
            ["epmd", "-port", "\(port)", "-address", "127.0.0.1"]
        }
        self.names = names
        let namesPort = names.port
        let distribution = try ServerProcess.freePort()
        server = try await ServerProcess(
            environment: { port, folder in
                RabbitMQ.environment(port, folder, namesPort).merging([
                    "RABBITMQ_NODE_PORT": "\(port)",
                    "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
                    "RABBITMQ_DIST_PORT": "\(distribution)",
                    "RABBITMQ_LOGS": "-",
                    // Its script then becomes the broker, which can be stopped and frozen.
                    "RUNNING_UNDER_SYSTEMD": "1",
                ]) { $1 }
            },
            { _, folder in
                let settings = settings.replacing("\n", with: "\\n")
                let script = """
                    echo '[].' > "$1/plugins" && printf '\(settings)' > "$1/rabbitmq.conf"
                    exec /usr/lib/rabbitmq/bin/rabbitmq-server
                    """
                return ["sh", "-c", script, "sh", folder]
            }
        )
        try await server.says("Server startup complete")
    }

    /// Runs `rabbitmqctl`.
    @discardableResult
    package func control(_ command: String...) async throws -> String {
        let output = try await Subprocess.run(
            ["/usr/lib/rabbitmq/bin/rabbitmqctl"] + command,
            environment: RabbitMQ.environment(server.port, server.folder, names.port),
            until: .now + .seconds(60)
        )
        return output.output
    }

    private static func environment(
        _ port: Int,
        _ folder: String,
        _ namesPort: Int
    ) -> [String: String] {
        [
            "RABBITMQ_NODENAME": "healthgate\(port)@localhost",
            "RABBITMQ_MNESIA_BASE": folder,
            "RABBITMQ_LOG_BASE": folder,
            "RABBITMQ_ENABLED_PLUGINS_FILE": "\(folder)/plugins",
            "RABBITMQ_CONFIG_FILE": "\(folder)/rabbitmq",
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "ERL_EPMD_PORT": "\(namesPort)",
            // Where the cookie is, which the broker and its control share.
            "HOME": folder,
        ]
    }
}
