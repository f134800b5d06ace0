import Gateway
import Glibc
import Testing

@Suite struct `The state file` {
    let folder = StateFolder(TemporaryFolder.make() + "/state")

    private func drained() throws -> DrainState {
        var state = DrainState()
        try state.add(.init(owner: "me", reason: "disk", since: WallTime(milliseconds: 5)))
        state.stoppedCleanly = true
        return state
    }

    private func makeFolder() throws {
        #expect(folder.load() == .fresh)
        try folder.save(DrainState())
    }

    private func overwrite(_ bytes: [UInt8]) {
        let file = fopen(folder.stateFile, "w")
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }

    @Test func `comes back as it was written`() throws {
        #expect(folder.load() == .fresh)
        let state = try drained()
        try folder.save(state)
        #expect(folder.load() == .state(state))
    }

    @Test func `torn at any byte is no state`() throws {
        let bytes = try DrainStateFile.encode(try drained())
        for count in 0..<bytes.count {
            #expect(throws: DrainStateFile.Unreadable.self) {
                try DrainStateFile.decode(Array(bytes[..<count]))
            }
        }
    }

    @Test func `altered in any byte of its content is no state`() throws {
        let bytes = try DrainStateFile.encode(try drained())
        let start = try #require(bytes.firstIndex(of: UInt8(ascii: "\n")))
        for index in bytes.indices[start...] {
            var altered = bytes
            altered[index] ^= 1
            #expect(throws: DrainStateFile.Unreadable.self) { try DrainStateFile.decode(altered) }
        }
    }

    @Test func `of a newer version says so`() {
        let bytes = Array("healthgate-state 2 whatever comes then\n".utf8)
        #expect(throws: DrainStateFile.Unreadable.newer(version: 2)) {
            try DrainStateFile.decode(bytes)
        }
    }

    @Test func `torn, gone or replaced by a folder fails closed`() throws {
        try makeFolder()
        let bytes = try DrainStateFile.encode(try drained())
        overwrite(Array(bytes.dropLast(3)))
        #expect(folder.load().why?.contains("incomplete") == true)
        unlink(folder.stateFile)
        #expect(folder.load().why?.contains("is gone") == true)
        mkdir(folder.stateFile, 0o700)
        #expect(folder.load().why?.contains("cannot read") == true)
    }

    @Test func `under a path that cannot be made fails closed`() {
        #expect(StateFolder("/dev/null/state").load().why?.contains("/dev/null") == true)
        #expect(StateFolder("/proc/state").load().why?.contains("/proc/state") == true)
    }

    @Test func `on a disk that takes no more is not said to be saved`() throws {
        try makeFolder()
        // The temporary file leads to a device that is always full.
        symlink("/dev/full", folder.stateFile + ".new")
        let failure = #expect(throws: StateFolder.Failure.self) { try folder.save(DrainState()) }
        #expect(failure?.description.contains("No space left") == true)
        // What was there before is still there.
        #expect(folder.load() == .state(DrainState()))
    }

    @Test func `that was set aside is missed, also where no marker stood`() throws {
        try makeFolder()
        overwrite([1, 2, 3])
        unlink(folder.path + "/initialised")
        folder.setAside()
        #expect(folder.load().why?.contains("is gone") == true)
    }

    @Test func `that was set aside leaves room for a new one`() throws {
        try makeFolder()
        overwrite([1, 2, 3])
        folder.setAside()
        try folder.save(try drained())
        #expect(folder.load() == .state(try drained()))
        #expect(access(folder.stateFile + ".unreadable", F_OK) == 0)
    }
}

extension StateFolder.Content {
    var why: String? {
        if case .unreadable(let why) = self { why } else { nil }
    }
}
