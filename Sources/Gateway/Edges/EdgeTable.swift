package import Loop

/// Who polls the health port. Bounded, and cheap to update: whoever found a row once finds it again
/// by its place.
package struct EdgeTable {
    /// What tells edge checkers apart.
    package struct Identity: Hashable, Sendable {
        /// The header `x-healthgate-edge`; nil: the row that all polls without it share.
        package var name: String?
        /// Host or `:authority`: an edge polls each of its clusters under its own.
        package var authority: String

        package init(name: String?, authority: String) {
            self.name = name.map { String($0.prefix(128)) }
            self.authority = name == nil ? "" : String(authority.prefix(128))
        }
    }

    /// Where a row stands. The number tells a row from a later one at the same place.
    package struct Place: Hashable, Sendable {
        package var index: UInt16
        package var number: UInt16

        package init(index: UInt16, number: UInt16) {
            self.index = index
            self.number = number
        }
    }

    private var rows: [Row] = []
    private var places: [Identity: Int] = [:]
    private var made: UInt16 = 0
    private let most: Int

    package init(most: Int = 64) {
        self.most = min(max(most, 1), Int(UInt16.max))
        // Stands for those without a name, and for those beyond the bound.
        _ = add(Identity(name: nil, authority: ""))
    }

    /// The row of that checker, made at its first poll. When the table is full a row that is gone
    /// makes room; when none is, the poll is counted with those that have no name.
    package mutating func row(_ identity: Identity, at now: Instant) -> Row {
        if let index = places[identity] { return rows[index] }
        if rows.count <= most { return add(identity) }
        guard let index = rows.indices.dropFirst().first(where: { rows[$0].isGone(at: now) }) else {
            return rows[0]
        }
        places[rows[index].identity] = nil
        return add(identity, at: index)
    }

    /// The row that stood there when its place was given, if it is still that one.
    package func row(at place: Place) -> Row? {
        let index = Int(place.index)
        guard index < rows.count, rows[index].place.number == place.number else { return nil }
        return rows[index]
    }

    private mutating func add(_ identity: Identity, at index: Int? = nil) -> Row {
        made &+= 1
        let index = index ?? rows.count
        let row = Row(identity, Place(index: UInt16(index), number: made))
        if index == rows.count { rows.append(row) } else { rows[index] = row }
        places[identity] = index
        return row
    }

    /// The checkers that count, by name: periodic, gone ones too.
    package var checkers: [Row] {
        rows.filter(\.isPeriodic).sorted {
            ($0.identity.name ?? "~", $0.identity.authority)
                < ($1.identity.name ?? "~", $1.identity.authority)
        }
    }

    /// The live checkers whose last answer did not tell of that drain. The shared row counts as
    /// told by its last poll: better than nothing, and said to be unknown where it is shown.
    package func untold(of drain: Int, at now: Instant) -> [Row] {
        checkers.filter { !$0.isGone(at: now) && !$0.toldLast(of: drain) }
    }
}

extension EdgeTable {
    /// One edge checker.
    package final class Row {
        package let identity: Identity
        package let place: Place
        package private(set) var polls = 0
        package private(set) var lastStatus = 0
        private var last: BootTime?
        /// In nanoseconds; below zero: fewer than two polls.
        private var pause: Int64 = -1
        private var told = 0

        fileprivate init(_ identity: Identity, _ place: Place) {
            self.identity = identity
            self.place = place
        }

        /// Counts one answer. `drain` numbers the drain that it told of; 0: none.
        package func polled(at now: BootTime, status: Int, drain: Int) {
            if let last {
                let gap = now.nanoseconds - last.nanoseconds
                // A quarter of the way each time: a late poll does not change the picture.
                pause = pause < 0 ? gap : pause + (gap - pause) / 4
            }
            polls += 1
            last = now
            lastStatus = status
            told = drain
        }

        package var lastPoll: Instant? { last?.instant }

        /// The pause between two polls, smoothed; nil: fewer than two polls.
        package var period: Duration? { pause < 0 ? nil : .nanoseconds(pause) }

        /// Three polls make a poller; a person with curl seldom gets there.
        package var isPeriodic: Bool { polls >= 3 }

        /// Silent for three periods. Never sooner than a second after its last poll: a checker
        /// that sends pairs has a short mean pause and a long longest one.
        package func isGone(at now: Instant) -> Bool {
            guard let lastPoll else { return true }
            return now - lastPoll > max((period ?? .zero) * 3, .seconds(1))
        }

        /// Whether its last answer told of that drain; nil: the row stands for several checkers.
        package func wasTold(of drain: Int) -> Bool? {
            identity.name == nil ? nil : told == drain
        }

        fileprivate func toldLast(of drain: Int) -> Bool { told == drain }
    }
}
