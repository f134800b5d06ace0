package import Health
package import Loop

/// The last changes, numbered, and the word to those who follow them.
@EventLoop
package final class EventHistory {
    package struct Event: Hashable, Sendable {
        package let number: Int
        package let at: WallTime
        /// What kind of change, such as `verdict` or `check`.
        package let kind: String
        /// Names and values in the order in which they are shown.
        package let fields: [JSON.Member]

        package var json: JSON {
            let head = [
                JSON.Member(name: "n", value: .integer(number)),
                JSON.Member(name: "at", value: .string(at.description)),
                JSON.Member(name: "event", value: .string(kind)),
            ]
            return .object(head + fields)
        }
    }

    package private(set) var events: [Event] = []
    private let most: Int
    private var count = 0
    private var followers: [Int: (Event) -> Void] = [:]
    private var lastFollower = 0

    package init(most: Int = 200) { self.most = most }

    package func add(_ kind: String, _ fields: KeyValuePairs<String, JSON>) {
        count += 1
        guard case .object(let members) = JSON.members(fields) else { return }
        let event = Event(number: count, at: .now, kind: kind, fields: members)
        events.append(event)
        if events.count > most { events.removeFirst(events.count - most) }
        for follower in followers.values { follower(event) }
    }

    /// Calls back for each event from now on, until told to stop by the number returned.
    package func follow(_ body: @escaping (Event) -> Void) -> Int {
        lastFollower += 1
        followers[lastFollower] = body
        return lastFollower
    }

    package func stopFollowing(_ follower: Int) { followers[follower] = nil }

    /// How many were turned away because enough follow already.
    var followersRefused = 0

    package var followerCount: Int { followers.count }

    /// Takes a change of the board, each part as an event of its own.
    package func add(_ change: Change, of health: HostHealth) {
        let words = CauseWords(clocks: .now)
        if let drain = change.drain {
            for hold in drain.added {
                add("hold", ["owner": .string(hold.owner), "reason": .string(hold.reason)])
            }
            for hold in drain.removed { add("hold removed", ["owner": .string(hold.owner)]) }
            if drain.isStopping { add("stopping", [:]) }
        }
        if let fault = change.fault {
            let cause = health.board.sharedCause
            add(
                "in common",
                [
                    "from": .text(fault.from?.rawValue),
                    "to": .text(fault.to?.rawValue),
                    "why": .text(cause.map { words.text($0) }),
                ]
            )
        }
        for check in change.checks where check.isTransition {
            add(
                "check",
                [
                    "check": .string(check.id.description),
                    "from": .string(check.from.rawValue),
                    "to": .string(check.to.rawValue),
                    "why": .text(check.last.flatMap(CauseWords.why)),
                ]
            )
        }
        for verdict in change.verdicts {
            let cause = health.board.cause(for: verdict.scope)
            add(
                "verdict",
                [
                    "scope": .string(verdict.scope.description),
                    "from": .string(verdict.from.rawValue),
                    "to": .string(verdict.to.rawValue),
                    "cause": .text(cause.map { words.text($0) }),
                ]
            )
        }
        if let standing = change.standing, health.drainNumber != 0 {
            add(
                "behind the drain",
                [
                    "from": .string(standing.from.rawValue),
                    "to": .string(standing.to.rawValue),
                ]
            )
        }
    }
}
