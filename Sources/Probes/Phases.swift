import Glibc
import HTTP
import Health
import Loop

/// Measures one probe: the time since its start, and how long each phase took.
struct Phases {
    private let start = Instant.now
    private var last = Instant.now
    private var phases: [Outcome.Phase] = []
    private let blame: Blame
    private var connected: Instant?
    /// What a peer has shown that was not trusted.
    private var distrusted: TLSPeer?

    /// - Parameter blame: what a failure is judged by that shows only in its time.
    init(_ blame: Blame = Blame(.none)) { self.blame = blame }

    /// The phase that began with the end of the one before has ended.
    mutating func ended(_ name: Outcome.Phase.Name) {
        let now = Instant.now
        phases.append(Outcome.Phase(name, took: now - last))
        last = now
        if name == .connect { connected = now }
    }

    mutating func ended(_ step: HTTPClient.Step) {
        switch step {
        case .resolved: ended(.dns)
        case .connected: ended(.connect)
        case .sealed: ended(.tls)
        case .distrusted(let peer): distrusted = peer
        }
    }

    /// TLS failed; what the peer has shown of itself is told all the same.
    mutating func failedSealing(_ peer: TLSPeer?) { distrusted = peer }

    /// No connection came about.
    mutating func failedConnecting(
        _ isTLS: Bool,
        _ judge: (Blame.Stage) -> Outcome.Failure
    ) -> Outcome {
        guard isTLS, connected != nil else { return failed(judge(.connecting)) }
        ended(.tls)
        return broken(judge(.sealing))
    }

    func finished(_ result: Outcome.Result, _ detail: String) -> Outcome {
        Outcome(result, took: .now - start, phases: phases, detail: detail)
    }

    func up(_ detail: String) -> Outcome {
        .up(took: .now - start, phases: phases, detail: detail)
    }

    /// - Parameter detail: by default what is known of a peer that was not trusted.
    func failed(_ failure: Outcome.Failure, _ detail: String? = nil) -> Outcome {
        finished(.failed(failure), detail ?? distrusted?.words(now: time(nil)) ?? "")
    }

    /// A connection broke, or a proxy says that one did: who refuses does so at once.
    func broken(_ failure: Outcome.Failure, _ detail: String? = nil) -> Outcome {
        failed(connected.map { blame.late(failure, after: .now - $0) } ?? failure, detail)
    }
}

extension Instant {
    fileprivate static func - (later: Instant, earlier: Instant) -> Duration {
        earlier.duration(to: later)
    }
}
