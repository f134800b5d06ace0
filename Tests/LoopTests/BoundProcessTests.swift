import Glibc
import Loop
import TestSupport
import Testing

@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `A bound process` {
    @Test func `tells its lines and then its end, and leaves its folder until it is let go`()
        async throws
    {
        let scratch = try Scratch()
        let ended = Waiter<Subprocess.Exit>()
        var lines: [String] = []
        let process = try BoundProcess(
            ["sh", "-c", "echo one; echo two >&2; exit 3"],
            scratch: scratch.path,
            onLine: { lines.append($0) },
            onExit: { ended.fulfil(.success($0)) }
        )
        #expect(try await ended.wait(until: soon, "end") == .code(3))
        #expect(lines == ["one", "two"])
        #expect(process.hasExited)
        #expect(scratch.exists)
        process.stop()
        try await scratch.isGone()
    }

    @Test func `ends, with all it started and its folder, when it is dropped`() async throws {
        let scratch = try Scratch()
        let started = Waiter<Void>()
        // The one in the background ends last, and lets the FIFO go then.
        let fifo = "\(scratch.path)/fifo"
        #expect(mkfifo(fifo, 0o600) == 0)
        var process: BoundProcess? = try BoundProcess(
            ["sh", "-c", "sleep 600 >'\(fifo)' & echo up; exec sleep 600"],
            scratch: scratch.path,
            onLine: { _ in started.fulfil(.success(())) },
            onExit: { _ in }
        )
        let reader = await Files.offLoop { open(fifo, O_RDONLY) }
        defer { close(reader) }
        try await started.wait(until: soon, "start")
        process = nil
        _ = process
        let count = await Files.offLoop {
            var byte: UInt8 = 0
            return read(reader, &byte, 1)
        }
        #expect(count == 0)
        try await scratch.isGone()
    }

    @Test func `that cannot be started says so`() async throws {
        let ended = Waiter<Subprocess.Exit>()
        let scratch = try Scratch()
        var lines: [String] = []
        let process = try BoundProcess(
            ["/nowhere/ssh"],
            scratch: scratch.path,
            onLine: { lines.append($0) },
            onExit: { ended.fulfil(.success($0)) }
        )
        #expect(try await ended.wait(until: soon, "end") == .code(127))
        #expect(lines.last?.contains("/nowhere/ssh: not found") == true, "\(lines)")
        process.stop()
        try await scratch.isGone()
    }
}

private let soon = Instant.now + .seconds(30)

/// A folder that somebody else removes.
private struct Scratch {
    let path: String

    init() throws {
        var template = Array("/tmp/healthgate-bound-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    var exists: Bool { access(path, F_OK) == 0 }

    @EventLoop func isGone() async throws {
        while exists {
            guard Instant.now < soon else { throw LoopError.timedOut("remove \(path)") }
            try await EventLoop.sleep(for: .milliseconds(5))
        }
    }
}
