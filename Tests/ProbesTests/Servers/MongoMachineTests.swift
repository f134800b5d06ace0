import Health
import Testing

@testable import Probes

/// Byte scripts after MongoDB's documents: no real server stands behind them.
@Suite struct `MongoDB's protocol` {
    private static func document(_ fields: [UInt8]) -> [UInt8] {
        BSON.int(fields.count + 5) + fields + [0]
    }

    private static func text(_ name: String, _ value: String) -> [UInt8] {
        [0x02] + Array(name.utf8) + [0] + BSON.int(value.utf8.count + 1) + Array(value.utf8) + [0]
    }

    private static func bool(_ name: String, _ value: Bool) -> [UInt8] {
        [0x08] + Array(name.utf8) + [0, value ? 1 : 0]
    }

    private static let ok: [UInt8] = [0x01] + Array("ok".utf8) + [0, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]
    private static let hosts: [UInt8] =
        [0x04] + Array("hosts".utf8) + [0] + document(text("0", "a:27017"))

    private static func answer(_ fields: [UInt8]) -> [UInt8] {
        let body: [UInt8] = [0, 0, 0, 0, 0] + document(fields)
        return [body.count + 16, 7, 1, 2013].flatMap { BSON.int($0) } + body
    }

    private static let primary = answer(
        text("setName", "rs0") + hosts + bool("isWritablePrimary", true) + ok
    )

    private func end(
        _ bytes: [UInt8],
        _ depth: Depth = .role,
        role: ServerTarget.Role? = nil
    ) -> ProbeTurn {
        var machine = MongoMachine(ServerTarget(.mongodb, depth: depth, role: role))
        _ = machine.start()
        return machine.receive(bytes)
    }

    private func reason(_ turn: ProbeTurn) -> Reason? {
        guard case .finish(.failed(let failure), _) = turn.next else { return nil }
        return failure.reason
    }

    @Test func `asks hello of the database admin`() {
        var machine = MongoMachine(ServerTarget(.mongodb, depth: .handshake))
        let sent = machine.start().send
        #expect(sent.count == Int(sent[0]))
        #expect(Array(sent[12..<16]) == [0xdd, 7, 0, 0])
        #expect(Array(sent[21...]) == BSON.command("hello", database: "admin"))
    }

    @Test func `tells the role`() {
        #expect(end(Self.primary).next == .finish(.up, detail: "MongoDB, a primary of rs0"))
        #expect(reason(end(Self.primary, role: .replica)) == .role)
        let secondary = Self.answer(Self.bool("secondary", true) + Self.ok)
        #expect(end(secondary, role: .replica).next == .finish(.up, detail: "MongoDB, a secondary"))
        #expect(reason(end(secondary, role: .primary)) == .role)
        let router = Self.answer(Self.text("msg", "isdbgrid") + Self.ok)
        #expect(
            end(router, role: .primary).next == .finish(.up, detail: "MongoDB, a router (mongos)")
        )
        let none = Self.answer(Self.ok)
        #expect(reason(end(none)) == .notServing)
        #expect(reason(end(none, .handshake)) == nil)
    }

    @Test func `tells the server's own words`() {
        let turn = end(Self.answer(Self.text("errmsg", "not now")))
        #expect(reason(turn) == .status)
    }

    @Test(arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", "-ERR unknown command\r\n"])
    func `is not taken for what another server says`(words: String) {
        #expect(reason(end(Array(words.utf8))) == .protocol)
    }

    /// Every prefix, and every byte altered: an end or a wait, and no trap.
    @Test func `takes any bytes at all`() {
        for count in 0..<Self.primary.count {
            #expect(end(Array(Self.primary[..<count])).next == .receive)
        }
        for index in Self.primary.indices {
            for value in UInt8.min...UInt8.max {
                var altered = Self.primary
                altered[index] = value
                _ = end(altered)
            }
        }
    }
}
