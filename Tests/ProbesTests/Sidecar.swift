import Glibc
import HTTP
import Loop
import Testing

/// A real Envoy before targets on loopback, as a sidecar stands before a host's apps.
@EventLoop
final class Sidecar {
    nonisolated static let program = ".venv/bin/envoy"
    nonisolated static var isInstalled: Bool { access(program, X_OK) == 0 }

    private let folder: String
    private let process: ChildProcess
    private var listeners: [String: SocketAddress] = [:]

    struct Failure: Error {
        let words: String
    }

    /// Starts Envoy with a listener for HTTP whose authorities are the targets' names, and a plain
    /// TCP listener for each target by its name.
    init(_ targets: [String: SocketAddress]) async throws {
        var template = Array("/tmp/healthgate-sidecar-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(words: "mkdtemp") }
        folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        try await Files.writeDurably(
            Array(sidecarConfiguration(targets).utf8),
            to: "\(folder)/envoy.yaml"
        )
        process = try ChildProcess(
            [
                Self.program, "-c", "\(folder)/envoy.yaml", "--concurrency", "1",
                "--disable-hot-restart", "--admin-address-path", "\(folder)/admin",
            ],
            log: "\(folder)/log"
        )
        do {
            try await findListeners(count: targets.count + 1)
        } catch {
            stop()
            throw error
        }
    }

    subscript(_ listener: String) -> SocketAddress {
        get throws { try #require(listeners[listener]) }
    }

    func stop() {
        process.signalGroup(SIGKILL)
        for name in ["envoy.yaml", "admin", "log"] { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }

    /// Envoy tells no one when it is ready, so it is asked until it says so.
    private func findListeners(count: Int) async throws {
        let deadline = soon()
        while listeners.count < count {
            guard deadline > .now, !process.hasExited else {
                let log = try await Files.read("\(folder)/log") ?? []
                throw Failure(words: String(decoding: log.suffix(2000), as: UTF8.self))
            }
            try await EventLoop.sleep(for: .milliseconds(20))
            guard let admin = try await Files.read("\(folder)/admin"),
                let endpoint = Endpoint(String(decoding: admin, as: UTF8.self))
            else { continue }
            let client = HTTPClient(endpoint, keepAlive: false)
            guard let answer = try? await client.send(HTTPRequest("/listeners"), until: deadline)
            else { continue }
            for line in answer.text.split(separator: "\n") {
                let parts = line.split(
                    separator: ":",
                    maxSplits: 2,
                    omittingEmptySubsequences: false
                )
                guard parts.count == 3 else { continue }
                listeners[String(parts[0])] = SocketAddress(String(parts[2]))
            }
        }
    }
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
            connect_timeout: \(name.hasSuffix("-hanging") ? "0.1s" : "15s")
            load_assignment: { cluster_name: \(name), endpoints: [{ lb_endpoints: [{ endpoint: {
              address: { socket_address: { address: 127.0.0.1,
                port_value: \(targets[name]?.port ?? 0) } } } }] }] }
        \(name.hasPrefix("grpc") ? http2Options : "")
        """
    }
    return """
        admin: { address: { socket_address: { address: 127.0.0.1, port_value: 0 } } }
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
