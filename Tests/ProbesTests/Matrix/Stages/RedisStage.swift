import Health
import Loop
import Probes
import TestSupport

/// Real Redis servers: in the clear, over TLS, over TLS with a certificate that has expired, and one
/// that loads.
@EventLoop
final class RedisStage: Stage {
    private let papers: Papers
    private let server: ServerProcess
    private let sealed: ServerProcess
    private let late: ServerProcess
    private let loading: ServerProcess
    private let started: Int
    private var held: [ByteStream] = []
    private var reload: Task<String, any Error>?

    init() async throws {
        papers = try await Databases.sharedPapers()
        let options = ["--requirepass", "pencil"]
        server = try await .redis(options + ["--maxclients", "20"])
        try await server.log.says("Ready to accept connections")
        started = server.lines.count
        sealed = try await .redis(options, tls: papers.good)
        late = try await .redis(options, tls: papers.late)
        loading = try await .redis([
            "--enable-debug-command", "yes", "--loading-process-events-interval-bytes", "1024",
        ])
    }

    var addresses: [SocketAddress] {
        [server.address, sealed.address, late.address, loading.address]
    }

    func complaints() async throws -> [String] { Array(server.lines.dropFirst(started)) }

    func enter(_ condition: Condition) async throws -> (Depth) async throws -> ProbeTarget {
        let tls = papers.trusted(condition)
        var asking = Asking(
            service: .redis,
            address: tls == nil ? server.address : sealed.address,
            role: .primary,
            tls: tls
        )
        switch condition {
        case .wrongPassword: asking.password = "stylus"
        case .starting:
            try await loading.redis("debug", "populate", "20000")
            // In microseconds a key: it would take half a minute.
            try await loading.redis("config", "set", "key-load-delay", "1500")
            let loading = loading
            reload = EventLoop.task { try await loading.redis("debug", "reload") }
            (asking.address, asking.password) = (loading.address, nil)
            let isLoading = try await eventually {
                try await asking(.handshake).failure?.reason == .starting
            }
            guard isLoading else { throw ServerProcess.Failure(description: "it does not load") }
        case .full:
            // It answers only those that it has no place for.
            let hello = Array("nonsense\r\n".utf8)
            held = try await fill(server.address, sending: hello) {
                String(decoding: $0, as: UTF8.self).contains("max number")
            }
        case .replica: try await server.redis("-a", "pencil", "replicaof", "127.0.0.1", "1")
        case .clear: asking.address = sealed.address
        case .expired: asking.address = late.address
        case .silent: server.freeze()
        case .stopped: try await server.stop()
        default: break
        }
        return asking.target
    }

    func leave(_ condition: Condition) async throws {
        switch condition {
        case .starting:
            try await loading.stop()
            _ = try? await reload?.value
        case .full:
            for stream in held { stream.close() }
            let hasRoom = try await eventually {
                try await server.redis("-a", "pencil", "ping").contains("PONG")
            }
            guard hasRoom else { throw ServerProcess.Failure(description: "it stays full") }
        case .replica: try await server.redis("-a", "pencil", "replicaof", "no", "one")
        default: break
        }
    }
}
