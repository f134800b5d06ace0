import HTTP
import Health
import Loop

/// `/status`: everything that is known, as JSON.
@EventLoop
struct StatusDocument {
    static let schema = 1
    private let gateway: RunningGateway

    init(_ gateway: RunningGateway) { self.gateway = gateway }

    func json() async -> JSON {
        let progress = await DrainProgress.now(of: gateway)
        let clocks = Clocks.now
        let words = CauseWords(clocks: clocks)
        let report = gateway.health.board.report(at: clocks.instant)
        let reached = gateway.monitor.reached.map {
            JSON.Member(name: $0.id.name, value: .integer($0.count))
        }
        return .members([
            "schema": .integer(StatusDocument.schema),
            "host": .string(gateway.configuration.host),
            "verdict": .string(report.host.verdict.rawValue),
            "behind": .string(report.host.standing.rawValue),
            "cause": .text(report.host.cause.map { words.text($0) }),
            "behind_cause": .text(report.host.standingCause.map { words.text($0) }),
            "in_common": .text(report.sharedCause.map { words.text($0) }),
            "since": .string(clocks.wall(of: report.host.since).description),
            "started": .string(clocks.wall(of: gateway.started).description),
            "holds": StatusDocument.holds(gateway.store.state),
            "durable": .bool(gateway.store.problem == nil),
            "problem": .text(gateway.store.problem),
            "lease": LeaseCalls.json(gateway.store.state.lease),
            "apps": .array(report.apps.map { app($0, words) }),
            "checks": .array(report.checks.map { check($0, words) }),
            "inflight": StatusDocument.inFlight(progress.inFlight),
            "edges": .array(gateway.port.edges.checkers.map { edge($0, clocks) }),
            "told": .integer(progress.edges.count - progress.untold.count),
            "probes_sent": .object(reached),
        ])
    }

    static func holds(_ state: DrainState) -> JSON {
        .array(
            state.holds.map { hold in
                .members([
                    "owner": .string(hold.owner),
                    "reason": .string(hold.reason),
                    "since": .string(hold.since.description),
                    "epoch": hold.epoch.map { .integer($0) } ?? .null,
                ])
            }
        )
    }

    static func inFlight(_ inFlight: Sidecar.InFlight?) -> JSON {
        guard let inFlight else { return .members(["known": .bool(false)]) }
        return .members([
            "known": .bool(true),
            "requests": .integer(inFlight.requests),
            "total": .integer(inFlight.total),
        ])
    }

    private func app(_ report: ScopeReport, _ words: CauseWords) -> JSON {
        .members([
            "name": .text(report.scope.name),
            "verdict": .string(report.verdict.rawValue),
            "behind": .string(report.standing.rawValue),
            "cause": .text(report.cause.map { words.text($0) }),
            "since": .string(words.clocks.wall(of: report.since).description),
        ])
    }

    private func check(_ report: CheckReport, _ words: CauseWords) -> JSON {
        let clocks = words.clocks
        func time(_ instant: Instant?) -> JSON {
            .text(instant.map { clocks.wall(of: $0).description })
        }
        let failure = report.last?.outcome.failure
        return .members([
            "name": .string(report.id.name),
            "kind": .string(report.id.kind.rawValue),
            "target": .string(report.check.target),
            "state": .string(report.state.rawValue),
            "effect": .string(report.effect.rawValue),
            "since": time(report.since),
            "reason": .text(failure?.reason.rawValue),
            "hop": .text(failure?.hop?.rawValue),
            "text": .text(failure?.text ?? report.last.flatMap { CauseWords.why($0.outcome) }),
            "detail": .text(report.last?.outcome.detail),
            "progress": .text(report.progress?.description),
            "last": time(report.last?.at),
            "last_good": time(report.lastGood?.at),
            "failing_since": time(report.failingSince),
            "held_down_until": time(report.heldDownUntil),
            "phases_ms": StatusDocument.phases(report.last?.outcome),
            "took_ms": report.last.map { .milliseconds($0.outcome.took) } ?? .null,
        ])
    }

    /// Milliseconds by the phase's name.
    nonisolated static func phases(_ outcome: Outcome?) -> JSON {
        guard let phases = outcome?.phases, !phases.isEmpty else { return .null }
        return .object(
            phases.map { .init(name: $0.name.rawValue, value: .milliseconds($0.took)) }
        )
    }

    private func edge(_ row: EdgeTable.Row, _ clocks: Clocks) -> JSON {
        .members([
            "name": .string(row.identity.name ?? "unnamed"),
            "authority": .string(row.identity.authority),
            "polls": .integer(row.polls),
            "period_ms": row.period.map { .integer(Int($0.seconds * 1000)) } ?? .null,
            "last": .text(row.lastPoll.map { clocks.wall(of: $0).description }),
            "status": .integer(row.lastStatus),
            "told": gateway.health.drainNumber == 0
                ? .null : row.wasTold(of: gateway.health.drainNumber).map { .bool($0) } ?? .null,
            "gone": .bool(row.isGone(at: clocks.instant)),
        ])
    }
}
