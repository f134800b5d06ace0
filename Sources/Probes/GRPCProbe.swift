import GRPC
import HTTP
package import Health
package import Loop

/// Asks `grpc.health.v1` for the status of one service.
@EventLoop
package final class GRPCProbe: Probe {
    private let client: GRPCClient
    private let service: String
    private let blame: Blame
    private let keeps: Bool
    /// The connection has carried an answer, and may have been closed since.
    private var isKept = false

    /// - Parameter keeps: uses one connection as long as it lasts.
    package init(
        _ endpoint: Endpoint,
        tls: TLSClient? = nil,
        authority: String,
        service: String,
        keeps: Bool = false,
        _ blame: Blame
    ) {
        client = GRPCClient(endpoint, authority: authority, tls: tls)
        self.service = service
        self.blame = blame
        self.keeps = keeps
    }

    package func run(until deadline: Instant) async -> Outcome {
        var phases = Phases(blame)
        var wasKept = isKept
        while true {
            do throws(GRPCStatus) {
                if try await client.connect(until: deadline, onStep: { phases.ended($0) }) {
                    wasKept = false
                }
            } catch {
                return phases.failedConnecting(blame.isTLS) { blame.grpc(error, $0) }
            }
            do throws(GRPCStatus) {
                let status = try await ask(until: deadline)
                phases.ended(.query)
                isKept = keeps
                if !keeps { close() }
                return judge(status, phases)
            } catch {
                phases.ended(.query)
                if wasKept, error.isLostConnection, deadline > .now {
                    // It was closed just as we asked: that says nothing about the service.
                    client.close()
                    wasKept = false
                    continue
                }
                // A connection on which nothing comes any more may be dead without our knowing.
                if !keeps || error.transport != nil { close() }
                let failure = blame.grpc(error, .asking)
                return error.transport == nil ? phases.failed(failure) : phases.broken(failure)
            }
        }
    }

    package func close() {
        isKept = false
        client.close()
    }

    private func ask(until deadline: Instant) async throws(GRPCStatus) -> ServingStatus {
        let answer = try await client.unary(
            HealthMessages.check,
            HealthMessages.request(service),
            until: deadline
        )
        return try HealthMessages.status(answer)
    }

    private func judge(_ status: ServingStatus, _ phases: Phases) -> Outcome {
        guard status == .serving else {
            return phases.failed(Outcome.Failure(.notServing, at: .upstream, "\(status)"))
        }
        return phases.up("\(status)")
    }
}

extension GRPCStatus {
    fileprivate var isLostConnection: Bool {
        guard let transport, !transport.afterFirstByte else { return false }
        switch transport.kind {
        case .connection, .refusedStream: return true
        default: return false
        }
    }
}
