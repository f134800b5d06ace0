import Gateway
import Glibc
import HTTP
import Health
import Loop
import TestSupport
import Testing

/// A real Envoy checks the health port over TLS in all three ways, each time on a new connection.
@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `A real Envoy over TLS` {
    private let certificates: Certificates
    private let world: TestGateway.World

    init() async throws {
        certificates = try await Certificates()
        world = try TestGateway.World()
        world.configuration.listen.certificatesEvery = .milliseconds(20)
        world.configuration.listen.healthTLS = try await certificates.make("east-1")
        try await certificates.make("front", names: "DNS:front")
    }

    @Test(arguments: [false, true])
    func `polls by HTTP/1, HTTP/2 and gRPC through a change of certificates on both sides`(
        mutual: Bool
    ) async throws {
        if mutual { world.configuration.listen.healthTLS?.authorities = certificates.authorities }
        let gateway = try await TestGateway(world)
        try await gateway.reached(.up)
        let renewed = Waiter<Void>()
        _ = gateway.service.gateway.history.follow { event in
            if event.kind == "certificates renewed" { renewed.fulfil(.success(())) }
        }
        let envoy = try await edge(of: gateway, isMutual: mutual)
        defer { envoy.stop() }
        try await polls(of: envoy, 20)
        try await certificates.make("east-1")
        try await renewed.wait(until: .now + .seconds(20), "see the renewal")
        try await certificates.make("front", names: "DNS:front,DNS:renewed")
        if mutual { try await replaceSecret(for: envoy) }
        try await polls(of: envoy, 20)
        for kind in Self.kinds {
            let counts = try await envoy.stats("cluster.\(kind).health_check")
            #expect(counts["cluster.\(kind).health_check.failure"] == 0, "\(counts)")
            #expect(counts["cluster.\(kind).health_check.healthy"] == 1, "\(counts)")
        }
        await gateway.service.stop()
    }

    /// What goes wrong, and the words for it on both sides.
    enum Fault: CaseIterable {
        case expired, otherName, otherAuthority, noClientCertificate, otherClientAuthority

        /// How Envoy says it.
        var theirs: String {
            switch self {
            case .expired: "certificate has expired"
            case .otherName: "SAN matcher"
            case .otherAuthority: "CERTIFICATE_VERIFY_FAILED"
            case .noClientCertificate: "CERTIFICATE_REQUIRED"
            case .otherClientAuthority: "UNKNOWN_CA"
            }
        }

        /// How our log says it.
        var ours: String {
            switch self {
            case .expired: "the client refused: certificate expired"
            case .otherName, .otherAuthority: "the client refused: "
            case .noClientCertificate: "the client showed no certificate"
            case .otherClientAuthority: "comes from an authority that is not trusted here: other CA"
            }
        }
    }

    @Test(arguments: Fault.allCases)
    func `and the gateway each say what is wrong with a certificate`(fault: Fault) async throws {
        let names = fault == .otherName ? "DNS:else" : "DNS:localhost,IP:127.0.0.1"
        world.configuration.listen.healthTLS = try await certificates.make(
            "east-1",
            names: names,
            by: fault == .otherAuthority ? "other" : "ca",
            days: fault == .expired ? -1 : 30
        )
        world.configuration.listen.healthTLS?.authorities = certificates.authorities
        let by = fault == .otherClientAuthority ? "other" : "ca"
        try await certificates.make("front", names: "DNS:front", by: by)
        let said = Waiter<String>()
        let gateway = try await TestGateway(world) { line in
            guard line.contains("peer refused") else { return }
            EventLoop.task { said.fulfil(.success(line)) }
        }
        try await gateway.reached(.up)
        let envoy = try await edge(of: gateway, isMutual: fault != .noClientCertificate)
        defer { envoy.stop() }
        let line = try await said.wait(until: .now + .seconds(20), "see the refusal logged")
        #expect(line.contains(fault.ours), "\(line)")
        try await polls(of: envoy, 3)
        let log = try await envoy.log()
        #expect(log.contains(fault.theirs), "\(log.suffix(3000))")
        let counts = try await envoy.stats("cluster.http1.health_check")
        #expect(counts["cluster.http1.health_check.healthy"] == 0, "\(counts)")
        #expect(gateway.service.gateway.refusedHandshakes > 0)
        await gateway.service.stop()
    }

    // MARK: Envoy

    private static let kinds = ["http1", "http2", "grpc"]

    /// Returns when each of its checks was made so many times more.
    private func polls(of envoy: EnvoyProcess, _ count: Int) async throws {
        for kind in Self.kinds {
            let name = "cluster.\(kind).health_check.attempt"
            func attempts() async throws -> Int { try await envoy.stats(name)[name] ?? 0 }
            let before = try await attempts()
            while try await attempts() < before + count {}
        }
    }

    /// Envoy reads certificates again when the file that names them is moved into its place.
    private func replaceSecret(for envoy: EnvoyProcess) async throws {
        let name = "sds.front.update_success"
        let before = try await envoy.stats(name).values.reduce(0, +)
        try await writeSecret()
        while try await envoy.stats("update_success").filter({ $0.key.contains("sds") })
            .values.reduce(0, +) <= before
        {}
    }

    private func writeSecret() async throws {
        let secret = """
            resources:
            - "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret
              name: front
              tls_certificate:
                certificate_chain: { filename: \(certificates.path("front.pem")) }
                private_key: { filename: \(certificates.path("front.key")) }
            """
        let file = certificates.path("front.yaml")
        try await Files.writeDurably(Array(secret.utf8), to: file + ".new")
        #expect(rename(file + ".new", file) == 0)
    }

    private func edge(of gateway: TestGateway, isMutual: Bool) async throws -> EnvoyProcess {
        try await writeSecret()
        let secret = """
            tls_certificate_sds_secret_configs: [{ name: front, sds_config: {
                        path_config_source: { path: \(certificates.path("front.yaml")) } } }],
            """
        // As a client Envoy takes TLS 1.2 unless told otherwise, in which a server that misses a
        // certificate says no more than that the handshake failed.
        let newest = isMutual ? "" : "tls_params: { tls_maximum_protocol_version: TLSv1_3 },"
        let clusters = Self.kinds.map { kind in
            let http2 = """
                typed_extension_protocol_options:
                      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                        explicit_http_config: { http2_protocol_options: {} }
                """
            let check =
                switch kind {
                case "grpc": "grpc_health_check: { authority: app }"
                case "http2": "http_health_check: { path: /readyz, codec_client_type: HTTP2 }"
                default: "http_health_check: { path: /readyz }"
                }
            return """
                  - name: \(kind)
                    connect_timeout: 5s
                    load_assignment: { cluster_name: \(kind), endpoints: [{ lb_endpoints: [{ endpoint: {
                      address: { socket_address: { address: 127.0.0.1,
                        port_value: \(gateway.service.healthAddress.port ?? 0) } } } }] }] }
                    health_checks: [{ timeout: 5s, interval: 0.02s, no_traffic_interval: 0.02s,
                      unhealthy_interval: 0.02s, unhealthy_threshold: 1, healthy_threshold: 1,
                      reuse_connection: false, \(check) }]
                    transport_socket: { name: tls, typed_config: {
                      "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext,
                      sni: localhost,
                      common_tls_context: { \(newest) alpn_protocols: [\(kind == "http1" ? "http/1.1" : "h2")],
                        \(isMutual ? secret : "")
                        validation_context: { trusted_ca: { filename: \(certificates.authorities) },
                          match_typed_subject_alt_names: [{ san_type: DNS, matcher: { exact: localhost } }] } } } }
                    \(kind == "http1" ? "" : http2)
                """
        }
        return try await EnvoyProcess(
            """
            static_resources:
              clusters:
            \(clusters.joined(separator: "\n"))
            """
        )
    }
}
