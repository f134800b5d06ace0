import Glibc
import Health
import Loop
import Probes
import TestSupport
import Testing

@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `A command probe` {
    private func run(_ script: String, until deadline: Instant = soon()) async -> Outcome {
        let probe = AnyProbe.make(ProbeTarget(.exec(["sh", "-c", script])))
        return await probe.run(until: deadline)
    }

    @Test(
        arguments: [
            ("echo OK; echo more", .up, "OK"),
            ("exit 0", .up, ""),
            ("echo; echo '  '; echo later >&2; exit 1", .degraded("exit code 1: later"), "later"),
            ("echo bad; exit 2", failed(.status, "exit code 2: bad"), "bad"),
            ("exit 3", failed(.internal, "exit code 3"), ""),
            ("exit 127", failed(.status, "exit code 127"), ""),
            ("kill -9 $$", failed(.status, "killed by signal 9"), ""),
            ("printf 'a\\033[2Jb\\n'", .up, "a\\u{1B}[2Jb"),
        ] as [(String, Outcome.Result, String)]
    )
    func `takes the exit code for its word and shows the first line`(
        script: String,
        result: Outcome.Result,
        line: String
    ) async {
        let outcome = await run(script)
        #expect(outcome.result == result)
        #expect(outcome.detail == line)
    }

    private nonisolated static func failed(_ reason: Reason, _ words: String) -> Outcome.Result {
        .failed(Outcome.Failure(reason, words))
    }

    @Test func `shows the beginning of what never ends`() async {
        let outcome = await run("head -c 1000000 /dev/zero | tr '\\0' x; echo; echo second")
        #expect(outcome.result == .up)
        #expect(outcome.detail == String(repeating: "x", count: 200) + "…")
    }

    @Test func `gives each argument as it is`() async {
        let target = ProbeTarget(.exec(["printf", "%s|", "a b", "$HOME", "", "'"]))
        #expect(await AnyProbe.make(target).run(until: soon()).detail == "a b|$HOME||'|")
        #expect(target.description == "exec:printf")
    }

    @Test func `does not know when there is no such program`() async {
        let target = ProbeTarget(.exec(["/no/such/program"]))
        let failure = await AnyProbe.make(target).run(until: soon()).failure
        #expect(failure?.reason == .internal)
        #expect(failure?.text == "start /no/such/program: No such file or directory")
    }

    @Test func `kills the command with all it has started when time is over`() async throws {
        let folder = try TemporaryFolder()
        let file = "\(folder.path)/pids"
        let script = "sleep 600 & echo $! > \(file).new; mv \(file).new \(file); echo busy; wait"
        let probe = AnyProbe.make(ProbeTarget(.exec(["sh", "-c", script])))
        var patience = Duration.milliseconds(100)
        var outcome = await probe.run(until: .now + patience)
        while try await Files.read(file) == nil {
            // On a busy machine it had not come so far.
            patience *= 2
            outcome = await probe.run(until: .now + patience)
        }
        #expect(outcome.failure?.reason == .timeout)
        #expect(outcome.failure?.text.hasPrefix("killed at its deadline") == true)
        let pid = try #require(
            pid_t(
                String(decoding: try await Files.read(file) ?? [], as: UTF8.self).filter(\.isNumber)
            )
        )
        #expect(await hasEnded(pid))
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
