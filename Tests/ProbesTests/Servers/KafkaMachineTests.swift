import Health
import TestSupport
import Testing

@testable import Probes

/// Byte scripts after Kafka's documents: no real broker stands behind them.
@Suite struct `Kafka's protocol` {
    private func end(_ said: [[UInt8]], _ depth: Depth = .query) -> ProbeTurn {
        var machine = KafkaMachine(ServerTarget(.kafka, depth: depth, database: "orders"))
        var turn = machine.start()
        for bytes in said where turn.next == .receive { turn = machine.receive(bytes) }
        return turn
    }

    private func failure(_ turn: ProbeTurn) -> Outcome.Failure? {
        guard case .finish(.failed(let failure), _) = turn.next else { return nil }
        return failure
    }

    @Test func `is alive when it tells its versions`() {
        #expect(
            end([KafkaScript.versions], .handshake).next == .finish(.up, detail: "Kafka, 2 APIs")
        )
        let unable = KafkaScript.answer(1, KafkaScript.int(35, 2) + KafkaScript.int(0))
        #expect(failure(end([unable], .handshake))?.reason == .status)
    }

    @Test func `is asked for the leaders of the topic`() {
        let up = end([KafkaScript.versions, KafkaScript.metadata()])
        #expect(up.next == .finish(.up, detail: "Kafka, 1 brokers"))
        let without = failure(end([KafkaScript.versions, KafkaScript.metadata(leader: -1)]))
        #expect(without?.reason == .notServing)
        #expect(without?.text == "topic orders: 1 of 1 partitions have no leader")
        #expect(
            failure(end([KafkaScript.versions, KafkaScript.metadata(error: 3)]))?.reason
                == .notServing
        )
        #expect(
            failure(end([KafkaScript.versions, KafkaScript.metadata(controller: -1)]))?.reason
                == .notServing
        )
        guard
            case .finish(.degraded, _) = end([
                KafkaScript.versions, KafkaScript.metadata(inSync: [1]),
            ]).next
        else {
            Issue.record("not degraded")
            return
        }
    }

    @Test(arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", "+PONG\r\n"])
    func `is not taken for what another server says`(words: String) {
        #expect(failure(end([Array(words.utf8)]))?.reason == .protocol)
    }
}
