import Health

/// Asks a MongoDB server for `hello` by OP_MSG (MongoDB documentation, "Wire Protocol"), which any server
/// since 5.0 answers without credentials, and older ones since 4.4.2.
///
/// Experimental: made from the protocol's documents, and not yet tried on a real server.
package struct MongoMachine: ProbeMachine {
    private let target: ServerTarget
    private var bytes: [UInt8] = []
    /// Replies are a few KB.
    private static let most = 1 << 20
    private static let opMessage = 2013

    package init(_ target: ServerTarget) { self.target = target }

    package mutating func start() -> ProbeTurn {
        // No flags, then one section of kind 0: the command.
        let body: [UInt8] = [0, 0, 0, 0, 0] + BSON.command("hello", database: "admin")
        let head = [body.count + 16, 1, 0, Self.opMessage].flatMap { BSON.int($0) }
        return .send(head + body)
    }

    package mutating func receive(_ more: [UInt8]) -> ProbeTurn {
        bytes += more
        guard bytes.count >= 16 else { return .more }
        let length = int(at: 0)
        // 16 of the head, 5 before the document, 5 of the smallest document.
        guard int(at: 12) == Self.opMessage, (26...Self.most).contains(length) else {
            return .failed(.protocol, "this is no MongoDB: \(quoted(bytes))", after: .handshake)
        }
        guard bytes.count >= length else { return .more }
        do throws(BSON.Malformed) {
            guard bytes[20] == 0 else { throw BSON.Malformed() }
            return judge(try BSON(bytes[21..<length]))
        } catch {
            return .failed(.protocol, "the answer to hello is malformed", after: .handshake)
        }
    }

    private func int(at: Int) -> Int {
        Int(
            Int32(truncatingIfNeeded: bytes[at..<at + 4].reversed().reduce(0) { $0 << 8 | Int($1) })
        )
    }

    private func judge(_ hello: BSON) -> ProbeTurn {
        guard hello.isTrue("ok") else {
            let code = hello.number("code").map { " (code \(Int(clamping: $0)))" } ?? ""
            return .failed(
                .status,
                ServerWords().shown(hello.text("errmsg") ?? "hello failed") + code,
                after: .handshake
            )
        }
        let role = role(hello)
        let name = hello.text("setName").map { " of \(ServerWords().shown($0))" } ?? ""
        let detail = "MongoDB, \(role.words)\(name)"
        guard target.depth == .role else { return .up(detail, after: .handshake) }
        guard role != .neither else {
            return .failed(
                .notServing,
                "it is \(role.words)",
                after: .handshake,
                .role,
                detail: detail
            )
        }
        if let wanted = target.role, !role.serves(as: wanted) {
            return .failed(
                .role,
                "it is \(role.words), expected: \(wanted.rawValue)",
                after: .handshake,
                .role,
                detail: detail
            )
        }
        return .up(detail, after: .handshake, .role)
    }

    private enum Role {
        case primary, secondary, router, neither

        var words: String {
            switch self {
            case .primary: "a primary"
            case .secondary: "a secondary"
            case .router: "a router (mongos)"
            case .neither: "neither primary nor secondary"
            }
        }

        func serves(as wanted: ServerTarget.Role) -> Bool {
            switch self {
            case .primary, .router: wanted == .primary
            case .secondary: wanted == .replica
            case .neither: false
            }
        }
    }

    private func role(_ hello: BSON) -> Role {
        if hello.text("msg") == "isdbgrid" { return .router }
        if hello.isTrue("isWritablePrimary") || hello.isTrue("ismaster") { return .primary }
        return hello.isTrue("secondary") ? .secondary : .neither
    }
}

extension Int {
    /// A number that may be anything, as one that can be shown.
    fileprivate init(clamping value: Double) {
        self = Int(exactly: value.rounded()) ?? 0
    }
}
