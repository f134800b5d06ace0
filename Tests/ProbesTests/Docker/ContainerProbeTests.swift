import Glibc
import HTTP
import Health
import Loop
import Probes
import TestSupport
import Testing

@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `A container probe` {
    private let folder: TemporaryFolder
    private let engine = App()

    init() throws { folder = try TemporaryFolder() }

    private var socket: String { "\(folder.path)/docker.sock" }

    private func probe(_ name: String = "app1", until deadline: Instant = soon()) async -> Outcome {
        let target = ProbeTarget(.docker(.init(name, socket: socket)))
        let probe = AnyProbe.make(target)
        defer { probe.close() }
        return await probe.run(until: deadline)
    }

    private func serve() throws -> HTTPServer {
        try HTTPServer(.unix(socket), handler: engine)
    }

    @Test func `asks the Engine over its socket`() async throws {
        let server = try serve()
        defer { withExtendedLifetime(server) {} }
        let state = "\"Status\":\"running\",\"Running\":true"
        engine.response = HTTPResponse(200, body: Array(containerJSON(state).utf8))
        let outcome = await probe()
        #expect(outcome.result == .up, "\(outcome)")
        #expect(outcome.detail == "running, no health check, 0 restarts")
        #expect(engine.last?.path == "/containers/app1/json")
        #expect(outcome.phases.map(\.name) == [.connect, .query])
    }

    @Test(arguments: [
        (
            404, "{\"message\":\"No such container: app1\"}", Reason.status,
            "there is no container app1"
        ),
        (500, "{\"message\":\"oh\\nno\"}", .status, "the Docker Engine answered 500: oh\\nno"),
        (503, "busy", .status, "the Docker Engine answered 503: busy"),
        (200, "hello", .protocol, "the answer is not that of a Docker Engine: \"hello\""),
    ])
    func `tells what the Engine says else`(
        status: Int,
        body: String,
        reason: Reason,
        words: String
    ) async throws {
        let server = try serve()
        defer { withExtendedLifetime(server) {} }
        engine.response = HTTPResponse(status, body: Array(body.utf8))
        let failure = await probe().failure
        #expect(failure == Outcome.Failure(reason, words))
    }

    @Test func `says why the Engine cannot be asked`() async throws {
        let missing = await probe().failure
        #expect(missing?.reason == .refused)
        #expect(missing?.text.contains("No such file or directory") == true)
        var server: HTTPServer? = try serve()
        engine.isSilent = true
        #expect(await probe(until: shortly()).failure?.reason == .timeout)
        await server?.close(within: .zero)
        server = nil
        let gone = await probe().failure
        #expect(gone?.reason == .refused)
    }
}

/// The Engine itself, where it is installed and this machine lets it run.
@EventLoop
@Suite(.timeLimit(.minutes(2)))
struct `A container probe of a real Engine` {
    @Test func `tells how containers are`() async throws {
        let engine = try await DockerEngine()
        do {
            try await tell(engine)
        } catch {
            await engine.stop()
            throw error
        }
        await engine.stop()
    }

    private func tell(_ engine: DockerEngine) async throws {
        let look = { (name: String) in
            let target = ProbeTarget(.docker(.init(name, socket: engine.socket)))
            let probe = AnyProbe.make(target)
            defer { probe.close() }
            return await probe.run(until: soon())
        }
        #expect(await look("none").failure?.text == "there is no container none")
        try await engine.run("plain", "sleep 600")
        #expect(await look("plain").result == .up)
        #expect(await look("plain").detail == "running, no health check, 0 restarts")
        try await engine.run("crash", "exit 7")
        var crash = await look("crash")
        while crash.passed { crash = await look("crash") }
        #expect(crash.failure?.text == "exited with exit code 7")
        try await engine.docker("create", "--name", "new", DockerEngine.image, "/bin/sh")
        #expect(await look("new").failure?.text == "created and never started")
        try await engine.docker("pause", "plain")
        #expect(await look("plain").failure?.text == "paused")
        let check = [
            "--health-cmd", "/bin/sh -c 'echo sick; exit 1'", "--health-interval", "100ms",
        ]
        try await engine.run("sick", "sleep 600", check + ["--health-retries", "2"])
        var sick = await look("sick")
        let first = sick.failure?.reason
        #expect(first == .starting || first == .notServing, "\(sick)")
        let deadline = soon()
        while sick.failure?.reason != .notServing, deadline > .now { sick = await look("sick") }
        #expect(sick.failure?.text.hasPrefix("unhealthy, ") == true, "\(sick)")
        #expect(sick.failure?.text.hasSuffix(" failures in a row: sick") == true, "\(sick)")
        try await engine.run(
            "well",
            "sleep 600",
            ["--health-cmd", "/bin/sh -c :", "--health-interval", "100ms"]
        )
        var well = await look("well")
        while !well.passed, deadline > .now { well = await look("well") }
        #expect(well.detail == "running, healthy, 0 restarts")
    }
}
