import Health
import Testing

@testable import Probes

@Suite struct `RabbitMQ's protocol` {
    private static func frame(_ kind: UInt8, _ body: [UInt8], channel: UInt8 = 0) -> [UInt8] {
        [kind, 0, channel, 0, 0, UInt8(body.count >> 8), UInt8(body.count & 0xff)] + body + [0xce]
    }

    private static func method(
        _ group: UInt8,
        _ number: UInt8,
        _ arguments: [UInt8] = [],
        channel: UInt8 = 0
    ) -> [UInt8] {
        frame(1, [0, group, 0, number] + arguments, channel: channel)
    }

    private static func short(_ text: String) -> [UInt8] {
        [UInt8(text.utf8.count)] + Array(text.utf8)
    }

    private static func long(_ bytes: [UInt8]) -> [UInt8] {
        [0, 0, UInt8(bytes.count >> 8), UInt8(bytes.count & 0xff)] + bytes
    }

    private static func text(_ name: String, _ value: String) -> [UInt8] {
        short(name) + [0x53] + long(Array(value.utf8))
    }

    /// As RabbitMQ 3.10 greets, with a field of each kind that it might send.
    private static func greeting(_ mechanisms: String = "PLAIN AMQPLAIN") -> [UInt8] {
        let capabilities = short("capabilities") + [0x46] + long(short("basic.nack") + [0x74, 1])
        let numbers = short("n") + [0x49, 0, 0, 0, 1] + short("v") + [0x56]
        let properties =
            capabilities + numbers + text("cluster_name", "hg@vm") + text("product", "RabbitMQ")
            + text("version", "3.10.8")
        return method(
            10,
            10,
            [0, 9] + long(properties) + long(Array(mechanisms.utf8)) + long(Array("en_US".utf8))
        )
    }

    private static let tune = method(10, 30, [7, 0xff, 0, 2, 0, 0, 0, 60])
    private static let openOk = method(10, 41, [0])
    private static let closeOk = method(10, 51)
    private static let blocked = method(10, 60, short("low on memory"))
    private static let channelOk = method(20, 11, [0, 0, 0, 0], channel: 1)
    private static let returned =
        method(60, 50, [1, 56] + short("NO_ROUTE") + short("") + short("q"), channel: 1)
        + frame(2, [0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], channel: 1)
    private static let opened = [greeting(), tune, openOk]
    private static let whole = opened + [channelOk, returned, closeOk]

    private static func close(_ code: Int, _ words: String) -> [UInt8] {
        method(10, 50, [UInt8(code >> 8), UInt8(code & 0xff)] + short(words) + [0, 10, 0, 40])
    }

    private func machine(_ depth: Depth, password: String? = "pw") -> AMQPMachine {
        let target = ServerTarget(.amqp, depth: depth, user: "me", database: "orders")
        return AMQPMachine(target, password: password, nonce: "abc")
    }

    private static let server = "RabbitMQ 3.10.8, cluster hg@vm"

    @Test func `is up as soon as it greets, and shows what it is`() {
        var asking = machine(.handshake)
        #expect(asking.start().send == [0x41, 0x4d, 0x51, 0x50, 0, 0, 9, 1])
        let turn = lastTurn(machine(.handshake), [Self.greeting()])
        #expect(turn.next == .finish(.up, detail: Self.server))
        #expect(turn.phases == [.handshake])
        #expect(turn.send == [])
    }

    @Test func `opens the virtual host and closes as it should`() {
        let start = lastTurn(machine(.auth), [Self.greeting()])
        #expect(start.phases == [.handshake])
        #expect(String(decoding: start.send, as: UTF8.self).contains("PLAIN"))
        let open = lastTurn(machine(.auth), [Self.greeting(), Self.tune])
        let tuneOk = Self.method(10, 31, [7, 0xff, 0, 2, 0, 0, 0, 0])
        let ours = tuneOk + Self.method(10, 40, Self.short("orders") + [0, 0])
        #expect(open.send == ours)
        let close = lastTurn(machine(.auth), Self.opened)
        #expect(close.send == AMQPMessage.close)
        #expect(close.phases == [.auth])
        let turn = lastTurn(machine(.auth), Self.opened + [Self.closeOk])
        #expect(turn.next == .finish(.up, detail: Self.server))
        #expect(!turn.lingers)
        // The messages as they come: several at once, and a heartbeat among them.
        let heartbeat = Self.frame(8, [])
        let atOnce = [
            Self.greeting() + heartbeat, Self.tune, heartbeat + Self.openOk, Self.closeOk,
        ]
        #expect(lastTurn(machine(.auth), atOnce).isUp)
    }

    @Test func `publishes what must come back`() {
        let publish = lastTurn(machine(.query), Self.opened + [Self.channelOk])
        let ours =
            Self.method(
                60,
                40,
                [0, 0] + Self.short("") + Self.short("healthgate.probe.abc") + [1],
                channel: 1
            ) + Self.frame(2, [0, 60] + [UInt8](repeating: 0, count: 12), channel: 1)
        #expect(publish.send == ours)
        let back = lastTurn(machine(.query), Self.opened + [Self.channelOk, Self.returned])
        #expect(back.send == AMQPMessage.close)
        #expect(back.phases == [.query])
        let end = lastTurn(machine(.query), Self.whole)
        #expect(end.isUp)
        #expect(end.lingers)
    }

    @Test func `is degraded where it takes no messages, before or after the message came back`() {
        for said in [[Self.blocked], [Self.returned, Self.blocked]] {
            let turn = lastTurn(machine(.query), Self.opened + [Self.channelOk] + said)
            let words = "the broker takes no messages: low on memory"
            #expect(turn.next == .finish(.degraded(words), detail: Self.server))
        }
        // Other brokers may say so without having been sent a message.
        let early = lastTurn(machine(.auth), Self.opened + [Self.blocked])
        #expect(early.shown.contains("low on memory"))
    }

    @Test(arguments: [
        (403, "ACCESS_REFUSED - Login was refused", Reason.auth),
        (530, "NOT_ALLOWED - vhost orders not found", .auth),
        (530, "NOT_ALLOWED - access to vhost '/' refused: connection limit (0) is reached", .full),
        (
            320, "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'",
            .starting
        ),
        (503, "COMMAND_INVALID", .protocol), (541, "INTERNAL_ERROR", .status),
    ])
    func `says by its own code what is wrong`(code: Int, words: String, reason: Reason) {
        for said in [[Self.greeting()], [Self.greeting(), Self.tune], Self.opened] {
            let turn = lastTurn(machine(.query), said + [Self.close(code, words)])
            #expect(turn.failure?.reason == reason)
            #expect(turn.failure?.text == "\(words) (\(code))")
            #expect(turn.send == AMQPMessage.closeOk)
        }
    }

    @Test func `refuses a channel, and is told goodbye`() {
        let refused = Self.method(
            20,
            40,
            [1, 147] + Self.short("ACCESS_REFUSED - no write") + [0, 60, 0, 40],
            channel: 1
        )
        let turn = lastTurn(machine(.query), Self.opened + [Self.channelOk, refused])
        #expect(turn.failure?.reason == .auth)
        #expect(turn.send == AMQPMessage.close)
    }

    @Test func `is told nothing of us where that cannot help`() {
        let none = lastTurn(machine(.auth, password: nil), [Self.greeting()])
        #expect(none.failure?.reason == .auth)
        let other = lastTurn(machine(.auth), [Self.greeting("EXTERNAL")])
        #expect(other.failure?.text == "the broker offers EXTERNAL alone")
        let closes = { (said: [[UInt8]]) in
            var machine = machine(.auth)
            _ = machine.start()
            for bytes in said { _ = machine.receive(bytes) }
            return machine.ended()?.reason
        }
        #expect(closes([Self.greeting()]) == .auth)
        #expect(closes([]) == nil)
    }

    @Test func `never repeats a password`() {
        let words = "me:hunter2 is refused"
        for said in [
            [Self.greeting(), Self.close(403, words)], [Self.greeting(), Array(words.utf8)],
            Self.opened + [Self.close(541, words)], Self.opened + [Array(words.utf8)],
        ] {
            let turn = lastTurn(machine(.query, password: "hunter2"), said)
            #expect(turn.failure != nil)
            #expect(!turn.shown.contains("hunter2"))
        }
    }

    @Test func `says so where it speaks another version`() {
        let turn = lastTurn(machine(.auth), [Array("AMQP".utf8) + [0, 1, 0, 0]])
        #expect(turn.failure?.reason == .protocol)
        #expect(turn.failure?.text == "the broker speaks AMQP 1-0-0 and not 0-9-1")
    }

    @Test(arguments: [
        "HTTP/1.1 400 Bad Request\r\n\r\n", "220 mail ready\r\n", "+PONG\r\n", "AMQQ",
        "\u{1}\u{0}\u{0}\u{7f}\u{7f}\u{7f}\u{7f}", "\u{1}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}!",
    ])
    func `is not taken for what another server says`(words: String) {
        #expect(lastTurn(machine(.auth), words).failure?.reason == .protocol)
    }
}
