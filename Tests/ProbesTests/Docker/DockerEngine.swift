import Glibc
import Loop
import TestSupport

/// A Docker Engine of the test's own, with an image of a shell and `sleep`.
@EventLoop
final class DockerEngine {
    nonisolated static let image = "shell"
    let socket: String
    private let folder: TemporaryFolder
    private let process: ChildProcess

    struct Failure: Error {
        let words: String
    }

    init() async throws {
        folder = try TemporaryFolder()
        socket = "\(folder.path)/docker.sock"
        process = try ChildProcess(
            [
                "dockerd", "--data-root", "\(folder.path)/data", "--exec-root",
                "\(folder.path)/exec",
                "--pidfile", "\(folder.path)/pid", "-H", "unix://\(socket)", "--bridge=none",
                "--iptables=false",
            ],
            log: "\(folder.path)/log"
        )
        let deadline = Instant.now + .seconds(40)
        while (try? await docker("version")) == nil {
            guard deadline > .now, !process.hasExited else {
                let log = try await Files.read("\(folder.path)/log") ?? []
                await stop()
                throw Failure(words: String(String(decoding: log, as: UTF8.self).suffix(2000)))
            }
            try await EventLoop.sleep(for: .milliseconds(50))
        }
        // FROM scratch: the shell, what it runs, and the libraries of both.
        let pack = """
            set -e; cd /
            files="$(readlink -f /bin/sh) $(readlink -f /bin/sleep)"
            tar --create --dereference --transform "s,.*/dash$,bin/sh," /bin/sleep $files \
                $(ldd $files | grep -o '/[^ ]*\\.so[^ ]*' | sort -u) |
                docker -H unix://\(socket) import - \(Self.image)
            """
        try await shell(pack)
    }

    @discardableResult
    func docker(_ arguments: String...) async throws -> String {
        try await command(["docker", "-H", "unix://\(socket)"] + arguments)
    }

    func run(_ name: String, _ script: String, _ options: [String] = []) async throws {
        let head = ["docker", "-H", "unix://\(socket)", "run", "--detach", "--network", "none"]
        try await command(
            head + ["--name", name] + options + [Self.image, "/bin/sh", "-c", script]
        )
    }

    /// Ends the containers, the Engine, and what they leave mounted.
    func stop() async {
        _ = try? await shell(
            "docker -H unix://\(socket) ps -aq | xargs -r docker -H unix://\(socket) rm -f"
        )
        process.signal(SIGTERM)
        _ = try? await process.exit(until: .now + .seconds(15))
        process.signalGroup(SIGKILL)
        _ = try? await shell(
            """
            grep -o '\(folder.path)/[^ ]*' /proc/mounts | sort -r | xargs -r -n 1 umount -l
            rm -rf '\(folder.path)/data' '\(folder.path)/exec'
            """
        )
    }

    private func shell(_ script: String) async throws {
        try await command(["sh", "-c", script])
    }

    @discardableResult
    private func command(_ argv: [String]) async throws -> String {
        let done = try await Subprocess.run(argv, until: .now + .seconds(30))
        guard done.exit == .code(0) else { throw Failure(words: "\(argv): \(done.output)") }
        return done.output
    }
}
