import Glibc
import Loop
import TestSupport
import Testing

@EventLoop
@Suite struct `A child process` {
    let soon = Instant.now + .seconds(20)

    @Test func `runs until it is signalled and then tells everyone who waits`() async throws {
        let child = try ChildProcess(["sleep", "600"])
        var told: Subprocess.Exit?
        child.onExit = { told = $0 }
        let other = EventLoop.task { [soon] in try await child.exit(until: soon) }
        #expect(!child.hasExited)
        child.signal(SIGTERM)
        #expect(try await child.exit(until: soon) == .signal(SIGTERM))
        #expect(try await other.value == .signal(SIGTERM))
        #expect(child.hasExited)
        #expect(told == .signal(SIGTERM))
    }

    @Test func `remembers its end`() async throws {
        let child = try ChildProcess(["sh", "-c", "exit 7"])
        #expect(try await child.exit(until: soon) == .code(7))
        #expect(try await child.exit(until: .now) == .code(7))
    }

    @Test func `that goes on is given up on at the deadline, not ended`() async throws {
        let child = try ChildProcess(["sleep", "600"])
        await #expect(throws: LoopError.self) { try await child.exit(until: .now) }
        #expect(!child.hasExited)
        child.signal(SIGKILL)
        _ = try await child.exit(until: soon)
    }

    @Test func `appends both streams to its log`() async throws {
        let log = try TemporaryFolder()
        let path = "\(log.path)/child.log"
        for word in ["one", "two"] {
            let child = try ChildProcess(["sh", "-c", "echo \(word) >&2"], log: path)
            _ = try await child.exit(until: soon)
        }
        #expect(
            try await Files.read(path).map { String(decoding: $0, as: UTF8.self) } == "one\ntwo\n"
        )
    }

    @Test func `is reaped also when many end at once`() async throws {
        let children = try (0..<20).map { try ChildProcess(["sh", "-c", "exit \($0)"]) }
        for (code, child) in children.enumerated() {
            #expect(try await child.exit(until: soon) == .code(Int32(code)))
        }
    }
}

@EventLoop
@Suite struct `A signal handler` {
    @Test func `is called on the loop until dropped`() async throws {
        let arrived = Waiter<Void>()
        do {
            let handler = SignalHandler(SIGUSR2) { arrived.fulfil(.success(())) }
            kill(getpid(), SIGUSR2)
            try await arrived.wait(until: .now + .seconds(20), "hear the signal")
            _ = handler
        }
    }
}

@EventLoop
@Suite struct `A sleep` {
    @Test func `lasts at least as long as asked`() async throws {
        let start = Instant.now
        try await EventLoop.sleep(for: .milliseconds(3))
        #expect(Instant.now - start >= .milliseconds(3))
    }

    @Test func `ends at once when its task is cancelled`() async {
        let task = EventLoop.task { try await EventLoop.sleep(for: .seconds(3600)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
