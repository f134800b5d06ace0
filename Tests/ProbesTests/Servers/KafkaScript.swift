/// What a Kafka broker says, after its documents.
enum KafkaScript {
    static func int(_ value: Int, _ bytes: Int = 4) -> [UInt8] {
        (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    static func text(_ value: String) -> [UInt8] {
        int(value.utf8.count, 2) + Array(value.utf8)
    }

    static func answer(_ number: Int, _ body: [UInt8]) -> [UInt8] {
        let message = int(number) + body
        return int(message.count) + message
    }

    static let versions = answer(
        1,
        int(0, 2) + int(2) + [0, 3, 0, 0, 0, 12] + [0, 18, 0, 0, 0, 4]
    )

    /// One broker, one topic of one partition.
    static func metadata(
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
}
