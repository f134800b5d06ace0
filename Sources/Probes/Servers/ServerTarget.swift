import Glibc
import Loop

/// A server that is asked in its own protocol: what, how deep, and as whom.
package struct ServerTarget: Hashable, Sendable {
    package var service: Service
    package var depth: Depth
    package var user: String?
    package var password: SecretPlace?
    /// Where the server keeps what is asked for: a database, a virtual host, a topic.
    package var database: String?
    /// The key that is asked for, where a server has keys; nil: the usual one.
    package var key: String?
    /// The role that the server must have; nil: any.
    package var role: Role?
    /// How far behind its primary a replica may be before it counts as degraded.
    package var maxLag: Duration?
    package var sealing: Sealing

    package init(
        _ service: Service,
        depth: Depth,
        user: String? = nil,
        password: SecretPlace? = nil,
        database: String? = nil,
        role: Role? = nil,
        maxLag: Duration? = nil,
        sealing: Sealing = .none,
        key: String? = nil
    ) {
        self.service = service
        self.depth = depth
        self.user = user
        self.password = password
        self.database = database
        self.role = role
        self.maxLag = maxLag
        self.sealing = sealing
        self.key = key
    }

    /// A key that nobody else uses: it need not be there.
    static let usualKey = "healthgate:probe"

    /// The scheme in `gateway.yaml`.
    package var scheme: String {
        guard sealing == .direct, service.sealing == nil else { return service.rawValue }
        return service == .redis ? "rediss" : service.rawValue + "s"
    }

    package enum Service: String, CaseIterable, Hashable, Sendable {
        case postgres, mysql, redis, memcached, amqp, mongodb, kafka

        /// Made from the protocol's documents, and not yet tried on a real server.
        package var isExperimental: Bool { self == .mongodb || self == .kafka }

        /// How TLS begins where it is wanted, if the scheme does not say it.
        package var sealing: Sealing? {
            switch self {
            case .postgres, .mysql: .asked
            case .mongodb, .kafka: .direct
            case .redis, .memcached, .amqp: nil
            }
        }

        /// The depths that it has.
        package var depths: [Depth] {
            switch self {
            case .postgres, .mysql, .redis: Depth.allCases
            case .memcached: [.handshake, .query]
            case .amqp: [.handshake, .auth, .query]
            case .mongodb: [.handshake, .role]
            case .kafka: [.handshake, .query]
            }
        }
    }

    package enum Role: String, CaseIterable, Hashable, Sendable {
        case primary, replica
    }

    /// How TLS begins.
    package enum Sealing: Hashable, Sendable {
        case none
        /// By the protocol's own request for it.
        case asked
        /// With the first byte.
        case direct
    }
}

/// How far a probe goes. Each depth includes those before it.
package enum Depth: String, CaseIterable, Hashable, Sendable, Comparable {
    case handshake, auth, query, role

    package static func < (one: Depth, other: Depth) -> Bool { one.rank < other.rank }

    private var rank: Int { Depth.allCases.firstIndex(of: self) ?? 0 }
}

/// Where a secret comes from. The secret itself is never kept, shown or compared.
package enum SecretPlace: Hashable, Sendable {
    case file(String)
    case environment(String)

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// The secret, without the line end that a file may have.
    package func read() async throws(Failure) -> String {
        switch self {
        case .environment(let name):
            guard let value = getenv(name).map({ String(cString: $0) }) else {
                throw Failure(description: "the environment has no \(name) for the password")
            }
            return value
        case .file(let path):
            let bytes: [UInt8]?
            do throws(LoopError) {
                bytes = try await Files.read(path)
            } catch {
                throw Failure(description: "the password: \(error)")
            }
            guard let bytes else {
                throw Failure(description: "the password: \(path): no such file")
            }
            let text = String(decoding: bytes, as: UTF8.self)
            return String(text.drop { $0.isNewline }.prefix { !$0.isNewline })
        }
    }
}
