import Testing

@testable import Release

@Suite struct `The table of upstreams that are not reached` {
    private let db = GatewayStatus.Check(
        name: "orders-db",
        target: "postgres://127.0.0.1:15432",
        state: "down",
        reason: "upstream_refused",
        hop: "upstream",
        text: "closed before a byte; asked directly it fails too"
    )
    private let cache = GatewayStatus.Check(name: "cache", state: "pending")
    private let good = GatewayStatus.Check(name: "queue", state: "up")
    private let slow = GatewayStatus.Check(name: "search", state: "degraded", text: "old")

    @Test func `has a row for each, with the hop and the reason`() {
        let table = ConnectivityTable(
            ConnectivityReport(ok: false, upstreams: [good, db, slow, cache])
        )
        #expect(
            table.sentence
                == "2 of 4 upstreams are not up: orders-db is down: upstream_refused at upstream "
                + "(closed before a byte)"
        )
        #expect(
            table.lines == [
                "upstream   state    at        reason            target                      why",
                "orders-db  down     upstream  upstream_refused  postgres://127.0.0.1:15432  closed before a byte; asked directly it fails too",
                "cache      pending  -         -                 -                           ",
            ]
        )
    }

    @Test func `begins with the one cause where there is one`() {
        let report = ConnectivityReport(
            ok: false,
            upstreams: [db, db],
            inCommon: "this host's network: all 2 remote checks fail"
        )
        #expect(ConnectivityTable(report).sentence == report.inCommon)
    }
}
