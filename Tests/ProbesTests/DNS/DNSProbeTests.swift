import Health
import Loop
import Probes
import TestSupport
import Testing

@EventLoop
private func ask(
    _ server: SocketAddress,
    _ name: String,
    _ type: DNSQuestion.RecordType = .a,
    expected: [String] = [],
    until deadline: Instant = soon()
) async throws -> Outcome {
    let question = DNSQuestion(try #require(DNSName(name)), type, expected: expected)
    return await look(.dns(question), server, until: deadline)
}

@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `A DNS probe of a real server` {
    let server: ServerProcess

    init() async throws { server = try await .dnsmasq() }

    @Test(arguments: [
        ("app.test", DNSQuestion.RecordType.a, "app.test A 10.1.2.3"),
        ("APP.test.", .aaaa, "app.test AAAA fd00::1"), ("www.test", .a, "www.test A 10.1.2.3"),
        ("www.test", .cname, "www.test CNAME app.test"),
        ("app.test", .mx, "app.test MX 10 mail.test"),
        ("_http._tcp.test", .srv, "_http._tcp.test SRV 1 2 8080 app.test"),
    ])
    func `tells what it answers`(
        name: String,
        type: DNSQuestion.RecordType,
        words: String
    ) async throws {
        let outcome = try await ask(server.address, name, type)
        #expect(outcome.result == .up, "\(outcome)")
        #expect(outcome.detail == words)
        #expect(outcome.phases.map(\.name) == [.query])
    }

    @Test func `tells when it does not know, or not what is expected`() async throws {
        let unknown = try await ask(server.address, "none.test").failure
        #expect(unknown?.reason == .dns)
        #expect(unknown?.text == "NXDOMAIN: there is no none.test")
        let typeless = try await ask(server.address, "app.test", .ns).failure
        #expect(typeless?.text == "app.test has no record of type NS")
        let refused = try await ask(server.address, "a.example").failure
        #expect(refused?.reason == .status)
        #expect(refused?.text.hasPrefix("REFUSED") == true, "\(String(describing: refused))")
        let other = try await ask(server.address, "app.test", expected: ["10.9.9.9"]).failure
        #expect(other?.reason == .body)
    }

    @Test func `asks by TCP for what does not fit into a datagram`() async throws {
        let outcome = try await ask(server.address, "big.test", .txt)
        #expect(outcome.result == .up, "\(outcome)")
        #expect(outcome.detail.hasPrefix("big.test TXT "))
        #expect(outcome.detail.hasSuffix("and 2 more by TCP"), "\(outcome)")
    }
}

@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `A DNS probe` {
    private nonisolated static func answer(_ query: [UInt8], flags: UInt8 = 0x80) -> [UInt8] {
        var answer = query
        answer.replaceSubrange(2..<12, with: [0x81, flags, 0, 1, 0, 1, 0, 0, 0, 0])
        return answer + [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 77]
    }

    @Test func `asks again when a datagram was lost`() async throws {
        let server = try OddNameServer { query, count in
            count == 0 ? [] : [Self.answer(query)]
        }
        let outcome = try await ask(server.address, "a.test", until: .now + .seconds(1))
        #expect(outcome.result == .up, "\(outcome)")
        #expect(outcome.detail == "a.test A 127.0.0.77 at the second attempt")
    }

    @Test func `does not listen to who guesses`() async throws {
        let server = try OddNameServer { query, _ in
            var guess = Self.answer(query)
            guess[0] ^= 0xff
            guess[guess.count - 1] = 66
            var other = Self.answer(query)
            other[13] ^= 1
            return [guess, [], other, Array(query[..<5]), query, Self.answer(query)]
        }
        let outcome = try await ask(server.address, "a.test")
        #expect(outcome.detail == "a.test A 127.0.0.77", "\(outcome)")
    }

    @Test func `listens no longer than it may to who sends without an end`() async throws {
        let flood = [[UInt8]](repeating: [1, 2, 3], count: 500_000)
        let server = try OddNameServer { _, _ in flood }
        let outcome = try await ask(server.address, "a.test", until: shortly())
        #expect(outcome.failure?.reason == .timeout)
    }

    @Test func `says what is malformed, and who is silent or not there`() async throws {
        let circle = try OddNameServer { query, _ in
            [Self.answer(query).dropLast(16) + [0xc0, UInt8(query.count)] + [0, 1, 0, 1]]
        }
        let malformed = try await ask(circle.address, "a.test").failure
        #expect(malformed?.reason == .protocol)
        #expect(malformed?.text.hasPrefix("the answer is malformed: a name points") == true)
        let silent = try OddNameServer { _, _ in [] }
        let timeout = try await ask(silent.address, "a.test", until: shortly()).failure
        #expect(timeout?.reason == .timeout)
        #expect(timeout?.hop == .upstream)
        let nobody = try await ask(try ScriptedServer.nobody(), "a.test").failure
        #expect(nobody?.reason == .refused)
    }
}
