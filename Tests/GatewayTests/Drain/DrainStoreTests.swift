import Gateway
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
}
