import Health
import Loop
import Probes
import TestSupport
import Testing

/// What stands between is a real Envoy, once as a mere forwarder and once as a proxy that speaks Redis.
@EventLoop
@Suite(.timeLimit(.minutes(2))) struct `Redis through a real sidecar` {
    @Test func `is up only while a server stands behind it`() async throws {
        let redis = try await ServerProcess.redis()
        let hanging = try FullBacklog()
        let envoy = try await EnvoyProcess(
            configuration([
                "forward": ("tcp", redis.address),
                "forward-hanging": ("tcp", hanging.address),
                "forward-slow": ("tcp", hanging.address),
                "proxy": ("redis", redis.address),
                "proxy-hanging": ("redis", hanging.address),
                "proxy-empty": ("redis", nil),
                "proxy-locked": ("locked", redis.address),
            ])
        )
        defer { envoy.stop() }
        let listeners = try await envoy.listeners()
        let secret = try await SecretFile("pw")

        for deep in Depth.allCases {
            let reason = { (listener: String, password: SecretPlace?) async throws -> Reason? in
                let target = ServerTarget(.redis, depth: deep, password: password)
                let address = try #require(listeners[listener])
                let patience =
                    listener == "forward-slow" ? Duration.milliseconds(500) : .seconds(20)
                let outcome = await ask(
                    target,
                    address,
                    through: .sidecar,
                    until: .now + patience
                )
                return outcome.failure?.reason
            }
            #expect(try await reason("forward", nil) == nil)
            #expect(try await reason("forward-hanging", nil) == .upstreamTimeout)
            #expect(try await reason("forward-slow", nil) == .timeout)
            #expect(try await reason("proxy", nil) == nil, "\(deep)")
            #expect(try await reason("proxy-hanging", nil) == .upstreamTimeout, "\(deep)")
            #expect(try await reason("proxy-empty", nil) == .upstreamRefused)
            #expect(try await reason("proxy-locked", secret.place) == nil)
            // The proxy knows no password, and says so itself.
            #expect(
                try await reason("proxy", secret.place) == (deep == .handshake ? nil : .auth)
            )
        }

        try await redis.stop()
        for deep in Depth.allCases {
            for listener in ["forward", "proxy", "proxy-locked"] {
                let isLocked = listener == "proxy-locked"
                let target = ServerTarget(
                    .redis,
                    depth: deep,
                    password: isLocked ? secret.place : nil
                )
                let address = try #require(listeners[listener])
                for through in [ProbeTarget.Through.sidecar, .none] {
                    let outcome = await ask(target, address, through: through)
                    if deep == .handshake, isLocked {
                        // Its own NOAUTH cannot be told from a server's.
                        #expect(outcome.passed)
                        continue
                    }
                    let isBare = listener == "forward" && through == .none
                    #expect(
                        outcome.failure?.reason == (isBare ? .protocol : .upstreamRefused),
                        "\(listener) \(deep): \(outcome)"
                    )
                }
            }
        }
        // What a check by PING would have said of the dead server.
        let ping = ProbeTarget.Kind.tcp(send: "PING\r\n", expect: "+PONG")
        #expect(await look(ping, try #require(listeners["proxy"]), through: .sidecar).passed)
    }
}

/// A listener for each name, of a kind, with its own cluster of one server or none.
private func configuration(_ targets: [String: (kind: String, address: SocketAddress?)]) -> String {
    let filters = "type.googleapis.com/envoy.extensions.filters.network"
    let names = targets.keys.sorted()
    let listeners = names.map { name in
        let kind = targets[name]?.kind ?? ""
        let locked = "downstream_auth_passwords: [{ inline_string: pw }], "
        let filter =
            kind == "tcp"
            ? "\"@type\": \(filters).tcp_proxy.v3.TcpProxy, stat_prefix: x, cluster: \(name)"
            : "\"@type\": \(filters).redis_proxy.v3.RedisProxy, stat_prefix: x, "
                + (kind == "locked" ? locked : "")
                + "settings: { op_timeout: 5s }, "
                + "prefix_routes: { catch_all_route: { cluster: \(name) } }"
        return """
              - name: \(name)
                address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
                filter_chains: [{ filters: [{ name: it, typed_config: { \(filter) } }] }]
            """
    }
    let clusters = names.map { name in
        let endpoint = targets[name]?.address.map {
            "{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.1, "
                + "port_value: \($0.port ?? 0) } } } }] }"
        }
        return """
              - name: \(name)
                connect_timeout: \(name.hasSuffix("-hanging") ? "0.3s" : "15s")
                load_assignment: { cluster_name: \(name), endpoints: [\(endpoint ?? "")] }
            """
    }
    return """
        static_resources:
          listeners:
        \(listeners.joined(separator: "\n"))
          clusters:
        \(clusters.joined(separator: "\n"))
        """
}
