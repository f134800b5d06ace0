import Health
import Testing

@testable import Probes

/// Byte scripts: what a server says, and what comes of it.
@Suite struct `PostgreSQL's protocol` {
    private static func message(_ kind: Character, _ body: [UInt8]) -> [UInt8] {
        let length = UInt32(body.count + 4)
        return Array(String(kind).utf8)
            + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
            + body
    }

    private static func error(_ code: String, _ words: String) -> [UInt8] {
        message("E", Array("SFATAL\0C\(code)\0M\(words)\0\0".utf8))
    }

    private static func row(_ columns: [String?]) -> [UInt8] {
        var body: [UInt8] = [0, UInt8(columns.count)]
        for column in columns {
            guard let column else {
                body += [0xff, 0xff, 0xff, 0xff]
                continue
            }
            body += [0, 0, 0, UInt8(column.utf8.count)] + Array(column.utf8)
        }
        return message("D", body)
    }

    private static let authenticated = message("R", [0, 0, 0, 0])
    private static let version = message("S", Array("server_version\015.18\0".utf8))
    private static let ready = message("Z", [0x49])
    private static let welcome = authenticated + version + ready

    private func machine(
        _ depth: Depth,
        role: ServerTarget.Role? = nil,
        lag: Duration? = nil,
        password: String? = "pencil",
        sealing: ServerTarget.Sealing = .none
    ) -> PostgresMachine {
        let target = ServerTarget(
            .postgres,
            depth: depth,
            user: "me",
            role: role,
            maxLag: lag,
            sealing: sealing
        )
        return PostgresMachine(target, password: password, nonce: "abc")
    }

    /// The last turn of an exchange in which the server says these things one after the other.
    private func end(_ machine: PostgresMachine, _ said: [[UInt8]]) -> ProbeTurn {
        var machine = machine
        var turn = machine.start()
        for bytes in said {
            if turn.next == .secure { turn = machine.secured() }
            guard turn.next == .receive else { return turn }
            turn = machine.receive(bytes)
        }
        return turn
    }

    private func failure(_ turn: ProbeTurn) -> Outcome.Failure? {
        guard case .finish(.failed(let failure), _) = turn.next else { return nil }
        return failure
    }

    @Test func `is up where the server takes us without a password, and is told goodbye`() {
        let turn = end(machine(.handshake), [Self.welcome])
        #expect(turn.next == .finish(.up, detail: "PostgreSQL 15.18"))
        #expect(turn.send == [0x58, 0, 0, 0, 4])
    }

    @Test func `is alive as soon as it asks for a password, and is told nothing more`() {
        let turn = end(
            machine(.handshake),
            [Self.message("R", [0, 0, 0, 10] + Array("SCRAM-SHA-256\0\0".utf8))]
        )
        #expect(turn.next == .finish(.up, detail: "PostgreSQL asks for a password"))
        #expect(turn.send == [])
    }

    /// PostgreSQL documentation, "Message Flow": md5 of md5 of password and user, and of the salt.
    @Test func `takes a password in the clear and by MD5`() {
        let clear = end(machine(.auth), [Self.message("R", [0, 0, 0, 3])])
        #expect(clear.send == Array("p\0\0\0\u{b}pencil\0".utf8))
        let hashed = end(machine(.auth), [Self.message("R", [0, 0, 0, 5, 1, 2, 3, 4])])
        #expect(String(decoding: hashed.send.dropFirst(5).prefix(3), as: UTF8.self) == "md5")
        #expect(hashed.send.count == 1 + 4 + 35 + 1)
    }

    @Test(arguments: [
        ("57P03", Reason.starting), ("53300", .full), ("28P01", .auth), ("3D000", .auth),
        ("XX000", .status), ("08P01", .protocol),
    ])
    func `says by its own code what is wrong`(code: String, reason: Reason) {
        let turn = end(machine(.query), [Self.error(code, "no luck")])
        #expect(failure(turn)?.reason == reason)
        #expect(failure(turn)?.text == "no luck (SQLSTATE \(code))")
    }

    @Test func `repeats no password, and nothing that a terminal would obey`() {
        let asked = Self.message("R", [0, 0, 0, 3])
        for said in [
            [Self.error("28P01", "pencil\u{1b}[2J is wrong")],
            [Self.authenticated + Self.ready, Self.row(["pencil\u{1b}[2J"]) + Self.ready],
            [Array("pencil\u{1b}[2J".utf8)],
        ] {
            let turn = end(machine(.query), [asked] + said)
            #expect(turn.failure != nil)
            #expect(!turn.shown.contains("pencil") && !turn.shown.contains("\u{1b}"))
        }
    }

    @Test func `wants TLS where the server takes nothing else`() {
        let words =
            "no pg_hba.conf entry for host \"::1\", user \"me\", database \"me\", no encryption"
        #expect(
            failure(end(machine(.query), [Self.error("28000", words)]))?.reason == .tlsHandshake
        )
    }

    @Test func `begins TLS when the server agrees, and only then`() {
        let sealed = machine(.handshake, sealing: .asked)
        #expect(end(sealed, [Array("S".utf8)]).next == .secure)
        #expect(
            end(sealed, [Array("S".utf8), Self.welcome]).next
                == .finish(.up, detail: "PostgreSQL 15.18")
        )
        #expect(failure(end(sealed, [Array("N".utf8)]))?.reason == .tlsHandshake)
        #expect(failure(end(sealed, [Array("Sxyz".utf8)]))?.reason == .protocol)
    }

    @Test(
        arguments: [
            (["f", "off", "0"], nil, Reason?.none, "primary"),
            (["t", "on", "3.7"], nil, nil, "replica, 3 s behind"),
            (["f", "off", "0"], ServerTarget.Role.replica, .role, "primary"),
            (["t", "on", "0"], .primary, .role, "replica, 0 s behind"),
            (["f", "on", "0"], .primary, .role, "primary, read-only"),
            (["t", "on", nil], nil, nil, "replica, unknown time behind"),
            (["t", "on", "1e300"], nil, nil, "replica, unknown time behind"),
            (["t", "on", "nan"], nil, nil, "replica, unknown time behind"),
        ] as [([String?], ServerTarget.Role?, Reason?, String)]
    )
    func `tells its role`(
        columns: [String?],
        wanted: ServerTarget.Role?,
        reason: Reason?,
        words: String
    ) {
        let turn = end(
            machine(.role, role: wanted),
            [Self.welcome, Self.row(columns) + Self.ready]
        )
        guard case .finish(let result, let detail) = turn.next else {
            Issue.record("no end")
            return
        }
        #expect(detail == "PostgreSQL 15.18, \(words)")
        if let reason {
            #expect(failure(turn)?.reason == reason)
        } else {
            #expect(result == .up)
        }
    }

    @Test func `is degraded where it is too far behind`() {
        let turn = end(
            machine(.role, lag: .seconds(2)),
            [Self.welcome, Self.row(["t", "on", "3.7"]) + Self.ready]
        )
        guard case .finish(.degraded(let words), _) = turn.next else {
            Issue.record("not degraded: \(turn)")
            return
        }
        #expect(words.contains("3 s behind"))
    }

    @Test(arguments: [
        "HTTP/1.1 400 Bad Request\r\n\r\n", "220 mail ready\r\n", "+PONG\r\n", "\u{0}\u{1}",
    ])
    func `is not taken for what another server says`(words: String) {
        #expect(failure(end(machine(.query), [Array(words.utf8)]))?.reason == .protocol)
    }
}
