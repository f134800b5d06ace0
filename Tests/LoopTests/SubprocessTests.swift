import Glibc
import Loop
import Testing

@EventLoop
@Suite struct `A subprocess` {
    let soon = Instant.now + .seconds(20)

    @Test func `gives its exit code and what it printed to both streams`() async throws {
        let done = try await Subprocess.run(
            ["sh", "-c", "echo out; echo err >&2; exit 3"],
            until: soon
        )
        #expect(done.exit == .code(3))
        #expect(done.output == "out\nerr\n")
    }

    @Test func `tells of the signal that ended it`() async throws {
        let done = try await Subprocess.run(["sh", "-c", "kill -15 $$"], until: soon)
        #expect(done.exit == .signal(SIGTERM))
    }

    @Test func `that does not exist is refused with its name`() async {
        await #expect {
            try await Subprocess.run(["/no/such/command"], until: soon)
        } throws: {
            "\($0)".contains("/no/such/command: No such file")
        }
    }

    @Test func `is killed with its whole group at the deadline`() async throws {
        let done = try await Subprocess.run(
            ["sh", "-c", "sleep 600 & echo $!; wait"],
            until: .now + .milliseconds(300)
        )
        #expect(done.exit == .timedOut)
        let helper = try #require(pid_t(done.output.filter(\.isNumber)))
        #expect(await hasEnded(helper))
    }

    @Test func `is killed when its task is cancelled`() async throws {
        let told = Waiter<pid_t>()
        let task = EventLoop.task { [soon] in
            try await Subprocess.run(["sh", "-c", "echo $$; exec sleep 600"], until: soon) {
                told.fulfil(.success(pid_t($0) ?? 0))
            }
        }
        let pid = try await told.wait(until: soon, "hear of the process")
        task.cancel()
        await #expect(throws: LoopError.cancelled) { try await task.value }
        #expect(await hasEnded(pid))
    }

    @Test func `keeps only the last 64 KiB of a flood`() async throws {
        let done = try await Subprocess.run(
            ["sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x; echo end"],
            until: soon
        )
        #expect(done.output.utf8.count == 64 << 10)
        #expect(done.output.hasSuffix("xend\n"))
    }

    @Test func `tells each line as it comes, also an unfinished last one`() async throws {
        var lines: [String] = []
        _ = try await Subprocess.run(["printf", "a\\n\\nb"], until: soon) { lines.append($0) }
        #expect(lines == ["a", "", "b"])
    }

    @Test func `is not waited for once it has ended, though its helper holds the pipe`()
        async throws
    {
        let done = try await Subprocess.run(["sh", "-c", "sleep 600 & echo $!"], until: soon)
        #expect(done.exit == .code(0))
        let helper = try #require(pid_t(done.output.filter(\.isNumber)))
        #expect(kill(helper, SIGKILL) == 0)
    }

    @Test func `gets our environment with additions, its folder, and no other descriptor`()
        async throws
    {
        let script = "echo $ADDED; test -n \"$PATH\" && pwd; ls /proc/self/fd | wc -w"
        let done = try await Subprocess.run(
            ["sh", "-c", script],
            environment: ["ADDED": "yes"],
            directory: "/usr",
            until: soon
        )
        // 0, 1, 2 and the one that ls itself reads the folder by.
        #expect(done.output == "yes\n/usr\n4\n")
    }

    @Test func `leaves no pipe open, started or not`() async throws {
        // Tests run beside each other in this process, so only a growth by each run counts.
        let before = try pipes()
        for _ in 0..<40 { _ = try? await Subprocess.run(["/no/such/command"], until: soon) }
        for _ in 0..<40 { _ = try await Subprocess.run(["true"], until: soon) }
        #expect(try pipes() < before + 40)
    }

    private func pipes() throws -> Int {
        let folder = try #require(opendir("/proc/self/fd"))
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            var link = [CChar](repeating: 0, count: 64)
            readlink("/proc/self/fd/\(name)", &link, link.count - 1)
            if link.starts(with: "pipe:".utf8.map { CChar($0) }) { count += 1 }
        }
        return count
    }

    private func hasEnded(_ pid: pid_t) async -> Bool {
        // An orphan is reaped by init, which takes a moment that no event tells us of.
        for _ in 0..<500 {
            let state = try? await Files.read("/proc/\(pid)/stat")
            guard let state, let mark = state.lastIndex(of: UInt8(ascii: ")")) else { return true }
            if state[(mark + 2)...].first == UInt8(ascii: "Z") { return true }
            try? await EventLoop.sleep(for: .milliseconds(10))
        }
        return false
    }
}
