import Health
import Testing

@testable import Probes

@Suite struct `memcached's protocol` {
    private func machine(_ depth: Depth) -> MemcachedMachine {
        MemcachedMachine(ServerTarget(.memcached, depth: depth))
    }

    @Test func `tells its version, and deeper reads a key`() {
        let version = "VERSION 1.6.18\r\n"
        let handshake = lastTurn(machine(.handshake), version)
        #expect(handshake.next == .finish(.up, detail: "memcached 1.6.18"))
        #expect(handshake.phases == [.handshake])
        #expect(handshake.send == Array("quit\r\n".utf8))
        let get = lastTurn(machine(.query), version)
        #expect(get.send == Array("get healthgate:probe\r\n".utf8))
        #expect(get.phases == [.handshake])
        for answer in ["END\r\n", "VALUE healthgate:probe 0 2\r\nxy\r\nEND\r\n"] {
            let turn = lastTurn(machine(.query), version, answer)
            #expect(turn.next == .finish(.up, detail: "memcached 1.6.18"))
            #expect(turn.phases == [.query])
        }
    }

    @Test(arguments: [
        ("ERROR Too many open connections", Reason.full), ("ERROR", .protocol),
        ("CLIENT_ERROR bad command line format", .protocol),
        ("CLIENT_ERROR unauthenticated", .auth), ("SERVER_ERROR out of memory", .full),
        ("SERVER_ERROR no", .status),
    ])
    func `says what is wrong`(words: String, reason: Reason) {
        for said in [["\(words)\r\n"], ["VERSION 1\r\n", "\(words)\r\n"]] {
            let turn = lastTurn(machine(.query), said.map { Array($0.utf8) })
            #expect(turn.failure?.reason == reason)
            #expect(turn.failure?.text == words)
        }
    }

    @Test func `is alive though it wants to know who asks`() {
        #expect(lastTurn(machine(.handshake), "CLIENT_ERROR unauthenticated\r\n").isUp)
    }

    @Test(arguments: [
        "HTTP/1.1 400 Bad Request\r\n\r\n", "220 mail ready\r\n", "-ERR unknown command\r\n",
        "\u{0}\u{1}", "\r\n", "END\r\n", "version\r\n", String(repeating: "V", count: 3000),
        "VERSIONS\r\n",
    ])
    func `is not taken for what another server says`(words: String) {
        #expect(lastTurn(machine(.query), words).failure?.reason == .protocol)
    }
}
