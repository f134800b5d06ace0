import Health
import TestSupport
import Testing

@testable import Probes

@Suite struct `A MySQL server's role` {
    private typealias Say = MySQLScript

    private static let writes = Say.settings(["read_only": "OFF", "super_read_only": "OFF"])
    private static let readOnly = Say.settings(["read_only": "ON"])
    private static let noSource = Say.answer(["Slave_IO_Running"], [])

    private func end(
        _ said: [[UInt8]],
        role: ServerTarget.Role? = nil,
        lag: Duration? = nil,
        version: String = "8.0.36"
    ) -> ProbeTurn {
        Say.end(
            Say.machine(.role, role: role, lag: lag),
            [Say.greeting(version), Say.ok()] + said
        )
    }

    @Test(
        arguments: [
            (writes, noSource, nil, Reason?.none, "primary"),
            (writes, noSource, .replica, .role, "primary"),
            (readOnly, noSource, .primary, .role, "primary, read-only"),
            (
                Say.settings(["super_read_only": "ON"]), noSource, .primary, .role,
                "primary, read-only"
            ),
            (readOnly, Say.source("Yes", "Yes", "3"), .replica, nil, "replica, 3 s behind"),
            (readOnly, Say.source("Yes", "Yes", "3"), .primary, .role, "replica, 3 s behind"),
            (
                writes, Say.source("Yes", "Yes", "0"), .primary, .role,
                "replica that takes writes, 0 s behind"
            ),
            // What was promoted may keep what it once followed.
            (writes, Say.source("No", "No", nil), .primary, nil, "primary"),
            (
                readOnly, Say.source("Connecting", "No", nil), nil, nil,
                "replica, replication stopped, an unknown time behind"
            ),
            (writes, MariaDBHeard.refusal, .primary, nil, "server that takes writes"),
            (
                readOnly, MariaDBHeard.refusal, .replica, nil,
                "read-only server, replication unknown"
            ),
            (writes, MariaDBHeard.refusal, .replica, .role, "server that takes writes"),
        ] as [([UInt8], [UInt8], ServerTarget.Role?, Reason?, String)]
    )
    func `is told`(
        variables: [UInt8],
        source: [UInt8],
        wanted: ServerTarget.Role?,
        reason: Reason?,
        words: String
    ) {
        let turn = end([variables, source], role: wanted)
        #expect(turn.detail == "MySQL 8.0.36, \(words)")
        #expect(turn.failure?.reason == reason)
        #expect(turn.send == [1, 0, 0, 0, 1])
    }

    @Test func `is read from what MariaDB says`() {
        let turn = Say.end(
            Say.machine(.role, role: .primary),
            [
                MariaDBHeard.greeting, MariaDBHeard.ok, MariaDBHeard.variables,
                MariaDBHeard.refusal,
            ]
        )
        #expect(turn.next == .finish(.up, detail: "MariaDB 10.11.19, server that takes writes"))
        #expect(turn.phases == [.role])
    }

    @Test(arguments: [
        ("8.0.36", "SHOW REPLICA STATUS"), ("8.0.21", "SHOW SLAVE STATUS"),
        ("9.1.0", "SHOW REPLICA STATUS"), ("5.7.44-log", "SHOW SLAVE STATUS"),
        ("5.5.5-10.11.19-MariaDB", "SHOW ALL SLAVES STATUS"),
    ])
    func `is asked for in the words of the version`(version: String, words: String) {
        let turn = end([Self.writes], version: version)
        #expect(turn.send.dropFirst(5) == Array(words.utf8)[...])
    }

    @Test(arguments: [("3", 2), (nil, 2), ("2", 2), ("1", 2)] as [(String?, Int)])
    func `is degraded where it is too far behind`(lag: String?, most: Int) {
        let turn = end([Self.readOnly, Say.source("Yes", "Yes", lag)], lag: .seconds(most))
        if case .finish(.degraded(let words), _) = turn.next {
            #expect(lag == "3" && words.hasPrefix("3 s") || lag == nil, "\(words)")
        } else {
            #expect(lag == "1" || lag == "2")
        }
    }

    @Test func `counts the slowest of several sources`() {
        let names = ["Replica_IO_Running", "Replica_SQL_Running", "Seconds_Behind_Source"]
        let both = Say.answer(names, [["Yes", "Yes", "1"], ["Yes", "Yes", "9"]])
        #expect(end([Self.readOnly, both]).detail == "MySQL 8.0.36, replica, 9 s behind")
    }

    @Test(arguments: [
        ("ON", "4", "Synced", Reason?.none), ("OFF", "0", "Initialized", .starting),
        ("ON", "1", "Joining", .starting), ("ON", "2", "Donor/Desynced", .notServing),
    ])
    func `is none where Galera is not in step`(
        ready: String,
        state: String,
        comment: String,
        reason: Reason?
    ) {
        let variables = Say.settings([
            "read_only": "OFF", "wsrep_on": "ON", "wsrep_provider": "/usr/lib/galera.so",
        ])
        let galera = Say.settings([
            "wsrep_ready": ready, "wsrep_local_state": state, "wsrep_local_state_comment": comment,
        ])
        let turn = end([variables, galera, Self.noSource])
        #expect(turn.failure?.reason == reason)
        #expect(turn.detail == "MySQL 8.0.36, primary, Galera \(comment)")
    }
}
