import Probes

extension ProbeExchange {
    /// With Redis 7.0.15.
    package static let redis = [
        redis(.query, "database 1", ["+OK\r\n", "+OK\r\n", "+none\r\n"], database: "1"),
        redis(.role, "primary", ["+OK\r\n", "+none\r\n", RedisHeard.primary]),
        redis(.role, "replica", ["+OK\r\n", "+none\r\n", RedisHeard.replica], expects: .replica),
        redis(.handshake, "wants a password", ["-NOAUTH Authentication required.\r\n"]),
        redis(
            .query,
            "wrong password",
            ["-WRONGPASS invalid username-password pair or user is disabled.\r\n"],
            isUp: false
        ),
        // As Envoy 1.40's redis_proxy gives the answers of two servers.
        redis(.role, "through a proxy", ["+OK\r\n", "+none\r\n", "$0\r\n\r\n", RedisHeard.roles]),
    ]

    /// With memcached 1.6.18.
    package static let memcached = [
        memcached(.handshake, ["VERSION 1.6.18\r\n"]),
        memcached(.query, ["VERSION 1.6.18\r\n", "END\r\n"]),
        memcached(
            .query,
            ["VERSION 1.6.18\r\n", "VALUE healthgate:probe 0 2\r\nxy\r\nEND\r\n"],
            // The value itself proves nothing more.
            spare: 9
        ),
    ]

    private static func redis(
        _ depth: Depth,
        _ words: String,
        _ said: [String],
        database: String? = nil,
        expects role: ServerTarget.Role? = nil,
        isUp: Bool = true
    ) -> ProbeExchange {
        let target = ServerTarget(
            .redis,
            depth: depth,
            database: database,
            role: role,
            maxLag: role.map { _ in .seconds(30) }
        )
        let name = "Redis, \(depth), \(words)"
        return ProbeExchange(name, said.map { Array($0.utf8) }, isUp: isUp) {
            RedisMachine(target, password: password)
        }
    }

    private static func memcached(
        _ depth: Depth,
        _ said: [String],
        spare: Int = 0
    ) -> ProbeExchange {
        let target = ServerTarget(.memcached, depth: depth)
        let name = "memcached, \(depth), \(said.last?.prefix(5) ?? "")"
        return ProbeExchange(name, said.map { Array($0.utf8) }, spare: spare) {
            MemcachedMachine(target)
        }
    }
}

/// Heard from Redis 7.0.15.
private enum RedisHeard {
    static let primary = information([
        "# Replication",
        "role:master",
        "connected_slaves:1",
        "slave0:ip=127.0.0.1,port=52303,state=online,offset=0,lag=0",
        "master_failover_state:no-failover",
        "master_replid:6b76793d5ca54f87e30d77d8fe91bc361d2bfa1a",
        "master_replid2:0000000000000000000000000000000000000000",
        "master_repl_offset:0",
        "second_repl_offset:-1",
        "repl_backlog_active:1",
        "repl_backlog_size:1048576",
        "repl_backlog_first_byte_offset:1",
        "repl_backlog_histlen:0",
    ])
    static let replica = information([
        "# Replication",
        "role:slave",
        "master_host:127.0.0.1",
        "master_port:41539",
        "master_link_status:up",
        "master_last_io_seconds_ago:2",
        "master_sync_in_progress:0",
        "slave_read_repl_offset:0",
        "slave_repl_offset:0",
        "slave_priority:100",
        "slave_read_only:1",
        "replica_announced:1",
        "connected_slaves:0",
        "master_failover_state:no-failover",
        "master_replid:6b76793d5ca54f87e30d77d8fe91bc361d2bfa1a",
        "master_replid2:0000000000000000000000000000000000000000",
        "master_repl_offset:0",
        "second_repl_offset:-1",
        "repl_backlog_active:1",
        "repl_backlog_size:1048576",
        "repl_backlog_first_byte_offset:1",
        "repl_backlog_histlen:0",
    ])
    static let roles =
        "*2\r\n*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n"
        + "*5\r\n$5\r\nslave\r\n$1\r\nh\r\n:1\r\n$9\r\nconnected\r\n:-1\r\n"

    private static func information(_ lines: [String]) -> String {
        let text = lines.map { $0 + "\r\n" }.joined()
        return "$\(text.utf8.count)\r\n\(text)\r\n"
    }
}
