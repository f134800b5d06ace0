/// Requests and answers of Kafka's protocol (kafka.apache.org/protocol), in the oldest versions that say
/// enough: any broker takes them.
enum KafkaMessage {
    static let apiVersions: [UInt8] = request(key: 18, version: 0, number: 1, [])

    /// Metadata v1 of one topic, or of all brokers and no topic.
    static func metadata(_ topic: String?) -> [UInt8] {
        let topics = topic.map { int32(1) + text($0) } ?? int32(0)
        return request(key: 3, version: 1, number: 2, topics)
    }

    private static func request(key: Int, version: Int, number: Int, _ body: [UInt8]) -> [UInt8] {
        let message = int16(key) + int16(version) + int32(number) + text("healthgate") + body
        return int32(message.count) + message
    }

    private static func int16(_ value: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
    }

    private static func int32(_ value: Int) -> [UInt8] {
        int16(value >> 16) + int16(value)
    }

    private static func text(_ value: String) -> [UInt8] {
        int16(value.utf8.count) + Array(value.utf8)
    }
}

/// Reads an answer's fields one after the other.
struct KafkaReader {
    private var rest: ArraySlice<UInt8>

    struct Malformed: Error {}

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func int(_ count: Int) throws(Malformed) -> Int {
        let value = try take(count).reduce(0) { $0 << 8 | Int($1) }
        return count == 2
            ? Int(Int16(truncatingIfNeeded: value)) : Int(Int32(truncatingIfNeeded: value))
    }

    mutating func flag() throws(Malformed) -> Bool { try take(1).first != 0 }

    /// Nil for a null text.
    mutating func text() throws(Malformed) -> String? {
        let count = try int(2)
        guard count >= 0 else { return nil }
        return String(decoding: try take(count), as: UTF8.self)
    }

    /// The number of elements that follow, of which each takes some bytes.
    mutating func count(atLeast size: Int) throws(Malformed) -> Int {
        let count = try int(4)
        guard count >= 0, count <= rest.count / size else { throw Malformed() }
        return count
    }

    private mutating func take(_ count: Int) throws(Malformed) -> ArraySlice<UInt8> {
        guard count >= 0, count <= rest.count else { throw Malformed() }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}

/// What Metadata says of one topic.
struct KafkaTopic {
    let error: Int
    let name: String
    let partitions: Int
    let leaderless: Int
    let underReplicated: Int
}

struct KafkaMetadata {
    let brokers: Int
    let controller: Int
    let topics: [KafkaTopic]

    /// - Parameter reader: behind the number of the request.
    init(_ reader: inout KafkaReader) throws(KafkaReader.Malformed) {
        brokers = try reader.count(atLeast: 12)
        for _ in 0..<brokers {
            _ = try reader.int(4)
            _ = try reader.text()
            _ = try reader.int(4)
            _ = try reader.text()
        }
        controller = try reader.int(4)
        var topics: [KafkaTopic] = []
        for _ in 0..<(try reader.count(atLeast: 9)) { topics.append(try Self.topic(&reader)) }
        self.topics = topics
    }

    private static func topic(
        _ reader: inout KafkaReader
    ) throws(KafkaReader.Malformed) -> KafkaTopic {
        let error = try reader.int(2)
        let name = try reader.text() ?? ""
        _ = try reader.flag()
        let partitions = try reader.count(atLeast: 18)
        var leaderless = 0
        var underReplicated = 0
        for _ in 0..<partitions {
            _ = try reader.int(2)
            _ = try reader.int(4)
            if try reader.int(4) < 0 { leaderless += 1 }
            let replicas = try skip(&reader)
            if try skip(&reader) < replicas { underReplicated += 1 }
        }
        return KafkaTopic(
            error: error,
            name: ServerWords().shown(name),
            partitions: partitions,
            leaderless: leaderless,
            underReplicated: underReplicated
        )
    }

    /// A list of numbers of brokers: how many there are.
    private static func skip(_ reader: inout KafkaReader) throws(KafkaReader.Malformed) -> Int {
        let count = try reader.count(atLeast: 4)
        for _ in 0..<count { _ = try reader.int(4) }
        return count
    }
}
