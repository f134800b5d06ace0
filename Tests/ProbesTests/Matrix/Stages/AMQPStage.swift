import Health
import Loop
import Probes
import TestSupport

/// A real RabbitMQ.
@EventLoop
final class AMQPStage: Stage {
    private let papers: Papers
    private let broker: RabbitMQ
    private let started: Int

    init() async throws {
        papers = try await Databases.sharedPapers()
        broker = try await RabbitMQ(
            tls: papers.good,
            authorities: papers.certificates.authorities
        )
        try await broker.control("change_password", "guest", "pencil")
        started = broker.server.lines.count
    }

    var addresses: [SocketAddress] { [broker.server.address, broker.sealed] }

    /// But for those of a handshake without credentials: see AMQPMachine.
    func complaints() async throws -> [String] {
        broker.server.complaints(from: started, ["[warning]", "[error]"]).filter {
            !$0.contains("closing AMQP connection") && !$0.contains("client unexpectedly closed")
        }
    }

    func enter(_ condition: Condition) async throws -> (Depth) async throws -> ProbeTarget {
        let tls = papers.trusted(condition)
        var asking = Asking(
            service: .amqp,
            address: tls == nil ? broker.server.address : broker.sealed,
            user: "guest",
            tls: tls
        )
        switch condition {
        case .wrongPassword: asking.password = "stylus"
        case .full:
            try await broker.control("set_vhost_limits", "-p", "/", "{\"max-connections\": 0}")
        case .readOnly:
            try await broker.control("set_vm_memory_high_watermark", "0.00001")
            while try await asking(.query).level != .degraded {}
        case .clear: asking.address = broker.sealed
        case .expired: try await broker.show(papers.late)
        case .silent: broker.server.freeze()
        case .stopped: try await broker.server.stop()
        default: break
        }
        return asking.target
    }

    func leave(_ condition: Condition) async throws {
        switch condition {
        case .full: try await broker.control("clear_vhost_limits", "-p", "/")
        case .readOnly: try await broker.control("set_vm_memory_high_watermark", "0.4")
        default: break
        }
    }
}
