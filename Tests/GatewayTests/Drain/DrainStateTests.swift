import Gateway
import Testing

@Suite struct `Drain state` {
    let now = WallTime(milliseconds: 1_000_000)
    var state = DrainState()

    private func hold(_ owner: String, release: Bool = false) -> DrainState.Hold {
        .init(owner: owner, reason: "why", since: now, isOfRelease: release)
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
        try state.add(hold("r1", release: true), epoch: 1)
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
        #expect(try !state.remove("nobody", at: now))
    }

    @Test mutating func `gives up a release's hold only to its typed id and without its driver`()
        throws
    {
        try state.take(lease("r1", 1), at: now)
        try state.add(hold("r1", release: true), epoch: 1)
        #expect(throws: DrainRefusal.idNotTyped(owner: "r1")) { [now] in
            try state.remove("r1", at: now)
        }
        #expect(throws: DrainRefusal.leaseLive(owner: "r1")) { [now] in
            try state.remove("r1", confirmed: "r1", at: now)
        }
        let later = WallTime(milliseconds: now.milliseconds + 31_000)
        #expect(try state.remove("r1", confirmed: "r1", at: later))
    }

    @Test mutating func `refuses a lower epoch on the lease and on the holds`() throws {
        try state.take(lease("r1", 1), at: now)
        try state.take(lease("r1", 2), at: now)
        let refusal = DrainRefusal.lowerEpoch(given: 1, current: 2)
        #expect(throws: refusal) { [now] in try state.take(lease("r1", 1), at: now) }
        #expect(throws: refusal) { try state.add(hold("r1", release: true), epoch: 1) }
        try state.release("r1", epoch: 2)
        // A driver that slept through the end of its release.
        #expect(throws: refusal) { try state.add(hold("r1", release: true), epoch: 1) }
    }

    @Test mutating func `keeps a live lease from other releases, and yields a dead one`() throws {
        try state.take(lease("r1", 3), at: now)
        #expect(throws: DrainRefusal.leaseHeld(by: "r1")) { [now] in
            try state.take(lease("r2", 9), at: now)
        }
        let later = WallTime(milliseconds: now.milliseconds + 31_000)
        #expect(throws: DrainRefusal.lowerEpoch(given: 3, current: 3)) {
            try state.take(lease("r2", 3), at: later)
        }
        try state.take(lease("r2", 4), at: later)
        #expect(throws: DrainRefusal.leaseHeld(by: "r2")) {
            try state.add(hold("r1", release: true), epoch: 3)
        }
    }

    @Test mutating func `is bounded`() throws {
        for index in 0..<32 { try state.add(hold("owner \(index)")) }
        #expect(throws: DrainRefusal.tooManyHolds) { try state.add(hold("one more")) }
    }
}
