import Health
import TestSupport
import Testing

@testable import Probes

/// Byte scripts: what a server says, and what comes of it.
@Suite struct `MySQL's protocol` {
    private typealias Say = MySQLScript

    private static let quit: [UInt8] = [1, 0, 0, 0, 1]

    @Test func `goes on as far as it is told, and says goodbye`() {
        let said = [MariaDBHeard.greeting, MariaDBHeard.ok, MariaDBHeard.one]
        for depth in [Depth.handshake, .auth, .query] {
            let turns = Say.turns(Say.machine(depth), said)
            #expect(turns.last?.next == .finish(.up, detail: "MariaDB 10.11.19"))
            #expect(turns.last?.send == Self.quit)
            #expect(turns.count == (depth == .query ? 4 : 3))
            let phases = turns.flatMap(\.phases)
            #expect(phases == [.handshake, .auth] + (depth == .query ? [.query] : []))
        }
    }

    @Test func `logs in as the target's user, with what it proves its password by`() {
        let turn = Say.turns(Say.machine(.auth), [Say.greeting()])[1]
        let words = String(decoding: turn.send, as: UTF8.self)
        #expect(turn.send[3] == 1)
        #expect(words.contains("me\0"))
        #expect(words.contains("mysql_native_password\0"))
        #expect(words.hasSuffix("\u{c}program_name\u{a}healthgate"))
        #expect(!words.contains("pencil"))
        // SHA1(password) xor SHA1(nonce, SHA1(SHA1(password))), computed by another program.
        let proof: [UInt8] = [
            0xcf, 0x61, 0xfc, 0x4b, 0x84, 0x33, 0x8d, 0x28, 0x84, 0xba, 0xac, 0x21, 0x31, 0xc2,
            0x9c, 0xae, 0xdc, 0x13, 0x32, 0x46,
        ]
        #expect(turn.send.contains([20] + proof))
    }

    @Test func `is alive where it refuses the user, and is left without a word`() {
        for code in [1045, 1698, 1251] {
            let said = [Say.greeting(), Say.error(code, "Access denied", state: "28000")]
            let turn = Say.end(Say.machine(.handshake, password: nil), said)
            #expect(
                turn.next == .finish(.up, detail: "MySQL 8.0.36, which does not let this user in")
            )
            #expect(turn.send == [])
            #expect(Say.end(Say.machine(.auth), said).failure?.reason == .auth)
        }
    }

    @Test(arguments: [
        (1040, Reason.full, "Too many connections"), (1129, .auth, "Host 'x' is blocked"),
        (1130, .auth, "Host 'x' is not allowed"), (1053, .starting, "Server shutdown in progress"),
    ])
    func `says in place of a greeting what is wrong`(code: Int, reason: Reason, words: String) {
        let turn = Say.end(Say.machine(.handshake), [Say.error(code, words, state: nil, number: 0)])
        #expect(turn.failure?.reason == reason)
        #expect(turn.failure?.text == "\(words) (error \(code))")
    }

    @Test(arguments: [
        (1045, Reason.auth), (1044, .auth), (1049, .auth), (1203, .full), (1226, .full),
        (1040, .full), (3159, .tlsHandshake), (1043, .protocol), (3032, .notServing),
        (1047, .starting), (2000, .status),
    ])
    func `says by its own number what is wrong`(code: Int, reason: Reason) {
        for said in [
            [Say.greeting(), Say.error(code, "no luck")],
            [Say.greeting(), Say.ok(), Say.error(code, "no luck", number: 1)],
        ] {
            let turn = Say.end(Say.machine(.query), said)
            #expect(turn.failure?.reason == reason)
            #expect(turn.failure?.text == "no luck (error \(code), SQLSTATE HY000)")
            #expect(turn.send == (said.count == 3 ? Self.quit : []))
        }
    }

    @Test func `repeats no password, and nothing that a terminal would obey`() {
        for said in [
            [Say.greeting(), Say.error(1045, "pencil\u{1b}[2J is wrong")],
            [Say.greeting(), Say.switched(to: "pencil\u{1b}[2J")],
            [Say.greeting(), Say.ok(), Say.answer(["1"], [["pencil\u{1b}[2J"]])],
        ] {
            let turn = Say.end(Say.machine(.query), said)
            #expect(turn.failure != nil)
            #expect(!turn.shown.contains("pencil") && !turn.shown.contains("\u{1b}"))
        }
    }

    @Test func `begins TLS when the server offers it, and only then`() {
        let sealed = Say.machine(.auth, sealing: .asked)
        let turns = Say.turns(sealed, [Say.greeting(flags: Say.tls), Say.ok(3)])
        #expect(turns[1].next == .secure)
        #expect(turns[1].send.count == 4 + 32)
        #expect(turns[1].send[3] == 1)
        #expect(turns[2].send[3] == 2)
        #expect(turns[2].send[4..<36] == turns[1].send[4..<36])
        #expect(turns.last?.next == .finish(.up, detail: "MySQL 8.0.36"))
        let refused = Say.end(sealed, [Say.greeting()])
        #expect(refused.failure?.reason == .tlsHandshake)
        #expect(refused.send.suffix(5) == Self.quit)
        let early = Say.end(sealed, [Say.greeting(flags: Say.tls) + [1]])
        #expect(early.failure?.reason == .protocol)
    }

    // MARK: Plugins

    @Test func `changes the plugin where it is told to`() {
        let said = [
            Say.greeting("8.0.36", "caching_sha2_password"),
            Say.switched(to: "mysql_native_password"), Say.ok(4),
        ]
        let turns = Say.turns(Say.machine(.auth), said)
        #expect(turns[2].send.prefix(4) == [20, 0, 0, 3])
        #expect(turns[3].next == .finish(.up, detail: "MySQL 8.0.36"))
        let nobody = Say.turns(
            Say.machine(.auth, password: nil),
            [Say.greeting(), Say.switched(to: "caching_sha2_password")]
        )
        #expect(nobody[2].send == [1, 0, 0, 3, 0])
    }

    @Test func `gives away a password in the clear over TLS alone`() {
        let said = [Say.greeting(flags: Say.tls), Say.switched(to: "mysql_clear_password")]
        let open = Say.end(Say.machine(.auth), said)
        #expect(open.failure?.reason == .auth)
        #expect(open.send == [0, 0, 0, 3])
        let sealed = Say.end(Say.machine(.auth, sealing: .asked), said)
        #expect(sealed.send == [7, 0, 0, 3] + Array("pencil\0".utf8))
    }

    @Test func `names the plugin that is not known here`() {
        for plugin in ["client_ed25519", "dialog"] {
            let said = [Say.greeting(), Say.switched(to: plugin)]
            let turn = Say.end(Say.machine(.query), said)
            #expect(turn.failure?.reason == .auth)
            #expect(turn.failure?.text == "the server wants \(plugin), which is not known here")
            let shallow = Say.end(Say.machine(.handshake), said)
            #expect(shallow.detail == "MySQL 8.0.36, which asks for \(plugin)")
            #expect(shallow.failure == nil)
        }
        #expect(
            Say.end(Say.machine(.query), [Say.greeting(), Say.packet(2, [0xfe])]).failure?.reason
                == .auth
        )
    }

    /// MySQL documentation, "Caching SHA-2 Pluggable Authentication"; by script alone.
    @Test func `proves a password by SHA-256`() {
        let hello = Say.greeting("8.0.36", "caching_sha2_password", flags: Say.tls)
        let remembered = Say.packet(2, [1, 3]) + Say.ok(3)
        let fast = Say.turns(Say.machine(.auth), [hello, remembered])
        // Computed by another program, as above.
        let proof: [UInt8] = [
            0x80, 0x4b, 0x18, 0x8f, 0x45, 0x65, 0xda, 0xe5, 0x61, 0x71, 0x13, 0x37, 0x0e, 0x15,
            0x61, 0x83, 0xc9, 0x1c, 0xfe, 0xf6, 0xdd, 0x47, 0x14, 0x58, 0x5f, 0x8d, 0x46, 0x5f,
            0x21, 0x50, 0xb2, 0x71,
        ]
        #expect(fast[1].send.contains([32] + proof))
        #expect(fast[2].next == .finish(.up, detail: "MySQL 8.0.36"))

        let forgotten = Say.packet(2, [1, 4])
        let sealed = Say.turns(Say.machine(.auth, sealing: .asked), [hello, forgotten, Say.ok(4)])
        #expect(sealed[3].send == [7, 0, 0, 3] + Array("pencil\0".utf8))
        #expect(sealed[4].failure == nil)
    }

    @Test func `seals a password for the server's key where there is no TLS`() {
        let hello = Say.greeting("8.0.36", "caching_sha2_password")
        let key = Say.packet(4, [1] + Array(Self.key.utf8))
        let turns = Say.turns(
            Say.machine(.auth),
            [hello, Say.packet(2, [1, 4]), key, Say.ok(6)]
        )
        #expect(turns[2].send == [1, 0, 0, 3, 2])
        #expect(turns[3].send.prefix(4) == [0, 1, 0, 5])
        #expect(turns[3].send.count == 4 + 256)
        #expect(turns[4].next == .finish(.up, detail: "MySQL 8.0.36"))
        let noKey = Say.end(
            Say.machine(.auth),
            [hello, Say.packet(2, [1, 4]), Say.packet(4, [1] + Array("no key".utf8))]
        )
        #expect(noKey.failure?.reason == .auth)
    }

    // MARK: Others

    @Test(arguments: [
        "HTTP/1.1 400 Bad Request\r\n\r\n", "220 mail ready\r\n", "+PONG\r\n",
        "\u{5}\0\0\0hello", "\u{1}\0\0\0\u{9}", "\0\0\0\0",
    ])
    func `is not taken for what another server says`(words: String) {
        let turn = Say.end(Say.machine(.query), [Array(words.utf8)])
        #expect(turn.failure?.reason == .protocol)
        #expect(turn.failure?.text.hasPrefix("this is no MySQL") == true)
    }

    @Test func `never hands out a file that the server asks for`() {
        let said = [Say.greeting(), Say.ok(), Say.packet(1, [0xfb] + Array("/etc/passwd".utf8))]
        #expect(Say.end(Say.machine(.query), said).failure?.reason == .protocol)
    }

    @Test func `tells what its silence may mean`() {
        var machine = Say.machine(.query)
        #expect(machine.silence?.contains("TLS inspector") == true)
        _ = machine.receive(Say.greeting())
        #expect(machine.silence == nil)
    }

    @Test func `takes no more than its share`() {
        let row = Say.packet(3, Array(repeating: 1, count: 200))
        var machine = Say.machine(.query)
        for bytes in [Say.greeting(), Say.ok(), Say.answer(["1"], []).dropLast(9)] {
            _ = machine.receive(Array(bytes))
        }
        var end: ProbeTurn?
        for _ in 0..<30_000 where end == nil {
            let turn = machine.receive(row)
            if turn.next != .receive { end = turn }
        }
        #expect(end?.failure?.reason == .protocol)
    }

    private static let key = """
        -----BEGIN PUBLIC KEY-----
        MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAp8gisVMMCQ9Y+Bip/abP
        9hJKMN/jEtI6gEBs5wMXpTUnZjSzQ34ojmfDIpbXGoTggUp2MIv734ZWji7/uyed
        DKPjSeEeHf+IUKicAQgbMoP2EeQvquN905yMNXLKgSzp37QTYESR6GdbiF0Blt21
        Ck/mAuCdgLZ36WzyuMimgaUuST5ok2CK8s0WvCknniK9qaUi4VfDIF8FiLaSbkPz
        FKRztMf/dI6Vx+9wQ9YnOyPyaAYbeQvjAaCNyrc/UBS5dN8rHRPa/4aq9sekWcFS
        Y27yHaxnyudhtq2K8YoJeSvzodz//luwLhkyx+CUppbzrFg1AJAcgmZzTOQxs8Av
        2wIDAQAB
        -----END PUBLIC KEY-----

        """
}
