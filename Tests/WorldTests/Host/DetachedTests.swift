import Glibc
import Loop
import Testing
import World

@Suite struct `A detached process` {
    @Test func `runs in a session of its own and is found by its pid file until it ends`() throws {
        let folder = try SmallFiles.makeTemporaryFolder()
        defer { SmallFiles.removeFolder(folder) }
        let file = "\(folder)/sleep.pid"
        let process = try Detached.start(
            ["/bin/sleep", "60"],
            log: "\(folder)/log",
            pidFile: file
        )
        defer { process.signal(SIGKILL) }
        #expect(ProcessID(file: file) == process)
        #expect(getsid(process.number) == process.number)
        process.signal(SIGKILL)
        var status: Int32 = 0
        waitpid(process.number, &status, 0)
        #expect(!process.isAlive)
        #expect(ProcessID(file: file) == nil)
    }

    @Test func `is not taken for another that got its number`() throws {
        let folder = try SmallFiles.makeTemporaryFolder()
        defer { SmallFiles.removeFolder(folder) }
        try SmallFiles.write("\(getpid()) 1\n", to: "\(folder)/old.pid")
        #expect(ProcessID(file: "\(folder)/old.pid") == nil)
    }

    @Test func `that cannot be started says why`() {
        #expect(throws: WorldError.self) {
            try Detached.start(["/does/not/exist"], log: "/dev/null", pidFile: "/dev/null")
        }
    }
}
