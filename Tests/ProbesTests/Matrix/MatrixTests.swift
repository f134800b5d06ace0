import Health
import Loop
import Probes
import Testing

@EventLoop
@Suite(.serialized, .timeLimit(.minutes(3))) struct `The fault matrix` {
    /// Each way of each depth of a kind in each condition, against real servers and through a real
    /// Envoy.
    @Test(arguments: Matrix.rows) func `is what probes say`(row: Row) async throws {
        let stage = try await row.makeStage()
        let others = try Others()
        let sidecar = try await Sidecar(others.targets(stage.addresses))
        defer { sidecar.stop() }
        for condition in Condition.allCases {
            guard let cell = row.cells[condition], cell.makesSense else { continue }
            let ask = try await stage.enter(condition)
            var running: [(Depth, ProbeTarget, Task<Outcome, any Error>)] = []
            for way in row.ways {
                for depth in row.depths {
                    var target = others.replacing(try await ask(depth), in: condition)
                    if way == .sidecar {
                        target.through = .sidecar
                        target.dial = Endpoint(try sidecar[others.name(target.address)])
                    }
                    let asked = target
                    let reason = cell.said(depth, throughSidecar: way == .sidecar).first?.reason
                    let isWaitedOut =
                        condition == .silent || [.timeout, .connectTimeout].contains(reason)
                    let task = EventLoop.task {
                        isWaitedOut ? await lookInVain(asked, reason) : await look(asked)
                    }
                    running.append((depth, asked, task))
                    // Other probes at once might be what makes a server full.
                    if !isWaitedOut { _ = try await task.value }
                }
            }
            for (depth, target, task) in running {
                let seen = Seen(row.kind, condition, depth, target, try await task.value)
                seen.check(cell)
            }
            if condition == .up {
                let complaints = try await stage.complaints()
                #expect(complaints == [], "\(row.kind)")
                try await checkStrangers(
                    row,
                    try #require(try await ask(.handshake).address.address)
                )
            }
            try await stage.leave(condition)
        }
    }

    /// No other kind takes the server for its own.
    private func checkStrangers(_ row: Row, _ address: SocketAddress) async throws {
        var running: [(ProbeTarget, Task<Outcome, any Error>)] = []
        for service in ServerTarget.Service.allCases where service.rawValue != row.kind {
            let asking = Asking(service: service, address: address, user: "salted", role: .primary)
            for depth in service.depths {
                let target = try await asking.target(depth)
                running.append((target, EventLoop.task { await lookInVain(target, nil) }))
            }
        }
        for (target, task) in running {
            let outcome = try await task.value
            let reason = outcome.failure?.reason
            #expect([.protocol, .timeout].contains(reason), "\(target) at \(row.kind): \(outcome)")
            #expect(!Seen.tellsSecret(target, outcome), "\(target): \(outcome)")
        }
    }

    /// What is wrong must be seen from what is said.
    @Test(arguments: Matrix.rows) func `tells each condition of a kind from the others`(row: Row) {
        #expect(row.cells.count == Condition.allCases.count, "a condition is missing")
        for way in row.ways {
            for depth in row.depths {
                var said: [String: Condition] = [:]
                for condition in Condition.allCases {
                    // Behind a sidecar, a server that hangs up looks like one that is not there, and one
                    // that does not shake hands like one that is not reached.
                    let isBlurred = condition == .clear || condition == .silent && row.kind == "tls"
                    guard way == .none || !isBlurred else { continue }
                    // Both are of one condition: another protocol.
                    guard condition != .web, let cell = row.cells[condition],
                        let what = cell.said(depth, throughSidecar: way == .sidecar).first
                    else { continue }
                    let words = "\(what) \(cell.words(what))"
                    #expect(said[words] == nil, "\(condition) and \(words) at \(depth)")
                    said[words] = condition
                }
            }
        }
    }
}

@EventLoop
private func look(_ target: ProbeTarget, until deadline: Instant = soon()) async -> Outcome {
    let probe = AnyProbe.make(target)
    defer { probe.close() }
    return await probe.run(until: deadline)
}

/// Looks with a deadline that is short, but long enough to connect if that can be.
@EventLoop
private func lookInVain(_ target: ProbeTarget, _ wanted: Reason?) async -> Outcome {
    var patience = Duration.milliseconds(300)
    while true {
        let outcome = await look(target, until: .now + patience)
        let isTooShort = outcome.failure?.reason == .connectTimeout && wanted != .connectTimeout
        guard isTooShort, patience < .seconds(20) else { return outcome }
        patience *= 2
    }
}
