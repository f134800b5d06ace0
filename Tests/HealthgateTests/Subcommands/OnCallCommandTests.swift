import Glibc
import HTTP
import Loop
import TestSupport
import Testing

/// The program itself, asked by whoever is woken up.
@EventLoop
@Suite(.timeLimit(.minutes(2))) struct `The on-call commands` {
    /// A gateway whose one app is up while the file `up` is there.
    @EventLoop
    private final class Served {
        let folder: TemporaryFolder
        let url: String
        private let child: ChildProcess

        init() async throws {
            folder = try TemporaryFolder()
            url = "unix:\(folder.path)/admin.sock"
            let file = "\(folder.path)/gateway.yaml"
            let text = """
                host: east-1
                listen: { health: 127.0.0.1:0, admin: "unix:\(folder.path)/admin.sock" }
                state_dir: \(folder.path)/state
                apps:
                  web:
                    check: "exec:"
                    command: [sh, -c, "test -e \(folder.path)/up || exit 2"]
                    interval: 200ms
                    down_interval: 200ms
                    rise: 1
                    fall: 1
                """
            try await Files.writeDurably(Array(text.utf8), to: file)
            child = try ChildProcess(
                [try programBesideTests(), "serve", "--config", file],
                log: "\(folder.path)/log"
            )
        }

        func set(up: Bool) async throws {
            let file = "\(folder.path)/up"
            if up { try await Files.writeDurably([], to: file) } else { unlink(file) }
        }

        func ask(_ words: String...) async throws -> Subprocess.Output {
            try await healthgate(words + ["--admin", url])
        }

        /// Asks until it ends with that code.
        func status(_ code: Int32, _ words: String...) async throws -> String {
            let deadline = Instant.now + .seconds(20)
            var last: Subprocess.Output
            repeat {
                last = try await healthgate(["status", "--admin", url] + words)
                if last.exit == .code(code) { return last.output }
                try await EventLoop.sleep(for: .milliseconds(50))
            } while .now < deadline
            throw LoopError(.timedOut, "\(last.exit): \(last.output)")
        }

        func end() async throws {
            child.signal(SIGTERM)
            _ = try await child.exit(until: .now + .seconds(20))
            for name in ["drain.json", "drain.json.new"] { unlink("\(folder.path)/state/\(name)") }
            rmdir("\(folder.path)/state")
        }
    }

    @Test func `say what the page says, and end with its verdict`() async throws {
        let served = try await Served()
        try await served.set(up: true)
        let up = try await served.status(0)
        #expect(up.hasPrefix("east-1 is UP, edges get 200 for "), "\(up)")
        #expect(try await served.status(0, "--json").contains(#""verdict":"up""#))
        try await served.set(up: false)
        let down = try await served.status(2)
        #expect(down.hasPrefix("east-1 is DOWN, edges get 503 for "), "\(down)")
        let tree = try await served.ask("explain", "web")
        #expect(tree.exit == .code(2))
        #expect(tree.output.contains("makes the host down"), "\(tree.output)")
        #expect(tree.output.contains("app web"), "\(tree.output)")
        #expect(!tree.output.contains("host: "), "\(tree.output)")
        let json = try await served.ask("explain", "--json")
        #expect(json.output.hasPrefix(#"{"explanation":["host: down"#), "\(json.output)")
        let nobody = try await served.ask("explain", "we b&")
        #expect(nobody.exit == .code(3))
        #expect(nobody.output.contains("404: no app or check is called we b&: web"))
        #expect(try await served.ask("healthcheck").exit == .code(0))
        #expect(try await served.ask("healthcheck", "--ready").exit == .code(1))
        let history = try await served.ask("history")
        #expect(history.output.contains(" verdict: scope host, from up, to down, cause "))
        #expect(try await served.ask("events", "--json").output.hasPrefix(#"[{"n":1,"#))
        try await served.end()
        let gone = try await served.ask("status")
        #expect(gone.exit == .code(3))
        #expect(gone.output.hasPrefix("\(served.url) does not answer: "), "\(gone.output)")
        #expect(try await served.ask("healthcheck").exit == .code(1))
    }

    @Test func `hold and release the drain, each owner its own`() async throws {
        let served = try await Served()
        try await served.set(up: true)
        _ = try await served.status(0)
        let mine = try await served.ask("drain", "--reason", "new disk", "--owner", "ann")
        #expect(mine.exit == .code(0))
        #expect(mine.output.hasPrefix("DRAINED. Behind the drain it is up\n"), "\(mine.output)")
        #expect(mine.output.contains("ann"))
        #expect(mine.output.contains("new disk"))
        let hers = try await served.ask("drain", "--reason", "x", "--owner", "bea&c", "--json")
        #expect(hers.output.contains(#""owner":"bea&c""#), "\(hers.output)")
        #expect(try await served.status(2).contains("is DRAINING"))
        let left = try await served.ask("undrain", "--owner", "ann")
        #expect(left.exit == .code(0))
        #expect(left.output.contains("bea&c"))
        #expect(!left.output.contains("ann"))
        let free = try await served.ask("undrain", "--owner", "bea&c")
        #expect(free.output == "not drained\n")
        _ = try await served.status(0)
        let wrong = try await served.ask("drain", "--reason", "x", "--owner", "a b")
        #expect(wrong.exit == .code(2))
        #expect(wrong.output.contains("answers 400: the owner must be"), "\(wrong.output)")
        try await served.end()
    }

    @Test func `follow each change, and tell when the gateway is gone`() async throws {
        let served = try await Served()
        try await served.set(up: true)
        _ = try await served.status(0)
        let lines = LineWait()
        let watch = [try programBesideTests(), "status", "--watch", "--admin", served.url]
        let running = EventLoop.task {
            try await Subprocess.run(watch, until: .now + .seconds(60)) { lines.came($0) }
        }
        defer { running.cancel() }
        _ = try await lines.first("east-1 is UP")
        try await served.set(up: false)
        _ = try await lines.first(" verdict: scope host, from up, to down")
        try await served.end()
        _ = try await lines.first(" stopping")
        _ = try await lines.first("\(served.url) has ended the events")
    }

    @Test(arguments: [(80, 12), (140, 12)])
    func `draw the page into the window there is`(columns: Int, rows: Int) async throws {
        let served = try await Served()
        _ = try await served.status(2)
        let lines = LineWait()
        let command =
            "stty cols \(columns) rows \(rows); exec "
            + "\(try programBesideTests()) status --watch --admin \(served.url)"
        let running = EventLoop.task {
            try await Subprocess.run(
                ["script", "-qec", command, "/dev/null"],
                environment: ["TERM": "xterm", "SHELL": "/bin/sh"],
                until: .now + .seconds(60)
            ) { lines.came($0) }
        }
        defer { running.cancel() }
        let first = try await lines.first("east-1 is DOWN")
        #expect(first.hasPrefix("\u{1b}[2J\u{1b}[Heast-1 is DOWN, edges get 503 for "), "\(first)")
        let bare = first.replacing("\u{1b}[2J", with: "").replacing("\u{1b}[H", with: "")
            .replacing("\u{1b}[K", with: "").replacing("\r", with: "")
        #expect(bare.count <= columns && bare.count > columns - 40, "\(bare)")
        _ = try await lines.first("0 of 1 checks up")
        try await served.end()
        _ = try await lines.first("NO ANSWER for ")
        _ = try await lines.first("BEFORE THAT: east-1 is DOWN")
    }

    @Test func `end with 64 for a wrong address or half a certificate`() async throws {
        let url = try await healthgate(["status", "--admin", "east-1"])
        #expect(url.exit == .code(64))
        #expect(url.output.contains(#"--admin: "east-1" is no URL such as"#), "\(url.output)")
        let pair = try await healthgate(["status", "--admin", "https://a:1", "--cert", "c.pem"])
        #expect(pair.exit == .code(64))
        #expect(pair.output.contains("--cert and --key: give both"))
        let token = try await healthgate(["status", "--token-file", "/nowhere"])
        #expect(token.exit == .code(64))
        #expect(token.output.contains("token file /nowhere does not exist"), "\(token.output)")
    }
}

/// What a program prints, line by line.
@EventLoop
private final class LineWait {
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
