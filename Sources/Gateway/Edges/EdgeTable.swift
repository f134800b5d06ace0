package import Loop

/// Who polls the health port. Bounded, and cheap to update: a connection keeps the row it found.
package struct EdgeTable {
    /// What tells edge checkers apart.
    package struct Identity: Hashable, Sendable {
        /// The header `x-healthgate-edge`; nil: the row that all polls without it share.
        package var name: String?
        /// Host or `:authority`: an edge polls each of its clusters under its own.
        package var authority: String

        package init(name: String?, authority: String) {
            self.name = name.map { String($0.prefix(128)) }
            self.authority = String(authority.prefix(128))
        }
    }

    /// One edge checker. A class: the health port holds it and counts without a look-up.
    package final class Row {
        package let identity: Identity
        package private(set) var polls = 0
        package private(set) var lastPoll: Instant?
        package private(set) var lastStatus = 0
        /// The pause between two polls, smoothed; nil: fewer than two polls.
        package private(set) var period: Duration?
        private var told = 0

        init(_ identity: Identity) { self.identity = identity }

        /// Counts one answer. `drain` numbers the drain that it told of; 0: none.
        package func polled(at now: Instant, status: Int, drain: Int) {
            if let lastPoll {
                let gap = now - lastPoll
                // A quarter of the way each time: a late poll does not change the picture.
                period = period.map { $0 + (gap - $0) / 4 } ?? gap
            }
            polls += 1
            lastPoll = now
            lastStatus = status
            told = drain
        }

        /// Three polls make a poller; a person with curl does not get there by chance.
        package var isPeriodic: Bool { polls >= 3 }

        /// Silent for three periods. Never sooner than a second after its last poll: a checker
        /// that sends pairs has a short mean pause and a long longest one.
        package func isGone(at now: Instant) -> Bool {
            guard let lastPoll, let period else { return true }
            return now - lastPoll > max(period * 3, .seconds(1))
        }

        /// Whether its last answer told of that drain; nil: the row stands for several checkers.
        package func wasTold(of drain: Int) -> Bool? {
            identity.name == nil ? nil : told == drain
        }

        fileprivate func toldAny(of drain: Int) -> Bool { told == drain }
    }

    private var rows: [Identity: Row] = [:]
    private let most: Int
    /// Polls beyond the bound share one row for good.
    private let rest = Row(Identity(name: nil, authority: "…"))

    package init(most: Int = 64) { self.most = max(most, 1) }

    /// The row of that checker, made at its first poll. When the table is full a row that is gone
    /// makes room; when none is, the poll is counted with the rest.
    package mutating func row(_ identity: Identity, at now: Instant) -> Row {
        if let row = rows[identity] { return row }
        if rows.count >= most {
            guard let gone = rows.values.first(where: { $0.isGone(at: now) }) else { return rest }
            rows[gone.identity] = nil
        }
        let row = Row(identity)
        rows[identity] = row
        return row
    }

    /// The checkers that count, by name: periodic, gone ones too.
    package var checkers: [Row] {
        (Array(rows.values) + [rest]).filter(\.isPeriodic).sorted {
            ($0.identity.name ?? "~", $0.identity.authority)
                < ($1.identity.name ?? "~", $1.identity.authority)
        }
    }

    /// The live checkers whose last answer did not tell of that drain. The shared row counts as
    /// told by its last poll: better than nothing, and said to be unknown where it is shown.
    package func untold(of drain: Int, at now: Instant) -> [Row] {
        checkers.filter { !$0.isGone(at: now) && !$0.toldAny(of: drain) }
    }
}
