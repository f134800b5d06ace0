/// Everything about drain that outlives the process: the holds, the release lock and the mark of
/// a clean stop. A value; `DrainStore` keeps it on disk.
package struct DrainState: Hashable, Sendable, Codable {
    /// In the order in which they were put.
    package private(set) var holds: [Hold] = []
    package private(set) var lease: Lease?
    /// The last process ended on purpose, so `starting` is part of a planned exit.
    package var stoppedCleanly = false
    /// The highest epoch seen of each release, oldest first: a driver that slept through its
    /// release's end must not act any more.
    private var epochs: [Epoch] = []

    package init() {}

    package var isDrained: Bool { !holds.isEmpty }

    package func hold(of owner: String) -> Hold? { holds.first { $0.owner == owner } }

    /// Who keeps the host drained, and why.
    package struct Hold: Hashable, Sendable, Codable {
        package var owner: String
        package var reason: String
        package var since: WallTime
        /// Of the lease under which a release put it; nil: a person did.
        package var epoch: Int?

        package init(owner: String, reason: String, since: WallTime, epoch: Int? = nil) {
            self.owner = owner
            self.reason = reason
            self.since = since
            self.epoch = epoch
        }
    }

    private struct Epoch: Hashable, Codable {
        var release: String
        var epoch: Int
    }

    private static let mostHolds = 32
    private static let mostEpochs = 32

    /// Adds a hold; the same owner again keeps what is there, with the newer epoch.
    package mutating func add(_ hold: Hold) throws(DrainRefusal) {
        if let epoch = hold.epoch { try admit(hold.owner, epoch) }
        if let index = holds.firstIndex(where: { $0.owner == hold.owner }) {
            holds[index].epoch = hold.epoch ?? holds[index].epoch
            return
        }
        guard holds.count < DrainState.mostHolds else { throw .tooManyHolds }
        holds.append(hold)
    }

    /// Removes that owner's hold and no other; false: there was none.
    ///
    /// A release removes its own by its epoch. Anyone else types its id, and waits until its
    /// driver is gone.
    @discardableResult
    package mutating func remove(
        _ owner: String,
        epoch: Int? = nil,
        confirmed: String? = nil,
        at now: WallTime
    ) throws(DrainRefusal) -> Bool {
        guard let index = holds.firstIndex(where: { $0.owner == owner }) else { return false }
        if let epoch {
            try admit(owner, epoch)
        } else if holds[index].epoch != nil {
            guard confirmed == owner else { throw .idNotTyped(owner: owner) }
            if let lease, lease.release == owner, lease.isLive(at: now) {
                throw .leaseLive(owner: owner)
            }
        }
        holds.remove(at: index)
        return true
    }

    /// Takes or renews the lock. A live lease yields to its own release only, and then to a higher
    /// epoch; a dead one to any release with a higher epoch.
    package mutating func take(_ wanted: Lease, at now: WallTime) throws(DrainRefusal) {
        if let last = lastEpoch(of: wanted.release), wanted.epoch < last {
            throw .lowerEpoch(given: wanted.epoch, current: last)
        }
        if let lease, lease.release != wanted.release {
            guard !lease.isLive(at: now) else { throw .leaseHeld(by: lease.release) }
            guard wanted.epoch > lease.epoch else {
                throw .lowerEpoch(given: wanted.epoch, current: lease.epoch)
            }
        }
        note(wanted.release, wanted.epoch)
        lease = wanted
        lease?.heartbeat = now
    }

    /// Gives the lock back; false: it was not held by that release.
    @discardableResult
    package mutating func release(_ release: String, epoch: Int) throws(DrainRefusal) -> Bool {
        if let last = lastEpoch(of: release), epoch < last {
            throw .lowerEpoch(given: epoch, current: last)
        }
        guard lease?.release == release else { return false }
        note(release, epoch)
        lease = nil
        return true
    }

    /// A call with an epoch says that it holds the lock: refuse it when it does not any more.
    private mutating func admit(_ owner: String, _ epoch: Int) throws(DrainRefusal) {
        if let last = lastEpoch(of: owner), epoch < last {
            throw .lowerEpoch(given: epoch, current: last)
        }
        if let lease, lease.release != owner { throw .leaseHeld(by: lease.release) }
        note(owner, epoch)
    }

    private func lastEpoch(of release: String) -> Int? {
        epochs.first { $0.release == release }?.epoch
    }

    private mutating func note(_ release: String, _ epoch: Int) {
        epochs.removeAll { $0.release == release }
        epochs.append(Epoch(release: release, epoch: epoch))
        if epochs.count > DrainState.mostEpochs { epochs.removeFirst() }
    }
}
