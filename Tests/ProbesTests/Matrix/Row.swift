import Health
import Loop
import Probes
import Testing

/// A kind of probe, and what it says in each condition.
struct Row: Sendable, CustomTestStringConvertible {
    let kind: String
    /// One that has none is asked once.
    let depths: [Depth]
    /// Whether a sidecar's tcp_proxy can carry it.
    let goesThroughSidecar: Bool
    let cells: [Condition: Cell]
    let makeStage: @EventLoop @Sendable () async throws -> any Stage

    /// - Parameter cells: where they differ from what all have in common.
    init(
        _ kind: String,
        depths: [Depth] = [.handshake],
        goesThroughSidecar: Bool = true,
        _ cells: [Condition: Cell],
        on makeStage: @escaping @EventLoop @Sendable () async throws -> any Stage
    ) {
        self.kind = kind
        self.depths = depths
        self.goesThroughSidecar = goesThroughSidecar
        self.cells = Row.common.merging(cells) { $1 }
        self.makeStage = makeStage
    }

    var ways: [ProbeTarget.Through] { goesThroughSidecar ? [.none, .sidecar] : [.none] }

    var testDescription: String { kind }

    static let common: [Condition: Cell] = [
        .up: .up,
        .sealed: .up,
        .stopped: .fails(.upstream(.refused), throughSidecar: .upstream(.upstreamRefused)),
        .dropped: .fails(.network(.connectTimeout), throughSidecar: .upstream(.upstreamTimeout)),
        .silent: .fails(.timeout, ""),
        .wrongAuthority: .fails(.tlsVerify, "not trusted"),
        .wrongName: .fails(.tlsVerify, "another name"),
        .expired: .fails(.tlsVerify, "expired"),
        .mail: .fails(.protocol, "220 "),
        .web: .fails(.protocol, "HTTP/1.1 400"),
    ]
}
