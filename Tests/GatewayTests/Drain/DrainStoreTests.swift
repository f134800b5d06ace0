import Gateway
import Glibc
import Loop
import Testing

@EventLoop
@Suite struct `The drain store` {
    @Test func `marks a clean stop that meets the wipe of the last one`() async throws {
        let folder = StateFolder(TemporaryFolder.make() + "/state")
        var saved = DrainState()
        saved.stoppedCleanly = true
        #expect(folder.load() == .fresh)
        try folder.save(saved)

        let store = DrainStore(folder, wayOut: "")
        let wiping = EventLoop.task { await store.setStoppedCleanly(false) }
        let marking = EventLoop.task { await store.setStoppedCleanly(true) }
        #expect(try await wiping.value == .done)
        #expect(try await marking.value == .done)
        #expect(folder.load() == .state(saved))
    }

    @Test func `marks a new folder as in use, so that its loss is seen`() async throws {
        let folder = StateFolder(TemporaryFolder.make() + "/state")
        let store = DrainStore(folder, wayOut: "")
        #expect(folder.load() == .fresh)
        await store.initialise()
        #expect(!store.state.isDrained)
        #expect(folder.load() == .state(DrainState()))
    }

    @Test func `fails closed where a new folder takes no state, until the disk does`() async throws
    {
        let folder = StateFolder(TemporaryFolder.make() + "/state")
        let store = DrainStore(folder, wayOut: "the way out")
        symlink("/dev/full", folder.stateFile + ".new")
        var told = 0
        store.onChange = { told += 1 }
        await store.initialise()
        #expect(told == 1)
        #expect(store.problem?.contains("No space left") == true)
        let hold = try #require(store.state.holds.first)
        #expect(hold.owner == DrainStore.unreadableOwner)
        #expect(hold.reason.hasSuffix("the way out"))
        // The failed write took its temporary file away: the disk takes the next one.
        let removed = await store.remove(DrainStore.unreadableOwner, epoch: nil, confirmed: nil)
        #expect(removed == .done)
        #expect(store.problem == nil)
        #expect(folder.load() == .state(DrainState()))
    }
}
