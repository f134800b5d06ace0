import Health
import TestSupport
import Testing

@testable import Probes

/// Byte scripts after MongoDB's documents: no real server stands behind them.
@Suite struct `MongoDB's protocol` {
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
        #expect(end(MongoScript.primary).next == .finish(.up, detail: "MongoDB, a primary of rs0"))
        #expect(reason(end(MongoScript.primary, role: .replica)) == .role)
        let secondary = MongoScript.answer(MongoScript.bool("secondary", true) + MongoScript.ok)
        #expect(end(secondary, role: .replica).next == .finish(.up, detail: "MongoDB, a secondary"))
        #expect(reason(end(secondary, role: .primary)) == .role)
        let router = MongoScript.answer(MongoScript.text("msg", "isdbgrid") + MongoScript.ok)
        #expect(
            end(router, role: .primary).next == .finish(.up, detail: "MongoDB, a router (mongos)")
        )
        let none = MongoScript.answer(MongoScript.ok)
        #expect(reason(end(none)) == .notServing)
        #expect(reason(end(none, .handshake)) == nil)
    }

    @Test func `tells the server's own words`() {
        let turn = end(MongoScript.answer(MongoScript.text("errmsg", "not now")))
        #expect(reason(turn) == .status)
    }

    @Test(arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", "-ERR unknown command\r\n"])
    func `is not taken for what another server says`(words: String) {
        #expect(reason(end(Array(words.utf8))) == .protocol)
    }
}
