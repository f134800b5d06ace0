import Glibc
package import Loop

/// A real server on a free port of loopback, with a folder of its own, for as long as this value is
/// held: the kernel tells it of our end, however we end.
@EventLoop
package final class ServerProcess {
    package let address: SocketAddress
    package let folder: String
    package let log = ProcessLog()
    private let user: String?
    private let lastSignal: Int32
    /// The first of them keeps the folder: when it is dropped, the folder goes.
    private var processes: [BoundProcess] = []
    private var ended = Waiter<Void>()

    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) { self.description = description }
    }

    /// - Parameters:
    ///   - user: whom it runs as and who owns the folder: neither PostgreSQL nor MariaDB runs as root.
    ///   - lastSignal: what ends it and its children at once, without care for its data.
    package init(user: String? = nil, lastSignal: Int32 = SIGKILL) throws {
        self.user = user
        self.lastSignal = lastSignal
        var template = Array("/tmp/healthgate-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(description: "no folder in /tmp") }
        folder = String(
            decoding: template.dropLast().map(UInt8.init(bitPattern:)),
            as: UTF8.self
        )
        // Some become another user by themselves.
        chmod(folder, 0o755)
        let port = try ServerProcess.freePort()
        guard let address = SocketAddress("127.0.0.1:\(port)") else {
            throw Failure(description: "no address for port \(port)")
        }
        self.address = address
        try own(folder)
    }

    isolated deinit {
        if let process, !process.hasExited { kill(process.pid, lastSignal) }
        for process in processes { process.stop() }
    }

    private var process: BoundProcess? { processes.last }

    package var port: Int { address.port ?? 0 }

    // MARK: Files and users

    /// Writes a file that belongs to the server's user alone, and tells its path.
    package func write(_ bytes: [UInt8], to name: String) async throws -> String {
        let path = "\(folder)/\(name)"
        try await Files.writeDurably(bytes, to: path)
        chmod(path, 0o600)
        try own(path)
        return path
    }

    /// Copies a certificate for the server's user, always to the same place.
    @discardableResult
    package func copy(_ tls: TLSSettings) async throws -> (certificate: String, key: String) {
        (
            try await write(try await Files.read(tls.certificate ?? "") ?? [], to: "server.pem"),
            try await write(try await Files.read(tls.key ?? "") ?? [], to: "server.key")
        )
    }

    private func own(_ path: String) throws {
        guard let user, getuid() == 0 else { return }
        guard let entry = getpwnam(user) else {
            throw Failure(description: "there is no user \(user)")
        }
        guard chown(path, entry.pointee.pw_uid, entry.pointee.pw_gid) == 0 else {
            throw Failure(description: "\(path) cannot be given to \(user)")
        }
    }

    private func asUser(_ argv: [String]) -> [String] {
        guard let user, getuid() == 0 else { return argv }
        return ["setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups"] + argv
    }

    /// Runs a command of the server's to its end, as its user.
    @discardableResult
    package func run(
        _ argv: [String],
        environment: [String: String] = [:]
    ) async throws -> String {
        let output = try await Subprocess.run(
            asUser(argv),
            environment: environment,
            directory: folder,
            until: .now + .seconds(60)
        )
        guard output.exit == .code(0) else {
            throw Failure(description: "\(argv.first ?? ""): \(output.exit)\n\(output.output)")
        }
        return output.output
    }

    // MARK: Starting and ending

    /// Starts it, and waits until it has said these words; without any, until it accepts.
    package func start(
        _ argv: [String],
        environment: [String: String] = [:],
        says words: String? = nil
    ) async throws {
        let log = log
        let before = words.map { words in log.lines.count { $0.contains(words) } }
        let ended = Waiter<Void>()
        self.ended = ended
        processes.append(
            try BoundProcess(
                asUser(argv),
                environment: environment,
                scratch: folder,
                onLine: { log.add($0) },
                onExit: {
                    // Whoever waits for a word of it is not left to wait.
                    log.add("ended with \($0)" + (words.map { ", instead of: \($0)" } ?? ""))
                    ended.fulfil(.success(()))
                }
            )
        )
        if let words, let before {
            try await log.says(words, times: before + 1)
        } else {
            try await accepts()
        }
        guard process?.hasExited == false else { throw notStarted }
    }

    private var notStarted: Failure {
        let last = lines.suffix(40).joined(separator: "\n")
        return Failure(description: "the server does not start:\n\(last)")
    }

    /// A server says in many ways that it is ready; this one most have in common.
    private func accepts() async throws {
        let deadline = Instant.now + .seconds(60)
        while true {
            if let stream = try? await ByteStream.connect(to: address, until: deadline) {
                return stream.close()
            }
            guard deadline > .now, process?.hasExited == false else { throw notStarted }
            try await EventLoop.sleep(for: .milliseconds(20))
        }
    }

    /// Ends it, at once or as it is told to, and waits for its end.
    package func stop(by signal: Int32 = SIGKILL) async throws {
        guard let process, !process.hasExited else { return }
        kill(process.pid, signal)
        kill(process.pid, SIGCONT)
        try await ended.wait(until: .now + .seconds(30), "wait for the end of the server")
    }

    /// It goes on listening and answers nothing, until it thaws or ends.
    package func freeze() { send(SIGSTOP) }

    package func thaw() { send(SIGCONT) }

    private func send(_ signal: Int32) {
        if let process, !process.hasExited { kill(process.pid, signal) }
    }

    // MARK: Words

    /// What it has written to its standard output and error.
    package var lines: [String] {
        process?.readAvailable()
        return log.lines
    }

    /// Lines from this one on that tell of something wrong.
    package func complaints(from line: Int, _ words: [String]) -> [String] {
        lines.dropFirst(line).filter { line in words.contains { line.contains($0) } }
    }

    /// Most servers cannot choose a port; one that was just free will do.
    package static func freePort() throws -> Int {
        guard let any = SocketAddress("127.0.0.1:0") else {
            throw Failure(description: "no 127.0.0.1")
        }
        let listener = try Listener(any) { $0.close() }
        defer { listener.close() }
        return listener.address.port ?? 0
    }
}
