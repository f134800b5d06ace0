import Gateway
import Testing

@Suite struct `Drain state` {
    let now = WallTime(milliseconds: 1_000_000)
    var state = DrainState()

    /// What a change was refused for; refused or not, it is made on the suite's state.
    private mutating func refusal(
        _ change: (inout DrainState) throws(DrainRefusal) -> Void
    ) -> DrainRefusal? {
        do throws(DrainRefusal) {
            try change(&state)
            return nil
        } catch {
            return error
        }
    }

    private func hold(_ owner: String, epoch: Int? = nil) -> DrainState.Hold {
        .init(owner: owner, reason: "why", since: now, epoch: epoch)
    }

    private func lease(_ release: String, _ epoch: Int, ttl: Double = 30) -> Lease {
        Lease(
            release: release,
            epoch: epoch,
            who: "ci",
            version: "v2",
            plan: "abc",
            heartbeat: now,
            ttl: ttl
        )
    }

    @Test mutating func `stays drained until each owner removed its own hold`() throws {
        try state.add(hold("r1", epoch: 1))
        try state.add(hold("on-call"))
        try state.remove("on-call", at: now)
        #expect(state.isDrained)
        try state.remove("r1", epoch: 1, at: now)
        #expect(!state.isDrained)
    }

    @Test mutating func `keeps the first hold of an owner`() throws {
        try state.add(hold("me"))
        try state.add(.init(owner: "me", reason: "other", since: now))
        #expect(state.holds.map(\.reason) == ["why"])
        let removed = try state.remove("nobody", at: now)
        #expect(!removed)
    }

    @Test mutating func `gives up a release's hold only to its typed id, without its driver`()
        throws
    {
        let now = now
        let later = WallTime(milliseconds: now.milliseconds + 31_000)
        try state.take(lease("r1", 1), at: now)
        try state.add(hold("r1", epoch: 1))
        let untyped = refusal { state throws(DrainRefusal) in try state.remove("r1", at: now) }
        #expect(untyped == .idNotTyped(owner: "r1"))
        let live = refusal { state throws(DrainRefusal) in
            try state.remove("r1", confirmed: "r1", at: now)
        }
        #expect(live == .leaseLive(owner: "r1"))
        let removed = try state.remove("r1", confirmed: "r1", at: later)
        #expect(removed)
    }

    @Test mutating func `refuses a lower epoch on the lease and on the holds`() throws {
        let (now, old, late) = (now, lease("r1", 1), hold("r1", epoch: 1))
        try state.take(lease("r1", 1), at: now)
        try state.take(lease("r1", 2), at: now)
        let lower = DrainRefusal.lowerEpoch(given: 1, current: 2)
        let taking = refusal { state throws(DrainRefusal) in try state.take(old, at: now) }
        #expect(taking == lower)
        let holding = refusal { state throws(DrainRefusal) in try state.add(late) }
        #expect(holding == lower)
        try state.release("r1", epoch: 2)
        // A driver that slept through the end of its release.
        let waking = refusal { state throws(DrainRefusal) in try state.add(late) }
        #expect(waking == lower)
    }

    @Test mutating func `keeps a live lease from other releases, and yields a dead one`() throws {
        let now = now
        let (other, same, higher) = (lease("r2", 9), lease("r2", 3), lease("r2", 4))
        let lost = hold("r1", epoch: 3)
        let later = WallTime(milliseconds: now.milliseconds + 31_000)
        try state.take(lease("r1", 3), at: now)
        let early = refusal { state throws(DrainRefusal) in try state.take(other, at: now) }
        #expect(early == .leaseHeld(by: "r1"))
        let low = refusal { state throws(DrainRefusal) in try state.take(same, at: later) }
        #expect(low == .lowerEpoch(given: 3, current: 3))
        try state.take(higher, at: later)
        let stale = refusal { state throws(DrainRefusal) in try state.add(lost) }
        #expect(stale == .leaseHeld(by: "r2"))
    }

    @Test mutating func `is bounded`() throws {
        for index in 0..<32 { try state.add(hold("owner \(index)")) }
        let more = hold("one more")
        let refused = refusal { state throws(DrainRefusal) in try state.add(more) }
        #expect(refused == .tooManyHolds)
    }
}
