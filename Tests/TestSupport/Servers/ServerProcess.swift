import Glibc
package import Loop

/// A real server on a free port of loopback, with a folder of its own, for as long as this value is
/// held: the kernel tells it of our end, however we end.
@EventLoop
package final class ServerProcess {
    package let address: SocketAddress
    package let folder: String
    private let root: TemporaryFolder
    private let process: BoundProcess
    private let log: ProcessLog
    private let end: Waiter<Subprocess.Exit>

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Parameters:
    ///   - port: by default a free one.
    ///   - argv: makes the command out of the port and the folder.
    package init(
        port: Int? = nil,
        environment: (Int, String) -> [String: String] = { _, _ in [:] },
        _ argv: (Int, String) -> [String]
    ) async throws {
        let port = try port ?? ServerProcess.freePort()
        guard let address = SocketAddress("127.0.0.1:\(port)") else {
            throw Failure(description: "no address for port \(port)")
        }
        self.address = address
        root = try TemporaryFolder()
        folder = "\(root.path)/data"
        // Not all servers run as who started them.
        chmod(root.path, 0o755)
        mkdir(folder, 0o777)
        let log = ProcessLog()
        self.log = log
        let end = Waiter<Subprocess.Exit>()
        self.end = end
        process = try BoundProcess(
            argv(port, folder),
            environment: environment(port, folder),
            scratch: folder,
            onLine: { log.add($0) },
            onExit: { exit in
                log.add("ended with \(exit)")
                end.fulfil(.success(exit))
            }
        )
        try await accepts()
    }

    /// What it has written to its standard output and error.
    package var lines: [String] {
        process.readAvailable()
        return log.lines
    }

    package func says(_ words: String, within limit: Duration = .seconds(30)) async throws {
        try await log.says(words, within: limit)
    }

    package var port: Int { address.port ?? 0 }

    /// Ends it at once and waits for its end.
    package func stop() async throws {
        if !process.hasExited { kill(process.pid, SIGKILL) }
        process.stop()
        _ = try await end.wait(until: .now + .seconds(20), "see the server end")
    }

    /// It goes on listening and answers nothing, until it thaws or ends.
    package func freeze() { if !process.hasExited { kill(process.pid, SIGSTOP) } }

    /// A server says in many ways that it is ready; this one they have in common.
    private func accepts() async throws {
        let deadline = Instant.now + .seconds(60)
        while true {
            if let stream = try? await ByteStream.connect(to: address, until: deadline) {
                return stream.close()
            }
            guard deadline > .now, !process.hasExited else {
                let last = lines.suffix(30).joined(separator: "\n")
                throw Failure(description: "the server does not start:\n\(last)")
            }
            try await EventLoop.sleep(for: .milliseconds(20))
        }
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
