import GRPC
import HTTP
import Health
import Loop

/// Turns a failure of the way into a reason and the hop that is to blame.
///
/// Through a sidecar a connection ends at the sidecar, so what it says about the target shows only
/// in what comes after.
package struct Blame: Sendable {
    let throughSidecar: Bool
    /// TLS is spoken with the target.
    let isTLS: Bool

    package init(_ through: ProbeTarget.Through, isTLS: Bool = false) {
        throughSidecar = through == .sidecar
        self.isTLS = isTLS
    }

    /// How far an exchange over HTTP had come when it broke.
    enum Stage: Hashable, Sendable {
        case connecting
        /// Connected, and shaking hands over TLS.
        case sealing
        case asking
    }

    /// No connection came about.
    func connecting(_ error: LoopError) -> Outcome.Failure {
        let hop: Hop = throughSidecar ? .sidecar : .upstream
        switch error.kind {
        case .dns: return Outcome.Failure(.dns, at: .network, error.message)
        case .timedOut where error.message.hasPrefix("look up"):
            return Outcome.Failure(.dns, at: .network, error.message)
        case .timedOut:
            return Outcome.Failure(
                .connectTimeout,
                at: throughSidecar ? .sidecar : .network,
                error.message
            )
        case .refused:
            return Outcome.Failure(
                throughSidecar ? .sidecarRefused : .refused,
                at: hop,
                error.message
            )
        // A refusal says so; a reset comes after an accept, however soon.
        case .reset, .closed:
            return isTLS ? sealing(error) : lost(error.message, afterFirstByte: false)
        case .unreachable: return Outcome.Failure(.refused, at: .network, error.message)
        case .tlsHandshake: return Outcome.Failure(.tlsHandshake, at: hop, error.message)
        case .tlsVerify: return Outcome.Failure(.tlsVerify, at: hop, error.message)
        case .limit, .system, .cancelled, .tlsFiles:
            return Outcome.Failure(.internal, error.message)
        }
    }

    /// Connected, but TLS did not come about. Whoever passes the bytes on, it is the target that
    /// shakes hands.
    func sealing(_ error: LoopError) -> Outcome.Failure {
        switch error.kind {
        case .tlsVerify: Outcome.Failure(.tlsVerify, at: .upstream, error.message)
        case .tlsHandshake: Outcome.Failure(.tlsHandshake, at: .upstream, error.message)
        case .timedOut: Outcome.Failure(.timeout, at: .upstream, error.message)
        case .reset, .closed:
            Outcome.Failure(
                throughSidecar ? .upstreamRefused : .tlsHandshake,
                at: .upstream,
                error.message
            )
        default: connecting(error)
        }
    }

    /// The connection stood and then broke or fell silent.
    func connected(_ error: LoopError, afterFirstByte: Bool) -> Outcome.Failure {
        switch error.kind {
        case .timedOut: Outcome.Failure(.timeout, at: .upstream, error.message)
        case .limit, .system, .cancelled, .tlsFiles: Outcome.Failure(.internal, error.message)
        // With TLS 1.3 a server's word on our certificate comes after our side's handshake.
        case .tlsHandshake: Outcome.Failure(.tlsHandshake, at: .upstream, error.message)
        case .tlsVerify: Outcome.Failure(.tlsVerify, at: .upstream, error.message)
        default: lost(error.message, afterFirstByte: afterFirstByte)
        }
    }

    /// An HTTP exchange broke.
    func http(_ error: HTTPError, _ stage: Stage) -> Outcome.Failure {
        switch error.kind {
        case .connection(let kind) where stage != .asking:
            return notConnected(LoopError(kind, error.message), stage)
        case .timedOut where stage != .asking:
            return notConnected(LoopError(.timedOut, error.message), stage)
        case .connection(let kind):
            return connected(LoopError(kind, error.message), afterFirstByte: error.afterFirstByte)
        case .timedOut: return Outcome.Failure(.timeout, at: .upstream, error.message)
        case .reset, .refusedStream:
            return lost(error.message, afterFirstByte: error.afterFirstByte)
        case .protocol, .tooLarge: return Outcome.Failure(.protocol, at: .upstream, error.message)
        case .cancelled: return Outcome.Failure(.internal, error.message)
        }
    }

    private func notConnected(_ error: LoopError, _ stage: Stage) -> Outcome.Failure {
        stage == .sealing ? sealing(error) : connecting(error)
    }

    /// A call ended with a status that is not OK.
    func grpc(_ status: GRPCStatus, _ stage: Stage) -> Outcome.Failure {
        if let transport = status.transport { return http(transport, stage) }
        if throughSidecar, let failure = EnvoyLocalReply.judge(words: status.message) {
            return failure
        }
        let words = status.description
        if let httpStatus = status.httpStatus {
            let hop: Hop = throughSidecar && httpStatus == 404 ? .sidecar : .upstream
            return Outcome.Failure(.protocol, at: hop, words)
        }
        switch status.code {
        case .notFound: return Outcome.Failure(.notServing, at: .upstream, words)
        case .unimplemented where throughSidecar && status.message.isEmpty:
            // Envoy's answer when no route matches; servers name the method they lack.
            return Outcome.Failure(.status, at: .sidecar, "the sidecar has no route (\(words))")
        case .unimplemented: return Outcome.Failure(.protocol, at: .upstream, words)
        case .unauthenticated, .permissionDenied:
            return Outcome.Failure(.auth, at: .upstream, words)
        case .deadlineExceeded: return Outcome.Failure(.timeout, at: .upstream, words)
        case .resourceExhausted: return Outcome.Failure(.full, at: .upstream, words)
        default: return Outcome.Failure(.status, at: .upstream, words)
        }
    }

    /// A sidecar closes at once where its upstream refuses, and after its `connect_timeout` (Envoy: 5 s
    /// unless told otherwise, seldom below 250 ms) where nothing answers.
    func late(_ failure: Outcome.Failure, after time: Duration) -> Outcome.Failure {
        guard throughSidecar, failure.reason == .upstreamRefused, time >= .milliseconds(200) else {
            return failure
        }
        return Outcome.Failure(.upstreamTimeout, at: failure.hop, failure.text)
    }

    private func lost(_ words: String, afterFirstByte: Bool) -> Outcome.Failure {
        throughSidecar && !afterFirstByte
            ? Outcome.Failure(.upstreamRefused, at: .upstream, words)
            : Outcome.Failure(.protocol, at: .upstream, words)
    }
}
