package import Health
package import Loop

/// What this host's health is, and everything that is made from it anew at each change: the board,
/// the answers to edges, and the word to whoever listens.
@EventLoop
package final class HostHealth {
    package private(set) var board: HealthBoard
    package private(set) var answers: [ScopeAnswer] = []
    /// Numbers the times the host went out of rotation on purpose; 0: it is not out now.
    package private(set) var drainNumber = 0
    /// Grows with each reload that changes which scopes there are.
    package private(set) var generation: UInt8 = 0

    private var drains = 0
    private var places: [Scope: Int] = [:]
    private var listeners: [(Change) -> Void] = []

    package init(_ board: HealthBoard, apps: [String]) {
        self.board = board
        arrange(apps)
        numberDrain()
    }

    /// Calls back after each change, when the new answers are in force.
    package func onChange(_ body: @escaping (Change) -> Void) { listeners.append(body) }

    /// The answer of a scope; nil: there is no such app.
    package func answer(for scope: Scope) -> ScopeAnswer? {
        places[scope].map { answers[$0] }
    }

    package func place(of scope: Scope) -> Int? { places[scope] }

    package func record(_ outcome: Outcome, for id: CheckID, at now: Instant = .now) {
        finish(board.record(outcome, for: id, at: now))
    }

    package func expire(at now: Instant = .now) {
        finish(board.expire(at: now))
    }

    package func setDrain(_ drain: Drain, at now: Instant = .now) {
        finish(board.setDrain(drain, at: now))
    }

    package func stop(at now: Instant = .now) {
        finish(board.stop(at: now))
    }

    package func reload(
        _ checks: [Check],
        excludeOn: Set<Verdict>,
        at now: Instant = .now
    ) {
        let apps = checks.map(\.id).filter { $0.kind == .app }.map(\.name)
        let change = board.reload(checks: checks, at: now)
        board.excludeOn = excludeOn
        if apps != answers.dropFirst().map(\.scope.name) {
            generation &+= 1
            arrange(apps)
        }
        for answer in answers { render(answer) }
        finish(change)
    }

    private func finish(_ change: Change?) {
        guard let change else {
            // The same verdicts, and good for longer.
            for answer in answers { answer.validUntil = board.validUntil(for: answer.scope) }
            return
        }
        numberDrain()
        for answer in answers { render(answer) }
        for listener in listeners { listener(change) }
    }

    private func numberDrain() {
        guard board.verdict(for: .host) == .draining else {
            drainNumber = 0
            return
        }
        guard drainNumber == 0 else { return }
        drains += 1
        drainNumber = drains
    }

    private func render(_ answer: ScopeAnswer) {
        if let said = board.answer(for: answer.scope) { answer.render(said) }
    }

    private func arrange(_ apps: [String]) {
        let scopes = [Scope.host] + apps.map { Scope.app($0) }
        let old = Dictionary(answers.map { ($0.scope, $0) }) { first, _ in first }
        answers = scopes.map { old[$0] ?? ScopeAnswer($0) }
        places = Dictionary(scopes.enumerated().map { ($1, $0) }) { first, _ in first }
        for answer in answers { render(answer) }
    }
}

extension Scope {
    /// The app's name; nil for the host.
    var name: String? {
        if case .app(let name) = self { name } else { nil }
    }
}
