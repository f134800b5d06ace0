import Loop
import TestSupport
import Testing

/// A real Envoy before targets on loopback, as a sidecar stands before a host's apps.
@EventLoop
final class Sidecar {
    private let envoy: EnvoyProcess
    private var listeners: [String: SocketAddress] = [:]

    /// Starts Envoy with a listener for HTTP whose authorities are the targets' names, and a plain
    /// TCP listener for each target by its name.
    init(_ targets: [String: SocketAddress]) async throws {
        envoy = try await EnvoyProcess(sidecarConfiguration(targets))
        listeners = try await envoy.listeners()
    }

    subscript(_ listener: String) -> SocketAddress {
        get throws { try #require(listeners[listener]) }
    }

    var admin: Endpoint {
        get throws { try envoy.adminEndpoint }
    }

    func stop() { envoy.stop() }
}

private func sidecarConfiguration(_ targets: [String: SocketAddress]) -> String {
    let names = targets.keys.sorted()
    let hosts = names.map {
        "{ name: \($0), domains: [\($0)], routes: [{ match: { prefix: / }, "
            + "route: { cluster: \($0), timeout: \($0.hasSuffix("-silent") ? "0.1s" : "15s") } }] }"
    }
    let forwards = names.map {
        """
          - name: \($0)
            address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
            filter_chains: [{ filters: [{ name: tcp, typed_config: {
              "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy,
              stat_prefix: \($0), cluster: \($0) } }] }]
        """
    }
    // An app whose name begins with "grpc" speaks HTTP/2.
    let clusters = names.map { name in
        """
          - name: \(name)
            connect_timeout: \(name.hasSuffix("-hanging") ? "0.3s" : "15s")
            load_assignment: { cluster_name: \(name), endpoints: \(name.hasSuffix("-empty") ? "[]" : """
                [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.1,
                  port_value: \(targets[name]?.port ?? 0) } } } }] }]
                """) }
        \(name.hasPrefix("grpc") ? http2Options : "")
        """
    }
    return """
        static_resources:
          listeners:
          - name: http
            address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
            filter_chains: [{ filters: [{ name: hcm, typed_config: {
              "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager,
              stat_prefix: http, route_config: { virtual_hosts: [\(hosts.joined(separator: ", "))] },
              http_filters: [{ name: router, typed_config: {
                "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }]
              } }] }]
        \(forwards.joined(separator: "\n"))
          clusters:
        \(clusters.joined(separator: "\n"))
        """
}

private let http2Options = """
        typed_extension_protocol_options:
          envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
            "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
            explicit_http_config: { http2_protocol_options: {} }
    """
