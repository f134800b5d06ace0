import Glibc
package import Loop

/// A real sshd on loopback with keys of its own, which lets in whoever runs the test; and an ssh that
/// knows it and nothing of the user's own configuration.
@EventLoop
package final class SSHServer {
    package let port: UInt16
    /// ssh with the configuration that leads here.
    package let command: [String]
    private let folder: TemporaryFolder
    private let process: BoundProcess
    private let log: ServerLog

    package struct Failure: Error {
        package let output: String
    }

    package init() async throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        let path = { (name: String) in "\(folder.path)/\(name)" }
        for key in ["host", "user"] {
            let made = try await Subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path(key)],
                until: .now + .seconds(20)
            )
            guard made.exit == .code(0) else { throw Failure(output: made.output) }
        }
        guard let any = SocketAddress("127.0.0.1:0") else { throw Failure(output: "no address") }
        // sshd cannot choose a port; one that was just free will do.
        let free = try Listener(any) { $0.close() }
        port = UInt16(free.address.port ?? 0)
        free.close()
        let hostKey = try await text(path("host.pub"))
        try await write("[127.0.0.1]:\(port) \(hostKey)", to: path("known"))
        try await write(try await text(path("user.pub")), to: path("authorized"))
        try await write(
            """
            Port \(port)
            ListenAddress 127.0.0.1
            HostKey \(path("host"))
            AuthorizedKeysFile \(path("authorized"))
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            LogLevel VERBOSE

            """,
            to: path("sshd_config")
        )
        try await write(
            """
            IdentityFile \(path("user"))
            IdentitiesOnly yes
            UserKnownHostsFile \(path("known"))
            GlobalKnownHostsFile /dev/null
            StrictHostKeyChecking yes

            """,
            to: path("ssh_config")
        )
        command = ["ssh", "-F", path("ssh_config")]
        // Debian makes it when the service starts, which it does not here.
        if getuid() == 0 { mkdir("/run/sshd", 0o755) }
        let log = ServerLog()
        self.log = log
        process = try BoundProcess(
            ["/usr/sbin/sshd", "-D", "-e", "-f", path("sshd_config")],
            scratch: path("scratch"),
            onLine: { log.add($0) },
            onExit: { log.add("sshd ended with \($0)") }
        )
        try await log.says("Server listening on")
    }

    /// - Parameter user: by default the one that is let in.
    package func url(user: String? = nil) -> String {
        "ssh://\(user.map { "\($0)@" } ?? "")127.0.0.1:\(port)"
    }

    /// Waits until sshd has said these words, `count` times.
    package func says(
        _ words: String,
        times count: Int = 1,
        within limit: Duration = .seconds(30)
    ) async throws {
        try await log.says(words, times: count, within: limit)
    }

    /// Ends all sessions at once, as a link that breaks does.
    package func endSessions() {
        for name in names(of: "/proc") {
            guard let child = pid_t(name), isSession(child) else { continue }
            kill(child, SIGKILL)
        }
    }

    /// Not the guard that ends sshd with us, which is its child too.
    private func isSession(_ child: pid_t) -> Bool {
        guard let file = fopen("/proc/\(child)/stat", "r") else { return false }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 512)
        guard fgets(&line, 512, file) != nil else { return false }
        let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
        let fields = text.split(separator: " ")  // PID (NAME) STATE PARENT …
        return fields.count > 3 && fields[1] == "(sshd)" && pid_t(fields[3]) == process.pid
    }

    private func names(of path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                }
            )
        }
        return names
    }
}

private func text(_ path: String) async throws -> String {
    String(decoding: try await Files.read(path) ?? [], as: UTF8.self)
}

private func write(_ text: String, to path: String) async throws {
    try await Files.writeDurably(Array(text.utf8), to: path)
}
