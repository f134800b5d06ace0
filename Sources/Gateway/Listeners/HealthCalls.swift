import GRPC
import HTTP
import Health
import Loop

/// `grpc.health.v1` beside the HTTP answers, of the same board: the host is "", each app its name.
@EventLoop
final class HealthCalls: HealthSource {
    let watchers = HealthWatchers()
    let server = GRPCServer(maxMessage: 64 << 10)
    private let health: HostHealth
    private lazy var service = HealthService(self)

    init(_ health: HostHealth) {
        self.health = health
        service.serve(on: server)
        health.onChange { [weak self] _ in self?.watchers.changed() }
    }

    var services: [String] { health.answers.map { $0.scope.name ?? "" } }

    func serving(_ service: String) -> ServingStatus? {
        let scope: Scope = service.isEmpty ? .host : .app(service)
        return health.answer(for: scope).map { $0.verdict.serves ? .serving : .notServing }
    }

    /// Ends all watches.
    func close() { service.close() }

    /// The service that a Check asks for; a wrong request, or none of ours, is an answer already.
    func service(of body: [UInt8]) -> Result<String, GRPCStatus> {
        do throws(GRPCStatus) {
            guard body.count >= 5, body[0] == 0 else {
                throw GRPCStatus(.internal, "the call ended without a message")
            }
            let service = try HealthMessages.service(Array(body[5...]))
            guard serving(service) != nil else {
                throw GRPCStatus(.notFound, "unknown service \(service)")
            }
            return .success(service)
        } catch {
            return .failure(error)
        }
    }

    /// An answer that is a status alone.
    static func answer(_ status: GRPCStatus) -> HTTPResponse {
        HTTPResponse(
            200,
            headers: [
                "content-type": "application/grpc",
                "grpc-status": String(status.code.rawValue),
                "grpc-message": String(
                    status.message.filter { $0 >= " " && $0 <= "~" && $0 != "%" }.prefix(256)
                ),
            ]
        )
    }
}
