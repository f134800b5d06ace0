import Loop
import Release
import Testing

@EventLoop
@Suite
struct `A host's commands` {
    private func runtime(
        pull: [String] = [],
        stop: [String] = [],
        version: [String] = [],
        within: Duration = .seconds(30),
        quietPull: Duration = .seconds(30),
        onLine: (@EventLoop (String) -> Void)? = nil
    ) -> CommandRuntime {
        CommandRuntime(
            .init(pull: pull, stop: stop, startProxy: [], startApps: [], version: version),
            limits: .init(within: within, quietPull: quietPull),
            onLine: onLine
        )
    }

    @Test func `are run without a shell, with the version in its place`() async throws {
        var lines: [String] = []
        let runtime = runtime(pull: ["echo", "image:{version}", "$HOME;"]) { lines.append($0) }
        try await runtime.pull("v2 beta")
        #expect(lines == ["image:v2 beta $HOME;"])
    }

    @Test func `tell the version that runs by their last line, and none by saying nothing`()
        async throws
    {
        let loud = runtime(version: ["printf", "warning\\n  v7 \\n\\n"])
        #expect(try await loud.running() == .version("v7"))
        #expect(try await runtime(version: ["true"]).running() == .none)
        #expect(try await runtime().running() == .untold)
    }

    @Test func `fail with what they said last`() async throws {
        let runtime = runtime(stop: ["sh", "-c", "echo one; echo two >&2; exit 3"])
        let error = await #expect(throws: RuntimeError.self) { try await runtime.stop("v2") }
        #expect(error?.description == "stop failed: exit code 3: two")
        #expect(error?.output == ["one", "two"])
    }

    @Test func `fail when they cannot be started`() async throws {
        let runtime = runtime(stop: ["/nonexistent/command"])
        let error = await #expect(throws: RuntimeError.self) { try await runtime.stop("v2") }
        #expect(error?.why.contains("/nonexistent/command") == true)
    }

    @Test func `are ended at their limit`() async throws {
        let runtime = runtime(stop: ["sleep", "60"], within: .milliseconds(100))
        let error = await #expect(throws: RuntimeError.self) { try await runtime.stop("v2") }
        #expect(error?.why == "not done in 100ms")
    }

    @Test func `are ended when a pull says nothing for too long`() async throws {
        let hanging = runtime(
            pull: ["sh", "-c", "echo layer 1; exec sleep 60"],
            quietPull: .milliseconds(200)
        )
        let error = await #expect(throws: RuntimeError.self) { try await hanging.pull("v2") }
        #expect(error?.why.contains("it said nothing for 200ms") == true)
    }

    @Test func `end with the release that is interrupted`() async throws {
        let runtime = runtime(stop: ["sh", "-c", "echo begun; exec sleep 60"])
        let task = EventLoop.task { try await runtime.stop("v2") }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
