import Probes

// Of servers that Debian does not have: byte scripts after the documents of their protocols.

extension ProbeExchange {
    package static let kafka = [
        kafka(.handshake, [KafkaScript.versions]),
        kafka(.query, [KafkaScript.versions, KafkaScript.metadata()]),
        kafka(.query, [KafkaScript.versions, KafkaScript.metadata(leader: -1)], isUp: false),
    ]

    package static let mongodb = [
        mongodb(.handshake, MongoScript.primary), mongodb(.role, MongoScript.primary),
        mongodb(.role, MongoScript.answer(MongoScript.text("errmsg", "not now")), isUp: false),
    ]

    private static func kafka(
        _ depth: Depth,
        _ said: [[UInt8]],
        isUp: Bool = true
    ) -> ProbeExchange {
        let target = ServerTarget(.kafka, depth: depth, database: "orders")
        return ProbeExchange("Kafka, \(depth), up \(isUp)", said, isUp: isUp) {
            KafkaMachine(target)
        }
    }

    private static func mongodb(
        _ depth: Depth,
        _ said: [UInt8],
        isUp: Bool = true
    ) -> ProbeExchange {
        let target = ServerTarget(.mongodb, depth: depth)
        return ProbeExchange("MongoDB, \(depth), up \(isUp)", [said], isUp: isUp) {
            MongoMachine(target)
        }
    }
}

/// What a Kafka broker says.
package enum KafkaScript {
    package static func int(_ value: Int, _ bytes: Int = 4) -> [UInt8] {
        (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static func text(_ value: String) -> [UInt8] {
        int(value.utf8.count, 2) + Array(value.utf8)
    }

    package static func answer(_ number: Int, _ body: [UInt8]) -> [UInt8] {
        let message = int(number) + body
        return int(message.count) + message
    }

    package static let versions = answer(
        1,
        int(0, 2) + int(2) + [0, 3, 0, 0, 0, 12] + [0, 18, 0, 0, 0, 4]
    )

    /// One broker, one topic of one partition.
    package static func metadata(
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

/// What a MongoDB server says.
package enum MongoScript {
    package static func text(_ name: String, _ value: String) -> [UInt8] {
        [0x02] + Array(name.utf8) + [0] + int(value.utf8.count + 1) + Array(value.utf8) + [0]
    }

    package static func bool(_ name: String, _ value: Bool) -> [UInt8] {
        [0x08] + Array(name.utf8) + [0, value ? 1 : 0]
    }

    package static let ok: [UInt8] =
        [0x01] + Array("ok".utf8) + [0, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]

    package static func answer(_ fields: [UInt8]) -> [UInt8] {
        let body: [UInt8] = [0, 0, 0, 0, 0] + document(fields)
        return [body.count + 16, 7, 1, 2013].flatMap { int($0) } + body
    }

    package static let primary = answer(
        text("setName", "rs0") + [0x04] + Array("hosts\0".utf8) + document(text("0", "a:27017"))
            + bool("isWritablePrimary", true) + ok
    )

    private static func document(_ fields: [UInt8]) -> [UInt8] {
        int(fields.count + 5) + fields + [0]
    }

    private static func int(_ value: Int) -> [UInt8] {
        [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
