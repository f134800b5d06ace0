import Gateway
import Health
import Loop
import YAML

extension YAMLValue where Value == Duration {
    /// How long to wait for something at the most.
    static var wait: YAMLValue { .duration(.zero...Duration.seconds(3600)) }
    /// As `wait`, and not at all makes no sense.
    static var time: YAMLValue { .duration(.milliseconds(1)...Duration.seconds(3600)) }
}

extension YAMLValue where Value == GatewayConfiguration.Listen {
    static var listen: YAMLValue {
        .section { section in
            let health = section.optional("health", .socketAddress) ?? standardHealthAddress
            let admin = section.optional("admin", .socketAddress) ?? standardAdminAddress
            let healthTLS = section.optional("health_tls", .serverTLS)
            let adminTLS = section.optional("admin_tls", .serverTLS)
            guard let health, let admin else { return nil }
            return GatewayConfiguration.Listen(
                health: health,
                admin: admin,
                healthTLS: healthTLS,
                adminTLS: adminTLS
            )
        }
    }
}

extension YAMLValue where Value == TLSSettings {
    /// What a port speaks TLS with: PEM files.
    static var serverTLS: YAMLValue {
        .section { section in
            let certificate = section.required("cert", .path)
            let key = section.required("key", .path)
            let authorities = section.optional("ca", .path)
            guard let certificate, let key else { return nil }
            return TLSSettings(certificate: certificate, key: key, authorities: authorities)
        }
    }
}

/// On all addresses: the sidecar's, where the edges poll, is seldom loopback.
let standardHealthAddress = SocketAddress("0.0.0.0:9980")
let standardAdminAddress = SocketAddress("127.0.0.1:9981")

extension YAMLValue where Value == GatewayConfiguration.Sidecar {
    static var sidecar: YAMLValue {
        .section { section in
            GatewayConfiguration.Sidecar(
                admin: section.optional("admin", .localAdmin),
                ingress: section.optional("ingress", .endpoint),
                appClusters: section.optional("app_clusters", .list(of: .name, atLeast: 1))
            )
        }
    }
}

/// How long answers are good for.
struct Freshness {
    var maxAge: Duration = .seconds(5)
    var answerWithin: Duration = .milliseconds(250)
}

extension YAMLValue where Value == Freshness {
    static var freshness: YAMLValue {
        .section { section in
            let standard = Freshness()
            return Freshness(
                maxAge: section.optional("max_age", .time, default: standard.maxAge),
                answerWithin: section.optional(
                    "answer_within",
                    .duration(.milliseconds(1)...Duration.seconds(10)),
                    default: standard.answerWithin
                )
            )
        }
    }
}

extension YAMLValue where Value == Set<Verdict> {
    /// Verdicts that answer 503.
    static var verdicts: YAMLValue {
        YAMLValue<[Verdict]>.list(
            of: YAMLValue<Verdict>.choice.map { verdict throws(YAMLMismatch) in
                guard !verdict.serves else {
                    throw YAMLMismatch("\(verdict.rawValue) answers 200, which excludes no host")
                }
                return verdict
            }
        ).map { verdicts throws(YAMLMismatch) in Set(verdicts) }
    }
}

extension YAMLValue where Value == GatewayConfiguration.Limits {
    static func limits(_ usual: GatewayConfiguration.Limits) -> YAMLValue {
        .section { section in
            var limits = usual
            func count(_ key: String, _ value: inout Int, _ range: ClosedRange<Int>) {
                value = section.optional(key, .int(range), default: value)
            }
            func size(_ key: String, _ value: inout Int, _ range: ClosedRange<Int>) {
                value = section.optional(key, .byteSize(range), default: value)
            }
            func time(_ key: String, _ value: inout Duration) {
                value = section.optional(key, .time, default: value)
            }
            count("connections", &limits.connections, 1...100_000)
            count("connections_per_peer", &limits.connectionsPerPeer, 1...100_000)
            count("admin_connections", &limits.adminConnections, 1...10_000)
            count("streams_per_connection", &limits.streamsPerConnection, 1...10_000)
            size("request_line", &limits.requestLine, 256...1 << 20)
            size("header_bytes", &limits.headerBytes, 1024...1 << 20)
            count("header_count", &limits.headerCount, 10...1000)
            size("body_bytes", &limits.bodyBytes, 1024...16 << 20)
            time("idle", &limits.idle)
            time("headers_within", &limits.headersWithin)
            time("request_within", &limits.requestWithin)
            time("taken_within", &limits.takenWithin)
            size("backlog", &limits.backlog, 4096...16 << 20)
            count("idle_frames", &limits.idleFrames, 10...100_000)
            count("followers", &limits.followers, 1...1000)
            count("probes", &limits.probes, 1...1000)
            count("edges", &limits.edges, 1...10_000)
            return limits
        }
    }
}
