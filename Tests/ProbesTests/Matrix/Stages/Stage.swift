import Health
import Loop
import Probes
import TestSupport

/// A kind's servers, which can be brought into each condition.
@EventLoop
protocol Stage: AnyObject {
    /// All that is asked there.
    var addresses: [SocketAddress] { get }

    /// What the server's log holds against those who have asked it so far.
    func complaints() async throws -> [String]

    /// Brings about a condition, and says how the server is asked in it.
    func enter(_ condition: Condition) async throws -> (Depth) async throws -> ProbeTarget

    /// Ends the condition, if there is an after.
    func leave(_ condition: Condition) async throws
}

extension Stage {
    func complaints() async throws -> [String] { [] }

    func leave(_ condition: Condition) async throws {}
}

extension Papers {
    /// What a probe trusts: over TLS in the conditions that are about it, else nothing is needed.
    func trusted(_ condition: Condition) -> TLSSettings? {
        switch condition {
        case .sealed, .expired: return trust
        case .wrongAuthority: return TLSSettings(authorities: certificates.path("other.pem"))
        case .wrongName:
            var tls = trust
            tls.serverName = "elsewhere.example"
            return tls
        default: return nil
        }
    }
}

/// Takes up the places that a server has for its clients, until it says or shows that it is full.
@EventLoop
func fill(
    _ address: SocketAddress,
    sending hello: [UInt8] = [],
    until isFull: ([UInt8]) -> Bool
) async throws -> [ByteStream] {
    var held: [ByteStream] = []
    while held.count < 100 {
        let stream = try await ByteStream.connect(to: address, until: soon())
        held.append(stream)
        if !hello.isEmpty { try await stream.write(hello, until: soon()) }
        guard let answer = try await stream.read(until: soon()), !isFull(answer) else { break }
    }
    return held
}
