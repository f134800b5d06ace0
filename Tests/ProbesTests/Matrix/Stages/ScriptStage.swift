import Loop
import TestSupport

@testable import Probes

/// Byte scripts, for the kinds that no server of is to be had.
@EventLoop
final class ScriptStage: Stage {
    private let service: ServerTarget.Service
    private let papers: Papers
    private let server: ScriptedServer
    private let silent: ScriptedServer
    private let starting: ScriptedServer
    private let replica: ScriptedServer
    private let sealed: SealedStage

    init(_ service: ServerTarget.Service) async throws {
        self.service = service
        papers = try await Databases.sharedPapers()
        sealed = try await SealedStage()
        let answers =
            service == .mongodb
            ? [[MongoScript.primary], [MongoScript.neither], [MongoScript.secondary]]
            : [
                [KafkaScript.versions, KafkaScript.metadata()],
                [KafkaScript.versions, KafkaScript.metadata(controller: -1)], [],
            ]
        server = try ScriptedServer(.exchange(answers[0]))
        starting = try ScriptedServer(.exchange(answers[1]))
        silent = try ScriptedServer(.silent)
        replica = try ScriptedServer(.exchange(answers[2]))
    }

    var addresses: [SocketAddress] {
        [server.address, starting.address, replica.address, silent.address]
            + sealed.addresses
    }

    func enter(_ condition: Condition) async throws -> (Depth) async throws -> ProbeTarget {
        var asking = Asking(
            service: service,
            address: server.address,
            password: nil,
            database: service == .kafka ? "orders" : nil,
            role: service == .mongodb ? .primary : nil,
            tls: papers.trusted(condition)
        )
        switch condition {
        case .starting: asking.address = starting.address
        case .replica: asking.address = replica.address
        case .clear, .wrongAuthority, .wrongName, .expired:
            asking.address = sealed.address(condition)
        case .silent: asking.address = silent.address
        case .stopped: server.close()
        default: break
        }
        return asking.target
    }
}
