import Health

/// Asks a Kafka broker for its API versions, and at depth `query` for the metadata of the topic in the
/// URL: each partition must have a leader. It writes nothing, and dials no advertised listener.
///
/// Experimental: made from the protocol's documents, and not yet tried on a real broker.
package struct KafkaMachine: ProbeMachine {
    private enum State { case versions, metadata }

    private let target: ServerTarget
    private var state = State.versions
    private var bytes: [UInt8] = []
    private static let most = 4 << 20

    package init(_ target: ServerTarget) { self.target = target }

    package mutating func start() -> ProbeTurn { .send(KafkaMessage.apiVersions) }

    package mutating func receive(_ more: [UInt8]) -> ProbeTurn {
        bytes += more
        guard bytes.count >= 4 else { return .more }
        let length = bytes[..<4].reduce(0) { $0 << 8 | Int($1) }
        guard (6...Self.most).contains(length) else {
            return fail(.protocol, "this is no Kafka: \(quoted(bytes))")
        }
        guard bytes.count >= length + 4 else { return .more }
        var reader = KafkaReader(bytes[4..<length + 4])
        bytes.removeFirst(length + 4)
        do throws(KafkaReader.Malformed) {
            guard try reader.int(4) == (state == .versions ? 1 : 2) else {
                return fail(.protocol, "an answer to another request")
            }
            return state == .versions
                ? try judgeVersions(&reader) : judge(try KafkaMetadata(&reader))
        } catch {
            return fail(.protocol, "a malformed answer")
        }
    }

    private mutating func judgeVersions(
        _ reader: inout KafkaReader
    ) throws(KafkaReader.Malformed) -> ProbeTurn {
        let error = try reader.int(2)
        guard error == 0 else { return fail(.status, "ApiVersions failed with error \(error)") }
        let count = try reader.count(atLeast: 6)
        guard target.depth > .auth else { return .up("Kafka, \(count) APIs", after: .handshake) }
        state = .metadata
        return .send(KafkaMessage.metadata(target.database), after: .handshake)
    }

    private func judge(_ metadata: KafkaMetadata) -> ProbeTurn {
        let detail = "Kafka, \(metadata.brokers) brokers"
        guard metadata.brokers > 0 else { return fail(.notServing, "it knows of no broker") }
        guard metadata.controller >= 0 else {
            return fail(.notServing, "the cluster has no controller")
        }
        for topic in metadata.topics {
            guard topic.error == 0, topic.partitions > 0 else {
                return fail(.notServing, "topic \(topic.name) fails with error \(topic.error)")
            }
            guard topic.leaderless == 0 else {
                return fail(
                    .notServing,
                    "topic \(topic.name): \(topic.leaderless) of \(topic.partitions) partitions have "
                        + "no leader"
                )
            }
            if topic.underReplicated > 0 {
                let words =
                    "topic \(topic.name): \(topic.underReplicated) of \(topic.partitions) "
                    + "partitions are short of replicas"
                return ProbeTurn(.finish(.degraded(words), detail: detail), phases: [.query])
            }
        }
        return .up(detail, after: .query)
    }

    private func fail(_ reason: Reason, _ words: String) -> ProbeTurn {
        .failed(reason, words, after: state == .versions ? .handshake : .query)
    }
}
