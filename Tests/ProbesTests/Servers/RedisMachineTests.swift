import Health
import Testing

@testable import Probes

private func information(_ lines: String...) -> String {
    let text = (["# Replication"] + lines).map { $0 + "\r\n" }.joined()
    return "$\(text.utf8.count)\r\n\(text)\r\n"
}

private let replica = information(
    "role:slave",
    "master_link_status:up",
    "master_last_io_seconds_ago:3",
    "master_sync_in_progress:0"
)

@Suite struct `Redis's protocol` {
    private func machine(
        _ depth: Depth,
        user: String? = nil,
        password: String? = nil,
        database: String? = nil,
        role: ServerTarget.Role? = nil,
        lag: Duration? = nil
    ) -> RedisMachine {
        let target = ServerTarget(
            .redis,
            depth: depth,
            user: user,
            database: database,
            role: role,
            maxLag: lag
        )
        return RedisMachine(target, password: password)
    }

    @Test func `asks for what a proxy cannot answer, and says goodbye`() {
        var asking = machine(.query)
        let asked = "*2\r\n$4\r\nTYPE\r\n$16\r\nhealthgate:probe\r\n"
        #expect(asking.start().send == Array(asked.utf8))
        let turn = lastTurn(machine(.query), "+none\r\n")
        #expect(turn.next == .finish(.up, detail: "Redis"))
        #expect(turn.phases == [.query])
        #expect(turn.send == Array("*1\r\n$4\r\nQUIT\r\n".utf8))
    }

    @Test func `shows its password or its user before it asks, and chooses the database`() {
        var plain = machine(.auth, password: "pw")
        #expect(plain.start().send == Array("*2\r\n$4\r\nAUTH\r\n$2\r\npw\r\n".utf8))
        var user = machine(.query, user: "me", password: "pw", database: "3")
        let auth = Array("*3\r\n$4\r\nAUTH\r\n$2\r\nme\r\n$2\r\npw\r\n".utf8)
        #expect(user.start().send == auth)
        let ok = Array("+OK\r\n".utf8)
        let select = user.receive(ok)
        #expect(select.send == Array("*2\r\n$6\r\nSELECT\r\n$1\r\n3\r\n".utf8))
        #expect(select.phases == [.auth])
        #expect(user.receive(ok).send.starts(with: Array("*2\r\n$4\r\nTYPE".utf8)))
        // A handshake is not told who we are.
        var handshake = machine(.handshake, user: "me", password: "pw")
        #expect(handshake.start().send.starts(with: Array("*2\r\n$4\r\nTYPE".utf8)))
    }

    /// From which depth on an error is a failure, and which one.
    @Test(
        arguments: [
            ("NOAUTH Authentication required.", .auth, .auth),
            ("NOPERM this user has no permissions to run the 'type' command", .query, .auth),
            ("WRONGTYPE Operation against a key", nil, .status),
            ("MOVED 1180 10.0.0.2:6379", nil, .status),
            ("MASTERDOWN Link with MASTER is down", .query, .notServing),
            ("CLUSTERDOWN Hash slot not served", .query, .notServing),
            ("BUSY Redis is busy running a script.", .query, .notServing),
            ("READONLY You can't write against a read only replica.", .query, .role),
            ("LOADING Redis is loading the dataset in memory", .handshake, .starting),
            ("DENIED Redis is running in protected mode", .handshake, .auth),
            ("ERR max number of clients reached", .handshake, .full),
            ("ERR max number of clients + cluster connections reached", .handshake, .full),
            ("ERR unknown command 'TYPE', with args beginning with: 'x'", .handshake, .protocol),
            ("ERR something else", .handshake, .status),
            ("no upstream host", .handshake, .upstreamRefused),
            ("upstream failure", .handshake, .upstreamRefused),
            ("finished with 1 error(s)", .handshake, .upstreamRefused),
        ] as [(String, Depth?, Reason)]
    )
    func `says by its errors what is wrong`(words: String, from: Depth?, reason: Reason) {
        for depth in [Depth.handshake, .auth, .query] {
            let turn = lastTurn(machine(depth), "-\(words)\r\n")
            if let from, depth >= from {
                #expect(turn.failure?.reason == reason, "\(depth)")
                #expect(turn.failure?.text == words)
            } else {
                #expect(turn.isUp, "\(depth)")
                #expect(turn.detail == "Redis answers: \(words)")
            }
        }
    }

    @Test(arguments: [
        ("-WRONGPASS invalid username-password pair or user is disabled.", Reason.auth),
        ("-ERR AUTH <password> called without any password configured", .auth),
        ("-ERR unknown command 'AUTH', with args beginning with: 'hunter2'", .auth),
        ("-hunter2", .auth), ("+hunter2", .protocol), ("hunter2", .protocol),
        ("*2\r\n$4\r\nAUTH\r\n$7\r\nhunter2", .protocol),
        ("-ERR max number of clients reached", .full),
        ("-LOADING Redis is loading the dataset in memory", .starting),
    ])
    func `never repeats a password that is refused`(said: String, reason: Reason) {
        for depth in [Depth.auth, .query, .role] {
            let turn = lastTurn(machine(depth, password: "hunter2"), said + "\r\n")
            #expect(turn.failure?.reason == reason)
            #expect(!turn.shown.contains("hunter2"))
            #expect(turn.phases == [.auth])
        }
    }

    @Test func `never repeats a password that comes back later`() {
        for said in ["-ERR it is hunter2\r\n", "it is hunter2\r\n"] {
            let turn = lastTurn(machine(.query, password: "hunter2"), "+OK\r\n", said)
            #expect(turn.failure != nil)
            #expect(turn.shown.contains("it is …"))
        }
    }

    @Test(
        arguments: [
            (information("role:master", "connected_slaves:1"), nil, Reason?.none, "primary"),
            (information("role:master"), .replica, .role, "primary"),
            (replica, .replica, nil, "replica, 3 s after the last word of its primary"),
            (replica, .primary, .role, "replica, 3 s after the last word of its primary"),
        ] as [(String, ServerTarget.Role?, Reason?, String)]
    )
    func `tells its role`(
        said: String,
        wanted: ServerTarget.Role?,
        reason: Reason?,
        words: String
    ) {
        let turn = lastTurn(machine(.role, role: wanted), "+none\r\n", said)
        #expect(turn.detail == "Redis, \(words)")
        #expect(turn.failure?.reason == reason)
        #expect(turn.phases == [.role])
    }

    @Test func `is degraded where it is behind, or has lost its primary`() {
        let late = lastTurn(machine(.role, lag: .seconds(2)), "+none\r\n", replica)
        #expect(late.shown.contains("3 s after the last word of its primary, at most 2"))
        #expect(!late.isUp && late.failure == nil)
        #expect(lastTurn(machine(.role, lag: .seconds(3)), "+none\r\n", replica).isUp)
        let alone = information(
            "role:slave",
            "master_link_status:down",
            "master_last_io_seconds_ago:-1",
            "master_sync_in_progress:0",
            "master_link_down_since_seconds:7"
        )
        let lost = lastTurn(machine(.role, role: .replica), "+none\r\n", alone)
        #expect(lost.shown.hasSuffix("replica without its primary for 7 s"))
        #expect(!lost.isUp && lost.failure == nil)
    }

    /// Envoy 1.40's redis_proxy answers INFO of a section by an empty text, and ROLE by a list.
    @Test func `tells its role through a proxy, of each server`() {
        let one = "*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n"
        let other = "*5\r\n$5\r\nslave\r\n$1\r\nh\r\n:1\r\n$7\r\nconnect\r\n:-1\r\n"
        let up = lastTurn(machine(.role, role: .primary), "+none\r\n", "$0\r\n\r\n", "*1\r\n\(one)")
        #expect(up.next == .finish(.up, detail: "Redis, primary"))
        let both = lastTurn(
            machine(.role, role: .primary),
            "+none\r\n",
            "$0\r\n\r\n",
            "*2\r\n\(one)\(other)"
        )
        #expect(both.failure?.reason == .role)
        #expect(
            both.failure?.text
                == "it is a primary; replica without its primary for an unknown time, "
                + "expected: primary"
        )
    }

    @Test(arguments: [
        "HTTP/1.1 400 Bad Request\r\n\r\n", "220 mail ready\r\n", "\u{0}\u{1}", "VERSION 1.6\r\n",
        "$99999999999\r\n", "$-2\r\n", "*1000000\r\n", ":12x\r\n", "+a\nb\r\n", "$3\r\nabcd\r\n",
        String(repeating: "*1\r\n", count: 20), "+" + String(repeating: "x", count: 5000),
        "*1000\r\n" + String(repeating: "*1\r\n:1\r\n", count: 600),
        "$65536\r\n" + String(repeating: "x", count: 300_000), "\r\n",
    ])
    func `is not taken for what another server says`(words: String) {
        #expect(lastTurn(machine(.query), words).failure?.reason == .protocol)
    }
}
