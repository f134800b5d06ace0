import Health
import Loop
import Probes

/// Long enough for whatever must succeed.
func soon() -> Instant { .now + .seconds(20) }

/// For what cannot succeed and must end by its deadline.
func shortly() -> Instant { .now + .milliseconds(60) }

@EventLoop
func look(
    _ kind: ProbeTarget.Kind,
    _ address: SocketAddress,
    through: ProbeTarget.Through = .none,
    tls: TLSSettings? = nil,
    until deadline: Instant = soon()
) async -> Outcome {
    let probe = AnyProbe.make(ProbeTarget(kind, Endpoint(address), through: through, tls: tls))
    defer { probe.close() }
    return await probe.run(until: deadline)
}

/// Looks with a deadline that is short, but long enough to connect on a busy machine.
@EventLoop
func lookInVain(
    _ kind: ProbeTarget.Kind,
    _ address: SocketAddress,
    tls: TLSSettings? = nil
) async -> Outcome {
    var patience = Duration.milliseconds(60)
    while true {
        let outcome = await look(kind, address, tls: tls, until: .now + patience)
        if !outcome.phases.isEmpty || patience > .seconds(20) { return outcome }
        patience *= 2
    }
}

extension ProbeTarget.Kind {
    static func tcp(send: String = "", expect: String = "") -> Self {
        .tcp(ProbeTarget.TCPExchange(send: Array(send.utf8), expect: Array(expect.utf8)))
    }

    static let page = Self.http(path: "/healthz", expect: ProbeTarget.HTTPExpectation())

    /// One of each kind that must hear an answer.
    static let talking: [Self] = [
        .tcp(send: "ping"), .page,
        .h2c(path: "/healthz", expect: ProbeTarget.HTTPExpectation()), .grpc(service: ""),
    ]
}
