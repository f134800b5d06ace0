import Health
import Loop
import Probes

/// Long enough for whatever must succeed.
func soon() -> Instant { .now + .seconds(20) }

/// For what must end by its deadline.
func shortly() -> Instant { .now + .milliseconds(60) }

@EventLoop
func look(
    _ kind: ProbeTarget.Kind,
    _ address: SocketAddress,
    through: ProbeTarget.Through = .none,
    until deadline: Instant = soon()
) async -> Outcome {
    let probe = AnyProbe.make(ProbeTarget(kind, Endpoint(address), through: through))
    defer { probe.close() }
    return await probe.run(until: deadline)
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
