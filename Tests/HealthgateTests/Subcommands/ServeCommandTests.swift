import Glibc
import HTTP
import Loop
import TestSupport
import Testing

/// The program itself, as a service manager runs it.
@EventLoop
@Suite(.timeLimit(.minutes(1)))
struct `The command serve` {
    private func write(_ text: String, to path: String) async throws {
        try await Files.writeDurably(Array(text.utf8), to: path)
    }

    @Test func `refuses to start where others reach the admin port and nobody is named`()
        async throws
    {
        let folder = try TemporaryFolder()
        let file = "\(folder.path)/gateway.yaml"
        try await write(
            """
            listen: { health: 127.0.0.1:0, admin: 0.0.0.0:0 }
            state_dir: \(folder.path)/state
            apps: { a: { check: http://127.0.0.1:1/, through: none } }
            """,
            to: file
        )
        let output = try await healthgate(["serve", "--config", file])
        #expect(output.exit == .code(1))
        #expect(output.output.contains("which others can reach: set a token"), "\(output.output)")
        rmdir("\(folder.path)/state")
    }

    @Test func `takes a new token by SIGHUP`() async throws {
        let folder = try TemporaryFolder()
        let file = "\(folder.path)/gateway.yaml"
        let socket = "\(folder.path)/admin.sock"
        let token = "\(folder.path)/token"
        try await write("first-secret\n", to: token)
        try await write(
            """
            listen: { health: 127.0.0.1:0, admin: "unix:\(socket)" }
            state_dir: \(folder.path)
            admin: { change_token_file: \(token) }
            apps: { a: { check: http://127.0.0.1:1/, through: none } }
            """,
            to: file
        )
        let lines = Lines()
        // The shell becomes the gateway, so that its number is the gateway's.
        let command = "echo pid $$; exec \(try programBesideTests()) serve --config \(file)"
        let running = EventLoop.task {
            try await Subprocess.run(
                ["/bin/sh", "-c", command],
                until: .now + .seconds(50),
                onLine: { lines.came($0) }
            )
        }
        defer { running.cancel() }
        let pid = try #require(Int32(try await lines.first("pid ").dropFirst("pid ".count)))
        _ = try await lines.first("event=started")
        let client = HTTPClient(Endpoint(.unix(socket)))
        func status(_ token: String) async throws -> Int {
            let headers: HTTPHeaders = ["authorization": "Bearer \(token)"]
            let request = HTTPRequest("POST", "/healthcheck/fail", headers: headers)
            return try await client.send(request, until: .now + .seconds(5)).status
        }
        #expect(try await status("first-secret") == 200)
        #expect(try await status("second-secret") == 403)
        try await write("second-secret\n", to: token)
        kill(pid, SIGHUP)
        _ = try await lines.first("event=reload")
        #expect(try await status("first-secret") == 403)
        #expect(try await status("second-secret") == 200)
        kill(pid, SIGTERM)
        #expect(try await running.value.exit == .code(0))
    }
}

/// What a program prints, line by line.
@EventLoop
private final class Lines {
    private var all: [String] = []
    private var wanted: (word: String, waiter: Waiter<String>)?

    func came(_ line: String) {
        all.append(line)
        if let wanted, line.contains(wanted.word) { wanted.waiter.fulfil(.success(line)) }
    }

    /// The first line with that word.
    func first(_ word: String) async throws -> String {
        if let line = all.first(where: { $0.contains(word) }) { return line }
        let waiter = Waiter<String>()
        wanted = (word, waiter)
        return try await waiter.wait(until: .now + .seconds(20), "read a line with \(word)")
    }
}
