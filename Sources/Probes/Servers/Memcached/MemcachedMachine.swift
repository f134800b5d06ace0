import Health

/// Asks a memcached server for its version, and deeper for a key, in the text protocol
/// (memcached `doc/protocol.txt`).
package struct MemcachedMachine: ProbeMachine {
    private enum State {
        case greeting, reading, over
    }

    private let target: ServerTarget
    private var state = State.greeting
    private var bytes: [UInt8] = []
    private var server = "memcached"

    /// A key that is there comes with its value, which is read no further than its first line.
    private static let mostLine = 2048

    package init(_ target: ServerTarget) { self.target = target }

    package mutating func start() -> ProbeTurn { .send(Array("version\r\n".utf8)) }

    package mutating func receive(_ more: [UInt8]) -> ProbeTurn {
        guard state != .over else { return .more }
        bytes += more
        guard let end = bytes.prefix(MemcachedMachine.mostLine).firstIndex(of: UInt8(ascii: "\n"))
        else {
            return bytes.count < MemcachedMachine.mostLine && isBegun
                ? .more : fail(.protocol, "this is no memcached: \(shown)")
        }
        let line = String(
            decoding: bytes[..<end].filter { $0 != UInt8(ascii: "\r") },
            as: UTF8.self
        )
        let turn = take(line)
        bytes = []
        return turn
    }

    /// Whether what is there may be the begin of an answer: all begin with a word in capitals.
    private var isBegun: Bool {
        bytes.first.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 } ?? true
    }

    private mutating func take(_ line: String) -> ProbeTurn {
        let word = String(line.prefix { $0 != " " })
        switch word {
        case "VERSION" where state == .greeting:
            server = "memcached \(ServerWords().shown(String(line.dropFirst(8))))"
            guard target.depth > .handshake else { return up(after: .handshake) }
            state = .reading
            let key = target.key ?? ServerTarget.usualKey
            return .send(Array("get \(key)\r\n".utf8), after: .handshake)
        case "END" where state == .reading, "VALUE" where state == .reading:
            return up(after: .query)
        case "ERROR", "CLIENT_ERROR", "SERVER_ERROR": return refused(line)
        default: return fail(.protocol, "this is no memcached: \(shown)")
        }
    }

    private mutating func refused(_ line: String) -> ProbeTurn {
        let words = ServerWords().shown(line)
        if line.contains("Too many open connections") { return fail(.full, words) }
        if line.hasPrefix("CLIENT_ERROR unauthenticated") {
            // With a file of users it tells nobody its version. It is alive all the same.
            return target.depth == .handshake ? up(after: .handshake) : fail(.auth, words)
        }
        if line.hasPrefix("SERVER_ERROR out of memory") { return fail(.full, words) }
        return fail(line.hasPrefix("SERVER_ERROR") ? .status : .protocol, words)
    }

    private var shown: String { ServerWords().shown(bytes) }

    private mutating func up(after phase: Outcome.Phase.Name) -> ProbeTurn {
        state = .over
        return .up(server, after: phase, farewell: Array("quit\r\n".utf8))
    }

    private mutating func fail(_ reason: Reason, _ words: String) -> ProbeTurn {
        let phase: Outcome.Phase.Name = state == .reading ? .query : .handshake
        state = .over
        return .failed(reason, words, after: phase)
    }
}
