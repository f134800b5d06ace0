import Glibc
package import Loop

/// A real database server in a folder of its own, which runs as the user that its package made for
/// it: neither PostgreSQL nor MariaDB runs as root.
@EventLoop
package final class DatabaseProcess {
    package let folder: String
    package let address: SocketAddress
    package let log = ProcessLog()
    private let user: String
    private let lastSignal: Int32
    /// The first of them keeps the folder: when it is dropped, the folder goes.
    private var processes: [BoundProcess] = []
    private var ended = Waiter<Void>()

    package struct Failure: Error {
        package let output: String
    }

    /// - Parameters:
    ///   - user: who owns the folder.
    ///   - lastSignal: what ends the server and its children at once.
    package init(user: String, lastSignal: Int32) throws {
        self.user = user
        self.lastSignal = lastSignal
        var template = Array("/tmp/healthgate-test-\(user)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(output: "no folder in /tmp") }
        folder = String(
            decoding: template.dropLast().map(UInt8.init(bitPattern:)),
            as: UTF8.self
        )
        guard let any = SocketAddress("127.0.0.1:0") else { throw Failure(output: "no address") }
        // Neither server can choose a port; one that was just free will do.
        let free = try Listener(any) { $0.close() }
        address = free.address
        free.close()
        try own(folder)
    }

    /// At once, without the care that a database takes of its data: nobody needs it any more.
    isolated deinit {
        if let process, !process.hasExited { kill(process.pid, lastSignal) }
        for process in processes { process.stop() }
    }

    private var process: BoundProcess? { processes.last }

    package var port: UInt16 { UInt16(address.port ?? 0) }

    /// Writes a file that belongs to the server's user alone, and tells its path.
    package func write(_ bytes: [UInt8], to name: String) async throws -> String {
        let path = "\(folder)/\(name)"
        try await Files.writeDurably(bytes, to: path)
        chmod(path, 0o600)
        try own(path)
        return path
    }

    /// Copies a certificate for the server's user, always to the same place.
    package func copy(_ tls: TLSSettings) async throws -> (certificate: String, key: String) {
        (
            try await write(try await Files.read(tls.certificate ?? "") ?? [], to: "server.pem"),
            try await write(try await Files.read(tls.key ?? "") ?? [], to: "server.key")
        )
    }

    private func own(_ path: String) throws {
        guard getuid() == 0 else { return }
        guard let entry = getpwnam(user) else { throw Failure(output: "there is no user \(user)") }
        guard chown(path, entry.pointee.pw_uid, entry.pointee.pw_gid) == 0 else {
            throw Failure(output: "\(path) cannot be given to \(user)")
        }
    }

    private func asUser(_ argv: [String]) -> [String] {
        guard getuid() == 0 else { return argv }
        return ["setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups"] + argv
    }

    /// Runs a command of the server's to its end, as its user.
    @discardableResult
    package func run(_ argv: [String]) async throws -> String {
        let output = try await Subprocess.run(
            asUser(argv),
            directory: folder,
            until: .now + .seconds(60)
        )
        guard output.exit == .code(0) else {
            throw Failure(output: "\(argv.first ?? ""): \(output.exit)\n\(output.output)")
        }
        return output.output
    }

    /// Starts the server, and waits until it has said so.
    package func start(_ argv: [String], says words: String) async throws {
        let log = log
        let before = log.lines.count { $0.contains(words) }
        let ended = Waiter<Void>()
        self.ended = ended
        processes.append(
            try BoundProcess(
                asUser(argv),
                scratch: folder,
                onLine: { log.add($0) },
                onExit: {
                    // Whoever waits for a word of it is not left to wait.
                    log.add("\(argv[0]) ended with \($0), instead of: \(words)")
                    ended.fulfil(.success(()))
                }
            )
        )
        try await log.says(words, times: before + 1)
        guard process?.hasExited == false else {
            throw Failure(output: log.lines.suffix(40).joined(separator: "\n"))
        }
    }

    /// Ends the server, and waits for that.
    package func stop(by signal: Int32 = SIGINT) async throws {
        guard let process, !process.hasExited else { return }
        kill(process.pid, signal)
        try await ended.wait(until: .now + .seconds(30), "wait for the end of the server")
    }

    /// Lines of the log from this one on that tell of something wrong.
    package func complaints(from line: Int, _ words: [String]) -> [String] {
        log.lines.dropFirst(line).filter { line in words.contains { line.contains($0) } }
    }
}
