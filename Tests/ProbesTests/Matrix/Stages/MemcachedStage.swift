import Health
import Loop
import Probes
import TestSupport

/// A real memcached.
@EventLoop
final class MemcachedStage: Stage {
    private let server: ServerProcess
    private var held: [ByteStream] = []

    init() async throws { server = try await .memcached(["-c", "20", "-t", "1"]) }

    var addresses: [SocketAddress] { [server.address] }

    func complaints() async throws -> [String] { server.lines }

    func enter(_ condition: Condition) async throws -> (Depth) async throws -> ProbeTarget {
        let asking = Asking(service: .memcached, address: server.address, password: nil)
        switch condition {
        case .full:
            // It notices after it has taken one.
            for _ in 0..<20 {
                held.append(try await ByteStream.connect(to: server.address, until: soon()))
            }
            while try await asking(.handshake).failure?.reason != .full {}
        case .silent: server.freeze()
        case .stopped: try await server.stop()
        default: break
        }
        return asking.target
    }

    func leave(_ condition: Condition) async throws {
        guard condition == .full else { return }
        let asking = Asking(service: .memcached, address: server.address, password: nil)
        for stream in held { stream.close() }
        while try await asking(.handshake).failure?.reason == .full {}
    }
}
