/// Every call and every stream of a load, each counted once, by what became of it. A pure value.
package struct Tally: Hashable, Sendable {
    /// Unary calls sent.
    package private(set) var sent = 0
    package private(set) var answered = 0
    /// Calls that did not end well, by what they ended with.
    package private(set) var failures: [String: Int] = [:]

    package private(set) var opened = 0
    package private(set) var complete = 0
    /// Streams that did not bring every message in its order and a good end, by what they ended with.
    package private(set) var cuts: [String: Int] = [:]

    /// Good answers by host and version, of calls and of streams.
    package private(set) var served: [String: [String: Int]] = [:]

    /// What became of a call or a stream.
    package enum Outcome: Hashable, Sendable {
        case served(host: String, version: String)
        case failed(String)
    }

    package init() {}

    package mutating func callSent() { sent += 1 }

    package mutating func callEnded(_ outcome: Outcome) {
        switch outcome {
        case .served(let host, let version):
            answered += 1
            served[host, default: [:]][version, default: 0] += 1
        case .failed(let kind): failures[kind, default: 0] += 1
        }
    }

    package mutating func streamOpened() { opened += 1 }

    package mutating func streamEnded(_ outcome: Outcome) {
        switch outcome {
        case .served(let host, let version):
            complete += 1
            served[host, default: [:]][version, default: 0] += 1
        case .failed(let kind): cuts[kind, default: 0] += 1
        }
    }

    package var failed: Int { failures.values.reduce(0, +) }
    package var cut: Int { cuts.values.reduce(0, +) }
    /// Requests the Front must have seen: a stream is one.
    package var requests: Int { sent + opened }
    /// Calls and streams nobody has counted an end of.
    package var open: Int { sent - answered - failed + opened - complete - cut }

    /// Hosts of `hosts` that gave no good answer at `version`.
    package func hosts(_ hosts: [String], without version: String) -> [String] {
        hosts.filter { (served[$0]?[version] ?? 0) == 0 }
    }
}
