import Glibc
import HTTP
import Loop
import TestSupport
import Testing

/// The program itself, at its outer edge.
@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `A release command` {
    private let folder: TemporaryFolder
    private let soon = Instant.now + .seconds(30)

    init() throws { folder = try TemporaryFolder() }

    private func plan(admin: String, gateway: String) async throws -> String {
        let path = "\(folder.path)/release.yaml"
        let text = """
            release: shop
            fronts: [ { name: edge, admin: \(admin) } ]
            hosts:
              a: { site: s, address: 127.0.0.1:1, gateway: \(gateway) }
            guard: { min_available: 0 }
            runtime:
              command:
                pull: ["true", "{version}"]
                stop: ["true"]
                start_proxy: ["true"]
                start_apps: ["true"]
                version: ["true"]
            """
        try await Files.writeDurably(Array(text.utf8), to: path)
        return path
    }

    @Test func `ends with 64 when a certificate cannot be read, before it does anything`()
        async throws
    {
        let plan = try await plan(
            admin: "https://127.0.0.1:1, tls: { ca: /nowhere.pem }",
            gateway: "http://127.0.0.1:1"
        )
        for verb in ["plan", "status", "abort"] {
            let output = try await healthgate(["release", verb, plan])
            #expect(output.exit == .code(64))
            #expect(
                output.output.contains(
                    "edge: certificate authorities in /nowhere.pem cannot be used: "
                        + "No such file or directory"
                ),
                "\(output.output)"
            )
        }
    }

    /// Also when nothing of it is left that could end its tunnel.
    @Test(arguments: [SIGTERM, SIGKILL])
    func `leaves no tunnel behind, however it is ended`(signal: Int32) async throws {
        let ssh = try await SSHServer()
        let silent = Silent()
        let server = try HTTPServer(
            try #require(SocketAddress("127.0.0.1:0")),
            handler: silent
        )
        let there = "http://\(server.address), via: \(ssh.url())"
        let plan = try await plan(admin: there, gateway: "http://127.0.0.1:1")
        let command = try ChildProcess(
            [try programBesideTests(), "release", "status", plan],
            environment: ["HEALTHGATE_SSH": ssh.command.joined(separator: " ")]
        )
        try await silent.asked.wait(until: soon, "be asked")
        command.signal(signal)
        #expect(try await command.exit(until: soon) == .signal(signal))
        try await ssh.says("Disconnected from")
        await server.close(within: .zero)
    }

    @Test func `tells of a tunnel that does not stand, in words`() async throws {
        let ssh = try await SSHServer()
        let there = "http://127.0.0.1:1, via: \(ssh.url(user: "nobody"))"
        let plan = try await plan(admin: "http://127.0.0.1:1", gateway: there)
        let child = try await Subprocess.run(
            [try programBesideTests(), "release", "plan", plan],
            environment: ["HEALTHGATE_SSH": ssh.command.joined(separator: " ")],
            until: soon
        )
        #expect(child.exit == .code(2))
        #expect(child.output.contains("1 gateway cannot be reached"), "\(child.output)")
        #expect(child.output.contains("Permission denied (publickey)"), "\(child.output)")
        #expect(child.output.contains("try by hand: $HEALTHGATE_SSH -p "), "\(child.output)")
    }
}

@EventLoop
private final class Silent: HTTPHandler {
    let asked = Waiter<Void>()
    private var unanswered: [Exchange] = []

    func handle(_ exchange: Exchange) {
        unanswered.append(exchange)
        asked.fulfil(.success(()))
    }
}
