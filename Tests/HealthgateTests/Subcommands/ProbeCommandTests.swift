import HTTP
import Loop
import TestSupport
import Testing

/// The program itself, asked by hand.
@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `The command probe` {
    private func probe(_ arguments: String...) async throws -> Subprocess.Output {
        try await healthgate(["probe"] + arguments)
    }

    @Test(arguments: [
        (0, "UP in "), (1, "DEGRADED, exit code 1: hello in "), (2, "DOWN in "), (3, "DOWN in "),
    ])
    func `ends as a command says by its own exit code`(code: Int32, words: String) async throws {
        let script = "echo hello; exit \(code)"
        let done = try await probe("exec:", "--", "sh", "-c", script)
        #expect(done.exit == .code(code))
        #expect(done.output.hasPrefix("exec:sh: \(words)"), "\(done.output)")
        #expect(done.output.contains("\n  hello\n"))
        #expect(!done.output.contains("way:"))
    }

    @Test func `takes other keys of a check, and tells what it saw`() async throws {
        let up = try await probe("disk:///", "--with", "expect: { free: 1B }")
        #expect(up.exit == .code(0), "\(up.output)")
        let full = try await probe(
            "disk:///",
            "--with",
            "expect: { free: 1TB }",
            "--with",
            "degraded_below: { inodes: 0.1% }"
        )
        #expect(full.exit == .code(2), "\(full.output)")
        #expect(full.output.contains("\n  full: "))
        #expect(full.output.contains(" free, expected: "))
        let missing = try await probe("disk:///no/such/path")
        #expect(missing.exit == .code(2))
    }

    @Test func `ends with 3 where it cannot know, and 64 for a wrong target`() async throws {
        let unknown = try await probe("exec:", "--", "/no/such/program")
        #expect(unknown.exit == .code(3), "\(unknown.output)")
        let wrong = try await probe("disk:var")
        #expect(wrong.exit == .code(64))
        #expect(wrong.output.contains("TARGET:3:"), "\(wrong.output)")
        let way = try await probe("disk:///", "--through-sidecar")
        #expect(way.exit == .code(64))
        #expect(way.output.contains("nothing stands between us and disk"))
    }

    @Test func `draws hops and phases, or tells them as JSON`() async throws {
        let address = try #require(SocketAddress("127.0.0.1:0"))
        let server = try HTTPServer(address, handler: Nobody())
        let target = "http://\(server.address)/x"
        let traced = try await probe(target, "--trace")
        #expect(traced.exit == .code(2))
        let lines = traced.output.split(separator: "\n").map(String.init)
        #expect(lines.contains("    └ network: ok"), "\(lines)")
        #expect(lines.contains("      └ upstream \(server.address): BROKEN, status"), "\(lines)")
        #expect(lines.contains { $0.hasPrefix("    connect  +0.0 ms") }, "\(lines)")
        let json = try await probe(target, "--json")
        #expect(json.output.hasPrefix(#"{"target":"\#(target)","through":"none","verdict":"down""#))
        #expect(json.output.contains(#""reason":"status","hop":"upstream""#))
        #expect(json.output.contains(#""phases_ms":{"connect":"#))
    }

    @Test func `asks a sidecar what it knows, and the target past it`() async throws {
        let address = try #require(SocketAddress("127.0.0.1:0"))
        let server = try HTTPServer(address, handler: Nobody())
        let done = try await probe(
            "http://127.0.0.1:1/",
            "--sidecar",
            "http://\(server.address)",
            "--with",
            "direct: \"\(server.address)\"",
            "--trace"
        )
        #expect(done.exit == .code(2))
        // A web server is no sidecar, which is as good as none.
        #expect(
            done.output.contains("sidecar_refused: the sidecar's admin at \(server.address) does")
        )
        #expect(done.output.contains("asked directly at \(server.address) it fails too"))
        #expect(done.output.contains("    └ sidecar 127.0.0.1:1: BROKEN, sidecar_refused\n"))
        #expect(done.output.contains("      └ network: ?\n"))
    }

    @Test func `tells the facts of a certificate that is not trusted`() async throws {
        let certificates = try await Certificates()
        let settings = try await certificates.make("old", days: -1)
        let address = try #require(SocketAddress("127.0.0.1:0"))
        let server = try HTTPServer(address, tls: try .server(settings), handler: Nobody())
        let done = try await probe(
            "tls://\(server.address)",
            "--with",
            "tls: { ca: \(certificates.authorities) }"
        )
        #expect(done.exit == .code(2), "\(done.output)")
        #expect(done.output.contains("TLSv1.3, certificate of old, expired "))
        #expect(done.output.contains("tls_verify: the certificate of old expired at "))
    }
}

@EventLoop
private final class Nobody: HTTPHandler {
    func handle(_ exchange: Exchange) { exchange.respond(HTTPResponse(404)) }
}
