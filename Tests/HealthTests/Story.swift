import Health

/// A board and a clock that only moves when told: tests read as a sequence of events.
struct Story {
    let start: ContinuousClock.Instant
    var now: ContinuousClock.Instant
    var board: HealthBoard
    /// Every change that was reported.
    var changes: [Change] = []

    init(
        _ checks: [Check],
        drain: Drain = Drain(),
        plannedStart: Bool = false,
        excludeOn: Set<Verdict> = [.draining, .starting]
    ) {
        start = .now
        now = start
        board = HealthBoard(
            checks: checks,
            drain: drain,
            plannedStart: plannedStart,
            excludeOn: excludeOn,
            at: now
        )
    }

    mutating func wait(_ time: Duration) { now = now.advanced(by: time) }

    @discardableResult
    mutating func hears(
        _ outcome: Outcome,
        for id: CheckID,
        times: Int = 1,
        every step: Duration = .milliseconds(100)
    ) -> Change? {
        var change: Change?
        for _ in 0..<times {
            wait(step)
            change = note(board.record(outcome, for: id, at: now))
        }
        return change
    }

    @discardableResult
    mutating func expires() -> Change? { note(board.expire(at: now)) }

    @discardableResult
    mutating func drains(_ holds: Hold...) -> Change? {
        note(board.setDrain(Drain(holds), at: now))
    }

    @discardableResult
    mutating func reloads(_ checks: [Check]) -> Change? {
        note(board.reload(checks: checks, at: now))
    }

    private mutating func note(_ change: Change?) -> Change? {
        if let change { changes.append(change) }
        return change
    }

    var host: Verdict? { board.verdict(for: .host) }

    func app(_ name: String) -> Verdict? { board.verdict(for: .app(name)) }

    func check(_ id: CheckID) -> CheckReport? {
        board.report(at: now).checks.first { $0.id == id }
    }

    /// Moments as seconds since the start of the story, holds as they are.
    func text(_ moment: Moment) -> String {
        switch moment {
        case .instant(let instant): "+\(Int((start.duration(to: instant)) / .milliseconds(1)))ms"
        case .unix(let seconds): "@\(seconds)"
        }
    }
}

extension Check {
    static func make(
        _ id: CheckID,
        definition: String? = nil,
        effect: Effect? = nil,
        rise: Int = 2,
        fall: Int = 3,
        interval: Interval = .every(.seconds(1)),
        maxAge: Duration = .seconds(5),
        holdDown: HoldDown? = nil
    ) -> Check {
        Check(
            id,
            target: "http://127.0.0.1:9000/",
            definition: definition,
            effect: effect,
            rise: rise,
            fall: fall,
            interval: interval,
            maxAge: maxAge,
            holdDown: holdDown
        )
    }
}

let orders = CheckID.app("orders")
let web = CheckID.app("web")
let database = CheckID.upstream("orders-db")
let refused = Outcome.failed(.refused, at: .upstream, "connection refused")
let notServing = Outcome.failed(.notServing, at: .upstream)
