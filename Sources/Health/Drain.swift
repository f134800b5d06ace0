/// One owner's wish that the host stay out of rotation.
package struct Hold: Hashable, Sendable {
    package let owner: String
    package let reason: String
    /// Seconds since 1970: a hold outlives the process and the boot.
    package let since: Int
    /// Of the lease under which a release set it.
    package let epoch: Int?

    package init(owner: String, reason: String, since: Int, epoch: Int? = nil) {
        self.owner = owner
        self.reason = reason
        self.since = since
        self.epoch = epoch
    }
}

/// The set of holds. The drain is on while any exists, and each owner removes only its own, so that a
/// release cannot undo on-call, nor on-call a release.
package struct Drain: Hashable, Sendable {
    /// Oldest first.
    package private(set) var holds: [Hold]

    package init(_ holds: [Hold] = []) {
        self.holds = []
        for hold in holds { add(hold) }
    }

    package var isOn: Bool { !holds.isEmpty }

    package func hold(of owner: String) -> Hold? {
        holds.first { $0.owner == owner }
    }

    /// Adds a hold and returns the one that is in force. An owner that asks again gets the hold it
    /// has, with the higher epoch of the two.
    @discardableResult
    package mutating func add(_ hold: Hold) -> Hold {
        guard let index = holds.firstIndex(where: { $0.owner == hold.owner }) else {
            let place = holds.firstIndex { $0.since > hold.since } ?? holds.endIndex
            holds.insert(hold, at: place)
            return hold
        }
        let old = holds[index]
        let epoch = [old.epoch, hold.epoch].compactMap { $0 }.max()
        let kept = Hold(owner: old.owner, reason: old.reason, since: old.since, epoch: epoch)
        holds[index] = kept
        return kept
    }

    /// Removes the owner's hold and no other. Nothing when it has none.
    @discardableResult
    package mutating func remove(owner: String) -> Hold? {
        guard let index = holds.firstIndex(where: { $0.owner == owner }) else { return nil }
        return holds.remove(at: index)
    }
}
