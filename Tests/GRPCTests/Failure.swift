import GRPC
import Loop

/// The status that `body` fails with; nil when it does not.
@EventLoop
func failure(_ body: @EventLoop () async throws -> Void) async -> GRPCStatus? {
    do {
        try await body()
        return nil
    } catch {
        return error as? GRPCStatus
    }
}
