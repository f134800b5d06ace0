import Health
import Probes

/// The fault matrix: what each kind of probe says in each condition. The tests play it, and the README
/// shows it.
enum Matrix {
    /// How most servers that want TLS end what is none.
    private static let closed = Cell.fails(
        .upstream(.protocol),
        throughSidecar: .upstream(.upstreamRefused),
        "may want TLS"
    )

    static let rows = [
        Row(
            "postgres",
            depths: Depth.allCases,
            [
                .wrongPassword: .fails(.auth, from: .auth, "28P01"),
                .starting: .fails(.starting, "57P03"),
                .full: .fails(.full, "53300"),
                .readOnly: .fails(.role, from: .role, "primary, read-only, expected: primary"),
                .replica: .fails(.role, from: .role, "replica"),
                .clear: .fails(.tlsHandshake, "no encryption"),
            ]
        ) { try await PostgresStage() },
        Row(
            "mysql",
            depths: Depth.allCases,
            [
                .wrongPassword: .fails(.auth, from: .auth, "error 1045, SQLSTATE 28000)"),
                .starting: .fails(.starting, from: .role, "Galera is not ready"),
                .full: .fails(.full, "1040"),
                .readOnly: .fails(.role, from: .role, "primary, read-only"),
                .replica: .fails(.role, from: .role, "replica"),
                // MariaDB names no other reason than for a wrong password.
                .clear: .fails(.auth, from: .auth, "it may also want TLS"),
                .web: .fails(.timeout, "speaks first"),
            ]
        ) { try await MySQLStage() },
        Row(
            "redis",
            depths: Depth.allCases,
            [
                .wrongPassword: .fails(.auth, from: .auth, "refuses the password"),
                .starting: .fails(.starting, "LOADING"),
                .full: .cutOff(.full, "max number of clients"),
                .readOnly: .none("only a replica is read-only"),
                .replica: .fails(.role, from: .role, "replica"),
                .clear: closed,
                // What is said is not shown: it might be the password.
                .mail: .fails(.protocol, "this is no Redis"),
                .web: .fails(.protocol, "this is no Redis"),
            ]
        ) { try await RedisStage() },
        Row(
            "memcached",
            depths: [.handshake, .query],
            none(.wrongPassword, because: "it is asked without one")
                + none(.starting, because: "it listens when it is ready")
                + none(.readOnly, .replica, because: "it has no roles")
                + none(
                    .sealed,
                    .clear,
                    .wrongAuthority,
                    .wrongName,
                    .expired,
                    because: "it is asked in the clear only"
                )
                + [.full: .cutOff(.full, "Too many open connections")]
        ) { try await MemcachedStage() },
        Row(
            "amqp",
            depths: [.handshake, .auth, .query],
            none(.starting, because: "it listens when it is ready")
                + none(.replica, because: "each node of a cluster takes messages")
                + [
                    .wrongPassword: .fails(.auth, from: .auth, "ACCESS_REFUSED"),
                    .full: .fails(.full, from: .auth, "limit"),
                    .readOnly: .degraded(from: .query, "takes no messages"),
                    .clear: .cutOff(.tlsHandshake, "asked in the clear"),
                ]
        ) { try await AMQPStage() },
        Row(
            "mongodb",
            depths: [.handshake, .role],
            none(.wrongPassword, because: "it is asked without one")
                + none(.full, because: "it closes the connection without a word")
                + none(.readOnly, because: "only a secondary is read-only")
                + none(.sealed, because: "its byte script speaks in the clear")
                + [
                    .starting: .fails(.notServing, from: .role, "neither primary nor secondary"),
                    .replica: .fails(.role, from: .role, "a secondary, expected: primary"),
                    .clear: closed,
                ]
        ) { try await ScriptStage(.mongodb) },
        Row(
            "kafka",
            depths: [.handshake, .query],
            none(.wrongPassword, because: "it is asked without one")
                + none(.full, because: "it closes the connection without a word")
                + none(.readOnly, .replica, because: "each broker leads some partitions")
                + none(.sealed, because: "its byte script speaks in the clear")
                + [
                    .starting: .fails(.notServing, from: .query, "no controller"),
                    .clear: closed,
                ]
        ) { try await ScriptStage(.kafka) },
        Row(
            "http, etcd",
            none(.wrongPassword, because: "it is asked without one")
                + none(.full, because: "a full server does not accept: as silent")
                + none(.readOnly, .replica, because: "the page tells")
                + none(.starting, because: "it accepts and waits until it is ready: as silent")
                + [
                    .clear: .fails(
                        .upstream(.protocol),
                        throughSidecar: .upstream(.upstreamRefused)
                    ),
                    .mail: .fails(.protocol, "not HTTP/1.1"),
                    .web: .fails(.body, "does not contain"),
                ]
        ) { try await EtcdStage(.health) },
        Row(
            "grpc",
            none(.wrongPassword, because: "it is asked without one")
                + none(.starting, because: "it accepts and waits until it is ready: as silent")
                + none(.full, because: "a full server does not accept: as silent")
                + none(.readOnly, .replica, because: "the service tells: NOT_SERVING")
                + [
                    .clear: .fails(
                        .upstream(.protocol),
                        throughSidecar: .upstream(.upstreamRefused)
                    ),
                    .mail: .fails(.protocol, "does not speak it"),
                    .web: .fails(.status, "without a gRPC status"),
                ]
        ) { try await EtcdStage(.grpc(service: "")) },
        Row(
            "h2c",
            none(.wrongPassword, because: "it is asked without one")
                + none(.starting, .readOnly, .replica, because: "the page tells")
                + none(.full, because: "a full server does not accept: as silent")
                + none(
                    .sealed,
                    .clear,
                    .wrongAuthority,
                    .wrongName,
                    .expired,
                    because: "over TLS it is https"
                )
                + none(.web, because: "another page tells")
                + [.mail: .fails(.protocol, "does not speak it")]
        ) { try PageStage(.h2c(path: "/", expect: ProbeTarget.HTTPExpectation())) },
        Row(
            "tcp",
            none(.wrongPassword, .starting, .full, .readOnly, .replica, because: "the bytes tell")
                + none(
                    .sealed,
                    .clear,
                    .wrongAuthority,
                    .wrongName,
                    .expired,
                    because: "it is asked in the clear only"
                )
                + none(.mail, because: "it is one")
                + [.web: .fails(.body, "HTTP/1.1 400")]
        ) { try PageStage(.tcp(send: "QUIT\r\n", expect: "220 ")) },
        Row(
            "tls",
            none(.wrongPassword, .readOnly, .replica, because: "a handshake tells nothing of it")
                + none(.starting, because: "a handshake tells nothing of it")
                + none(.full, because: "a full server does not accept: as silent")
                + none(.up, .clear, because: "it is always over TLS")
                + [
                    .mail: .fails(.tlsHandshake, ""),
                    .web: .fails(.tlsHandshake, ""),
                ]
        ) { try await SealedStage() },
        Row(
            "envoy",
            goesThroughSidecar: false,
            none(.wrongPassword, .full, .readOnly, .replica, because: "it has none")
                + none(.starting, because: "it is over before it can be asked")
                + none(
                    .sealed,
                    .clear,
                    .wrongAuthority,
                    .wrongName,
                    .expired,
                    because: "its admin is asked in the clear only"
                )
                + [
                    .stopped: .fails(.sidecar(.refused)),
                    .dropped: .fails(.sidecar(.connectTimeout)),
                    .silent: .fails(.sidecar(.timeout)),
                    .mail: .fails(.sidecar(.protocol), "not HTTP/1.1"),
                    .web: .fails(.sidecar(.protocol), "not what an Envoy answers"),
                ]
        ) { try await EnvoyStage() },
        Row(
            "dns",
            goesThroughSidecar: false,
            none(.wrongPassword, .full, .readOnly, .replica, because: "it has none")
                + none(.starting, because: "it answers SERVFAIL: status")
                + none(
                    .sealed,
                    .clear,
                    .wrongAuthority,
                    .wrongName,
                    .expired,
                    because: "it is asked in the clear only"
                )
                + none(.dropped, because: "a datagram has no SYN: as silent")
                + none(.mail, .web, because: "they do not listen for datagrams: as stopped")
        ) { try await NameServerStage() },
    ]
}

/// Cells that make no sense for a kind, and why.
private func none(_ conditions: Condition..., because why: String) -> [Condition: Cell] {
    Dictionary(conditions.map { ($0, Cell.none(why)) }) { $1 }
}

private func + (one: [Condition: Cell], other: [Condition: Cell]) -> [Condition: Cell] {
    one.merging(other) { $1 }
}
