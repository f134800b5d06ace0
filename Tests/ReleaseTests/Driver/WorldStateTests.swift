import Loop
import Release
import Testing

@Suite
struct `What a takeover finds at a host` {
    private func noted(
        _ action: HostAction? = nil,
        outcome: String? = nil,
        stopBegun: Bool = false
    ) -> JournalHistory.Host {
        var host = JournalHistory.Host()
        host.lastAction = action
        host.outcome = outcome
        host.stopBegun = stopBegun
        return host
    }

    private func find(
        _ running: RunningVersion,
        holdsOurs: Bool = false,
        reaches: Bool = true,
        isUp: Bool = true,
        serves: Bool = true,
        noted: JournalHistory.Host? = nil
    ) -> WorldState.Finding {
        WorldState.judge(
            version: "v2",
            running: running,
            holdsOurs: holdsOurs,
            reachesGateway: reaches,
            isUpBehind: isUp,
            serves: serves,
            noted: noted
        )
    }

    @Test func `is finished where the new version serves without our hold`() {
        #expect(find(.version("v2")).standing == .finished)
        #expect(find(.version("v2"), holdsOurs: true, serves: false).standing == .out)
    }

    @Test func `is untouched where the old version serves`() {
        #expect(find(.version("v1")).standing == .untouched)
        // Whatever the journal says: the world comes first.
        #expect(find(.version("v1"), noted: noted(.stop)).standing == .untouched)
    }

    @Test func `is out where our hold is, or the gateway is gone with the rest`() {
        #expect(find(.version("v1"), holdsOurs: true, serves: true).standing == .out)
        #expect(find(.none, reaches: false, isUp: false, serves: false).standing == .out)
        #expect(find(.none, isUp: false, serves: false, noted: noted(.stop)).standing == .out)
    }

    @Test func `is another's trouble where nothing of ours was on it`() {
        #expect(find(.version("v1"), isUp: false, serves: false).standing == .untouched)
        let restored = noted(.undrain, outcome: "restored")
        #expect(
            find(.version("v1"), isUp: false, serves: false, noted: restored).standing
                == .untouched
        )
    }

    @Test func `asks the journal where the runtime cannot tell`() {
        let released = noted(.undrain, outcome: "released")
        #expect(find(.untold, noted: released).standing == .finished)
        #expect(find(.untold).standing == .untouched)
    }

    @Test func `may go back to users only as the whole old version that was never stopped`() {
        func isOld(_ finding: WorldState.Finding, _ noted: JournalHistory.Host? = nil) -> Bool {
            WorldState.isUntouchedBehindHold(finding, "v2", noted)
        }
        #expect(isOld(find(.version("v1"), holdsOurs: true)))
        #expect(!isOld(find(.version("v1"), holdsOurs: true), noted(.stop, stopBegun: true)))
        #expect(!isOld(find(.version("v1"), holdsOurs: true, isUp: false)))
        #expect(!isOld(find(.version("v2"), holdsOurs: true)))
        #expect(!isOld(find(.none, holdsOurs: true)))
        #expect(!isOld(find(.untold, holdsOurs: true)))
        #expect(isOld(find(.untold, holdsOurs: true), noted(.drain)))
    }
}

@EventLoop
@Suite
struct `A plan's fingerprint` {
    @Test func `is the same wherever the plan lies, and differs with what it does`() throws {
        var plan = try FakeWorld().plan
        let print = plan.fingerprint
        #expect(print.count == 16)
        plan.journal = "/elsewhere/shop.journal"
        plan.hosts[0].gateway.token = .file("/run/secrets/token")
        #expect(plan.fingerprint == print)
        plan.hosts[0].commands.stop = ["stop", "harder"]
        #expect(plan.fingerprint != print)
    }
}
