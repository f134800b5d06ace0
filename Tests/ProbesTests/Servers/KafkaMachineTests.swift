import Health
import Testing

@testable import Probes

/// Byte scripts after Kafka's documents: no real broker stands behind them.
@Suite struct `Kafka's protocol` {
    private static func int(_ value: Int, _ bytes: Int = 4) -> [UInt8] {
        (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static func text(_ value: String) -> [UInt8] {
        int(value.utf8.count, 2) + Array(value.utf8)
    }

    private static func answer(_ number: Int, _ body: [UInt8]) -> [UInt8] {
        let message = int(number) + body
        return int(message.count) + message
    }

    private static let versions = answer(
        1,
        int(0, 2) + int(2) + [0, 3, 0, 0, 0, 12] + [0, 18, 0, 0, 0, 4]
    )

    /// One broker, one topic of one partition.
    private static func metadata(
        leader: Int = 1,
        inSync: [Int] = [1, 2],
        error: Int = 0,
        controller: Int = 1
    ) -> [UInt8] {
        let broker = int(1) + text("kafka") + int(9092) + int(-1, 2)
        let replicas = int(2) + int(1) + int(2)
        let isr = int(inSync.count) + inSync.flatMap { int($0) }
        let partition = int(0, 2) + int(0) + int(leader) + replicas + isr
        let topic = int(error, 2) + text("orders") + [0] + int(1) + partition
        return answer(2, int(1) + broker + int(controller) + int(1) + topic)
    }

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
        #expect(end([Self.versions], .handshake).next == .finish(.up, detail: "Kafka, 2 APIs"))
        let unable = Self.answer(1, Self.int(35, 2) + Self.int(0))
        #expect(failure(end([unable], .handshake))?.reason == .status)
    }

    @Test func `is asked for the leaders of the topic`() {
        let up = end([Self.versions, Self.metadata()])
        #expect(up.next == .finish(.up, detail: "Kafka, 1 brokers"))
        let without = failure(end([Self.versions, Self.metadata(leader: -1)]))
        #expect(without?.reason == .notServing)
        #expect(without?.text == "topic orders: 1 of 1 partitions have no leader")
        #expect(failure(end([Self.versions, Self.metadata(error: 3)]))?.reason == .notServing)
        #expect(
            failure(end([Self.versions, Self.metadata(controller: -1)]))?.reason == .notServing
        )
        guard case .finish(.degraded, _) = end([Self.versions, Self.metadata(inSync: [1])]).next
        else {
            Issue.record("not degraded")
            return
        }
    }

    @Test(arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", "+PONG\r\n"])
    func `is not taken for what another server says`(words: String) {
        #expect(failure(end([Array(words.utf8)]))?.reason == .protocol)
    }

    /// Every prefix, in any pieces, and every byte altered: an end or a wait, and no trap.
    @Test func `takes any bytes at all`() {
        let script = Self.versions + Self.metadata()
        for count in 0...script.count { _ = end(script[..<count].map { [$0] }) }
        for index in script.indices {
            for value in UInt8.min...UInt8.max {
                var altered = script
                altered[index] = value
                _ = end([
                    Array(altered[..<Self.versions.count]), Array(altered[Self.versions.count...]),
                ])
            }
        }
    }
}
