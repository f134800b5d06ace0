import Health

/// What a server's variables and statuses say of its role.
struct MySQLRole {
    private var isReadOnly = false
    private(set) var hasGalera = false
    private var galera: [String: String] = [:]
    private var replication = Replication.unknown

    private enum Replication {
        /// The user may not ask.
        case unknown
        case none
        case from([Source])
    }

    /// A server that this one takes its data from.
    private struct Source {
        let isRunning: Bool
        let lag: Int?
    }

    static let variables = """
        SHOW GLOBAL VARIABLES WHERE Variable_name IN ('read_only', 'super_read_only', \
        'innodb_read_only', 'wsrep_on', 'wsrep_provider')
        """
    static let galeraStatus = """
        SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_ready', 'wsrep_local_state', \
        'wsrep_local_state_comment')
        """

    static func replication(_ greeting: MySQLGreeting) -> String {
        if greeting.isMariaDB { return "SHOW ALL SLAVES STATUS" }
        return greeting.isSince([8, 0, 22]) ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS"
    }

    mutating func takeVariables(_ rows: MySQLRows) {
        let settings = rows.settings
        isReadOnly = ["read_only", "super_read_only", "innodb_read_only"].contains {
            settings[$0].map { !["OFF", "0"].contains($0.uppercased()) } ?? false
        }
        hasGalera =
            settings["wsrep_on"]?.uppercased() == "ON"
            && settings["wsrep_provider"].map { !$0.isEmpty && $0 != "none" } ?? false
    }

    mutating func takeGalera(_ rows: MySQLRows, _ words: ServerWords) {
        galera = rows.settings.mapValues { words.shown($0) }
    }

    mutating func takeReplication(_ rows: MySQLRows) {
        let sources = rows.named.compactMap { row -> Source? in
            let isOn = { (names: String...) in
                // The thread that reads may be between two attempts to connect.
                names.lazy.compactMap { row[$0] }.first.map { $0 != "No" } ?? false
            }
            let reads = isOn("Slave_IO_Running", "Replica_IO_Running")
            let applies = isOn("Slave_SQL_Running", "Replica_SQL_Running")
            let lag = row["Seconds_Behind_Master"] ?? row["Seconds_Behind_Source"]
            // A server that was promoted may keep what it once followed.
            guard reads || applies || isReadOnly else { return nil }
            return Source(isRunning: reads && applies, lag: lag.flatMap { Int($0) })
        }
        replication = sources.isEmpty ? .none : .from(sources)
    }

    /// What it comes to, and in words what was seen.
    func judge(_ target: ServerTarget) -> (result: Outcome.Result, words: String) {
        if hasGalera, let failure = galeraFailure { return (.failed(failure), words) }
        switch target.role {
        case .primary where isReadOnly || isReplica, .replica where !mayBeReplica:
            let wanted = target.role?.rawValue ?? ""
            let failure = Outcome.Failure(
                .role,
                at: .upstream,
                "it is a \(words), expected: \(wanted)"
            )
            return (.failed(failure), words)
        default: break
        }
        guard isReplica || isReadOnly, let most = target.maxLag, !isPrimary else {
            return (.up, words)
        }
        if let lag, .seconds(lag) <= most { return (.up, words) }
        return (
            .degraded("\(behind) behind its primary, at most \(most) is expected"), words
        )
    }

    /// It is known to follow nobody.
    private var isPrimary: Bool {
        if case .none = replication { true } else { false }
    }

    private var isReplica: Bool {
        if case .from = replication { true } else { false }
    }

    /// Where the user may not ask for replication, read-only is all that can be seen.
    private var mayBeReplica: Bool {
        if case .unknown = replication { isReadOnly } else { isReplica }
    }

    /// Of the source that is farthest ahead; nil: one of them does not tell, or nobody does.
    private var lag: Int? {
        guard case .from(let sources) = replication else { return nil }
        var most = 0
        for source in sources {
            guard source.isRunning, let lag = source.lag else { return nil }
            most = max(most, lag)
        }
        return most
    }

    private var behind: String { lag.map { "\($0) s" } ?? "an unknown time" }

    private var words: String {
        let role: String
        switch replication {
        case .unknown:
            role = isReadOnly ? "read-only server, replication unknown" : "server that takes writes"
        case .none: role = isReadOnly ? "primary, read-only" : "primary"
        case .from(let sources):
            let stopped = sources.allSatisfy(\.isRunning) ? "" : ", replication stopped"
            role = "replica\(isReadOnly ? "" : " that takes writes")\(stopped), \(behind) behind"
        }
        guard hasGalera else { return role }
        return "\(role), Galera \(galera["wsrep_local_state_comment"] ?? "of unknown state")"
    }

    private var galeraFailure: Outcome.Failure? {
        let state = galera["wsrep_local_state"] ?? ""
        let comment = galera["wsrep_local_state_comment"] ?? "unknown"
        guard galera["wsrep_ready"]?.uppercased() == "ON" else {
            return Outcome.Failure(.starting, at: .upstream, "Galera is not ready: \(comment)")
        }
        guard state != "4" else { return nil }
        // 2: it gives its state to another node, and falls behind meanwhile.
        let reason: Reason = state == "2" ? .notServing : .starting
        return Outcome.Failure(reason, at: .upstream, "Galera is not synced: \(comment)")
    }
}
