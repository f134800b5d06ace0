import Health
import Testing

@testable import Probes

/// Byte scripts: what a name server says, and what comes of it.
@Suite struct `A name server's answer` {
    private static let name = "app.example"
    private static let id: UInt16 = 0x1234

    private func question(
        _ type: DNSQuestion.RecordType = .a,
        expected: [String] = []
    ) throws -> DNSQuestion {
        DNSQuestion(try #require(DNSName(Self.name)), type, expected: expected)
    }

    /// A header, the question, and records as they are.
    private func answer(
        to question: DNSQuestion,
        flags: UInt16 = 0x8180,
        count: UInt8 = 1,
        _ records: [UInt8]
    ) -> [UInt8] {
        var bytes = question.message(id: Self.id)
        bytes[2] = UInt8(flags >> 8)
        bytes[3] = UInt8(flags & 0xff)
        bytes[7] = count
        return bytes + records
    }

    /// Of the name in the question.
    private func record(_ type: UInt8, _ data: [UInt8], name: [UInt8] = [0xc0, 12]) -> [UInt8] {
        name + [0, type, 0, 1, 0, 0, 0, 60, 0, UInt8(data.count)] + data
    }

    private func judge(
        _ question: DNSQuestion,
        _ bytes: [UInt8]
    ) throws -> (result: Outcome.Result, detail: String) {
        let (result, detail) = question.judge(
            try #require(question.answer(in: bytes, id: Self.id))
        )
        return (result, detail)
    }

    @Test func `is asked for in the form of RFC 1035`() throws {
        #expect(
            try question().message(id: Self.id)
                == [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3] + Array("app".utf8) + [7]
                + Array("example".utf8) + [0, 0, 1, 0, 1]
        )
    }

    @Test func `is up with the address, and with those that are expected`() throws {
        let two = record(1, [10, 0, 0, 1]) + record(1, [10, 0, 0, 2])
        let plain = try question()
        let (result, detail) = try judge(plain, answer(to: plain, count: 2, two))
        #expect(result == .up)
        #expect(detail == "app.example A 10.0.0.1, 10.0.0.2")
        let choosy = try question(expected: ["10.0.0.2"])
        #expect(try judge(choosy, answer(to: choosy, count: 2, two)).result == .up)
        let disappointed = try question(expected: ["10.0.0.3"])
        #expect(
            try judge(disappointed, answer(to: disappointed, count: 2, two)).result
                == .failed(
                    Outcome.Failure(
                        .body,
                        at: .upstream,
                        "expected 10.0.0.3, the answer is 10.0.0.1, 10.0.0.2"
                    )
                )
        )
    }

    @Test func `may lead over an alias, and not to what nobody asked about`() throws {
        // The alias's target is written as "db" and a pointer to ".example" of the question.
        let alias = record(5, [2] + Array("db".utf8) + [0xc0, 16])
        let target: [UInt8] = [2] + Array("db".utf8) + [0xc0, 16]
        let address = record(1, [10, 0, 0, 9], name: target)
        let plain = try question()
        #expect(
            try judge(plain, answer(to: plain, count: 2, alias + address)).detail
                == "app.example A 10.0.0.9"
        )
        let stray = try judge(plain, answer(to: plain, address))
        #expect(stray.result == failed(.dns, "app.example has no record of type A"))
    }

    @Test(
        arguments: [
            (.aaaa, 28, [UInt8](repeating: 0, count: 15) + [1], "::1"),
            (.ns, 2, [2] + Array("ns".utf8) + [0xc0, 12], "ns.app.example"),
            (.ptr, 12, [0xc0, 12], "app.example"),
            (.cname, 5, [0xc0, 16], "example"),
            (.mx, 15, [0, 10, 0xc0, 12], "10 app.example"),
            (.srv, 33, [0, 1, 0, 2, 0x1f, 0x90, 0xc0, 12], "1 2 8080 app.example"),
            (.txt, 16, [1, 0x61, 3, 0x62, 0x1b, 0x63], "ab\\u{1B}c"),
            (
                .soa, 6, [0xc0, 12, 0xc0, 12, 0, 0, 1, 0] + [UInt8](repeating: 0, count: 16),
                "app.example, serial 256"
            ),
        ] as [(DNSQuestion.RecordType, UInt8, [UInt8], String)]
    )
    func `is read by its type`(
        type: DNSQuestion.RecordType,
        number: UInt8,
        data: [UInt8],
        words: String
    ) throws {
        let question = try question(type)
        let (result, detail) = try judge(question, answer(to: question, record(number, data)))
        #expect(result == .up)
        #expect(detail == "app.example \(type.rawValue) \(words)")
    }

    @Test(arguments: [
        (1, Reason.status, "FORMERR"), (2, .status, "SERVFAIL"), (3, .dns, "NXDOMAIN"),
        (4, .status, "NOTIMP"), (5, .status, "REFUSED"), (11, .status, "code 11"),
    ])
    func `is a failure with its word`(code: UInt16, reason: Reason, word: String) throws {
        let question = try question()
        let bytes = answer(to: question, flags: 0x8180 | code, count: 0, [])
        guard case .failed(let failure) = try judge(question, bytes).result else {
            Issue.record("no failure")
            return
        }
        #expect(failure.reason == reason)
        #expect(failure.text.hasPrefix(word), "\(failure.text)")
        #expect(failure.hop == .upstream)
    }

    @Test func `counts only when it answers this question`() throws {
        let question = try question()
        let good = answer(to: question, record(1, [10, 0, 0, 1]))
        #expect(question.answer(in: good, id: 0x1235) == nil)
        #expect(question.answer(in: question.message(id: Self.id), id: Self.id) == nil)
        let other = try self.question(.aaaa)
        #expect(question.answer(in: answer(to: other, count: 0, []), id: Self.id) == nil)
        #expect(question.answer(in: [], id: 0) == nil)
        // A server that refuses may leave the question out, and none that answers.
        #expect(question.answer(in: [0x12, 0x34, 0x81, 0x85] + nothing, id: Self.id) != nil)
        #expect(question.answer(in: [0x12, 0x34, 0x81, 0x80] + nothing, id: Self.id) == nil)
    }

    private let nothing = [UInt8](repeating: 0, count: 8)

    @Test(
        arguments: [
            // At itself, at what is behind it, around in a circle, and at what is not there.
            [0xc0, 29], [0xc0, 40], [1, 0x61, 0xc0, 29], [0xff, 0xff], [0xc0],
            // Labels of unknown kinds, and one that is longer than all.
            [0x40, 0], [0x80, 0], [63, 0x61],
        ] as [[UInt8]]
    )
    func `with a wrong name is malformed`(name: [UInt8]) throws {
        let question = try question()
        let bytes = answer(to: question, name + record(1, [10, 0, 0, 1], name: []))
        guard case .failed(let failure) = try judge(question, bytes).result else {
            Issue.record("no failure")
            return
        }
        #expect(failure.reason == .protocol)
    }

    @Test func `with a name longer than 255 bytes is malformed`() throws {
        let question = try question()
        let long =
            [UInt8](repeating: 0, count: 0) + (0..<130).flatMap { _ in [1, 0x61] as [UInt8] }
        let bytes = answer(to: question, record(1, [10, 0, 0, 1], name: long + [0]))
        #expect(try judge(question, bytes).result == malformed("a name is too long"))
    }

    @Test(arguments: [[10, 0, 0], [10, 0, 0, 1, 0], []] as [[UInt8]])
    func `with an address of another length is malformed`(address: [UInt8]) throws {
        let question = try question()
        let bytes = answer(to: question, record(1, address))
        #expect(
            try judge(question, bytes).result
                == malformed("an address has \(address.count) bytes")
        )
    }

    private func malformed(_ words: String) -> Outcome.Result {
        failed(.protocol, "the answer is malformed: \(words)")
    }

    private func failed(_ reason: Reason, _ words: String) -> Outcome.Result {
        .failed(Outcome.Failure(reason, at: .upstream, words))
    }
}

@Suite struct `A domain name` {
    @Test(arguments: [
        ("a.example", "a.example"), ("A.Example.", "a.example"), (".", "."), ("x", "x"),
        ("0/25.2.0.192.in-addr.arpa", "0/25.2.0.192.in-addr.arpa"), ("_sip._udp.x", "_sip._udp.x"),
    ])
    func `is read from its text`(text: String, words: String) {
        #expect(DNSName(text)?.description == words)
    }

    @Test func `is no text of another form`() {
        for text in ["", "..", "a..b", ".a", "a b", "a\\b", "ü.example", "a\n"] {
            #expect(DNSName(text) == nil, "\(text)")
        }
        let label = String(repeating: "a", count: 63)
        #expect(DNSName(label) != nil)
        #expect(DNSName(label + "a") == nil)
        #expect(
            DNSName(
                [label, label, label, String(repeating: "a", count: 61)].joined(separator: ".")
            ) != nil
        )
        #expect(
            DNSName(
                [label, label, label, String(repeating: "a", count: 62)].joined(separator: ".")
            ) == nil
        )
    }
}
