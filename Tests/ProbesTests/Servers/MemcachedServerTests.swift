import Glibc
import Health
import Loop
import Probes
import TestSupport
import Testing

@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `A real memcached` {
    private let targets = [Depth.handshake, .query].map { ServerTarget(.memcached, depth: $0) }

    @Test func `is up at each depth, logs nothing of it and keeps no connection`() async throws {
        let server = try await ServerProcess.memcached()
        let before = server.lines
        for target in targets {
            for _ in 0..<20 {
                let outcome = await ask(target, server.address)
                #expect(outcome.result == .up, "\(outcome)")
                #expect(outcome.detail.hasPrefix("memcached 1."))
            }
        }
        #expect(server.lines == before)
        // The one that asks.
        let isFlat = try await eventually {
            try await stats(server).contains("STAT curr_connections 1\r\n")
        }
        #expect(isFlat)
        #expect(try await stats(server).contains("STAT curr_items 0\r\n"))
    }

    @Test func `that wants to know who asks is alive, and no more is known`() async throws {
        let users = try await SecretFile("me:secret")
        guard case .file(let path) = users.place else { return }
        // The server reads it as a user of its own.
        chmod(path, 0o644)
        chmod(String(path.dropLast("/secret".count)), 0o755)
        let server = try await ServerProcess.memcached(["-Y", path])
        #expect(await ask(targets[0], server.address).result == .up)
        #expect(await ask(targets[1], server.address).failure?.reason == .auth)
    }

    private func stats(_ server: ServerProcess) async throws -> String {
        let stream = try await ByteStream.connect(to: server.address, until: soon())
        defer { stream.close() }
        try await stream.write(Array("stats\r\n".utf8), until: soon())
        var text = ""
        while !text.hasSuffix("END\r\n"), let bytes = try await stream.read(until: soon()) {
            text += String(decoding: bytes, as: UTF8.self)
        }
        return text
    }
}
