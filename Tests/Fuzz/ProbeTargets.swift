import Health
import Loop
import Probes
import TestSupport

/// A probe's machine that hears anything in pieces of any size: it says little, shows nothing as it
/// is, and keeps its secret. The first byte of an input is the number of the exchange whose machine
/// it is; the rest is what its server says.
@EventLoop
protocol MachineTarget: TextTarget {
    static var exchanges: [ProbeExchange] { get }
    /// Whether its machines know the password.
    static var isTrusted: Bool { get }
}

extension MachineTarget {
    static func makeMutator() -> Mutator {
        Mutator(
            seeds: exchanges.enumerated().map { index, exchange in
                [UInt8(index)] + exchange.said.flatMap(\.self)
            },
            pieces: exchanges.flatMap(\.said) + edges
        )
    }

    static var isTrusted: Bool { true }
    var maxLength: Int { 2048 }

    mutating func fault(with input: [UInt8]) -> String? {
        guard let first = input.first else { return nil }
        var machine = Self.exchanges[Int(first) % Self.exchanges.count].makeMachine()
        var turn = machine.start()
        for piece in pieces(of: Array(input.dropFirst())) {
            if turn.next == .secure { turn = machine.secured() }
            guard turn.next == .receive else { break }
            turn = machine.receive(piece)
            guard turn.send.count <= 1024 else { return "says \(turn.send.count) bytes" }
        }
        _ = (machine.ended(), machine.silence)
        return fault(in: turn)
    }

    private func fault(in turn: ProbeTurn) -> String? {
        guard case .finish(let result, let detail) = turn.next else { return nil }
        let words =
            switch result {
            case .up: ""
            case .degraded(let text): text
            case .failed(let failure): failure.text
            }
        for text in [detail, words] {
            guard isPlain(text) else { return "shows \(text.debugDescription)" }
            // The longest that 200 characters of others grow to, and words of ours.
            guard text.unicodeScalars.count <= 2200 else { return "shows too much: \(text)" }
            guard !Self.isTrusted || !text.contains(ProbeExchange.password) else {
                return "shows its secret: \(text)"
            }
        }
        return nil
    }
}

/// Lengths and counts that are too small, too large, or negative.
private let edges: [[UInt8]] = [
    [0], [0xff], [0, 0], [0xff, 0xff], [0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff],
    [0x7f, 0xff, 0xff, 0xff], [0x80, 0, 0, 0], [0, 0, 0, 4], [4, 0, 0, 0], [0, 16, 0, 0],
    Array("\r\n".utf8), Array("9223372036854775807".utf8), Array("-1".utf8), Array("nan".utf8),
    Array("1e999".utf8), Array("\u{1b}[2J\u{202e}".utf8), Array(ProbeExchange.password.utf8),
]

struct PostgresTarget: MachineTarget {
    static let name = "postgres"
    static let exchanges = ProbeExchange.postgres
    var mutator = makeMutator()
}

struct MySQLTarget: MachineTarget {
    static let name = "mysql"
    static let exchanges = ProbeExchange.mysql
    var mutator = makeMutator()
}

struct RedisTarget: MachineTarget {
    static let name = "redis"
    static let exchanges = ProbeExchange.redis
    var mutator = makeMutator()
}

struct MemcachedTarget: MachineTarget {
    static let name = "memcached"
    static let isTrusted = false
    static let exchanges = ProbeExchange.memcached
    var mutator = makeMutator()
}

struct AMQPTarget: MachineTarget {
    static let name = "amqp"
    static let exchanges = ProbeExchange.amqp
    var mutator = makeMutator()
}

struct MongoTarget: MachineTarget {
    static let name = "mongodb"
    static let isTrusted = false
    static let exchanges = ProbeExchange.mongodb
    var mutator = makeMutator()
}

struct KafkaTarget: MachineTarget {
    static let name = "kafka"
    static let isTrusted = false
    static let exchanges = ProbeExchange.kafka
    var mutator = makeMutator()
}

/// A reader of whole answers: the first byte of an input is the number of the answer whose question
/// was asked.
@EventLoop
protocol AnswerTarget: TextTarget {
    static var answers: [ProbeAnswer] { get }
}

extension AnswerTarget {
    static func makeMutator() -> Mutator {
        Mutator(
            seeds: answers.enumerated().map { index, answer in [UInt8(index)] + answer.bytes },
            pieces: answers.map(\.bytes) + edges + marks
        )
    }

    mutating func fault(with input: [UInt8]) -> String? {
        guard let first = input.first else { return nil }
        let judge = Self.answers[Int(first) % Self.answers.count].judge
        let words =
            switch judge(Array(input.dropFirst())) {
            case .failed(let failure): failure.text
            case .degraded(let text): text
            case .up, nil: ""
            }
        return isPlain(words) ? nil : "shows \(words.debugDescription)"
    }
}

/// Pointers to names, and JSON's marks.
private let marks: [[UInt8]] =
    [[0xc0, 12], [0xc0, 0], [63], [0x3f, 0x78], [0x40]]
    + ["{", "}", "[", "]", "\"", ":", ",", "null", "true", "1e400", "\\u0000", "\\ud800"]
    .map { Array($0.utf8) }

struct NameServerTarget: AnswerTarget {
    static let name = "dns"
    static let answers = ProbeAnswer.names
    var mutator = makeMutator()
}

struct ContainerTarget: AnswerTarget {
    static let name = "docker"
    static let answers = ProbeAnswer.containers
    var mutator = makeMutator()
}

struct ClustersTarget: AnswerTarget {
    static let name = "envoy-clusters"
    static let answers = ProbeAnswer.clusters
    var mutator = makeMutator()
}
