import Loop
import Suites
import TestSupport
import Testing

/// What is written in a suite, against grpcio.
@EventLoop
@Suite(.timeLimit(.minutes(2))) struct `A run against grpcio` {
    let hello: Hello

    init() async throws { hello = try await Hello() }

    private func one(_ method: String, _ detail: String, _ rest: String = "") -> String {
        "- name: one\n  methodName: \(method)\n"
            + rest.split(separator: "\n").map { "  \($0)\n" }.joined() + "  detail:\n"
            + detail.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
    }

    private func words(_ method: String, _ detail: String, _ rest: String = "") async throws
        -> [String]
    {
        try await hello.words(Hello.suite(one(method, detail, rest)))
    }

    @Test func `calls methods of each kind, told by the proto`() async throws {
        let all: [(String, String)] = [
            (
                "SayHello",
                "requests: [{name: a}]\nresponses: [{msg: Hello a!, date: !regex '^[0-9-]{10}$'}]"
            ),
            ("Join", "requests: [{name: a}, {name: b}]\nresponses: [{msg: a b}]"),
            ("Join", "requests: []\nresponses: [{msg: \"\"}]"),
            (
                "Count",
                "requests: [{count: 3}]\nresponses: [{msg: \"0\"}, {msg: \"1\"}, {msg: \"2\"}]"
            ),
            ("Count", "requests: [{}]\nresponses: []"),
            (
                "Chat",
                "requests: [{name: a}, {name: b}]\nresponses: [{msg: Hello a!}, {msg: Hello b!}, {msg: bye}]"
            ),
            ("Chat", "responses: [{msg: bye}]"),
        ]
        for (method, detail) in all { #expect(try await words(method, detail) == []) }
        #expect(
            try await words(
                "Count",
                "requests: [{count: 1}]\nresponses: [{msg: \"0\"}, {msg: \"1\"}]"
            )
                == ["responses[1]: expected {msg: \"1\"}, got missing"]
        )
    }

    @Test func `plays the script of a stream`() async throws {
        let script = """
            stream:
            - send: {name: a}
            - expect: {msg: Hello a!}
              within: 20s
            - send: {name: b, count: 3}
            - until: 4
            - close
            - expect: {msg: bye}
            """
        #expect(try await words("Chat", script) == [])
        #expect(
            try await words("Chat", script.replacing("- expect: {msg: bye}", with: "- until: 4"))
                == ["responses[4]: expected no more, got msg: \"bye\""]
        )
        #expect(
            try await words("Chat", script.replacing("Hello a!", with: "Hi"))
                == ["responses[0].msg: expected \"Hi\", got \"Hello a!\""]
        )
        #expect(
            try await words("Chat", script + "\n- expect: {}")
                == ["responses[5]: expected {}, got the end of the call: OK"]
        )
        // Leaves a stream with success.
        #expect(
            try await words("Count", "stream: [{send: {count: 1000000}}, {until: 3}, cancel]") == []
        )
    }

    @Test func `names the step where both sides wait for each other`() async throws {
        let script = "stream: [{send: {}}, {expect: {}}, {expect: {}, within: 100ms}, {send: {}}]"
        #expect(
            try await words("Chat", script) == [
                "responses[1]: expected {}, got nothing in time, after 1 of 2 requests; the next one is "
                    + "sent only behind this answer"
            ]
        )
        let silent = try await words(
            "Chat",
            "stream: [{send: {}}, {expect: {}}, {expect: {}}, {send: {}}]",
            "timeout: 300ms"
        )
        #expect(silent.count == 1)
        #expect(silent.first?.hasPrefix("inconclusive: no end within 300ms: ") == true)
        #expect(
            silent.first?.hasSuffix(
                "after 1 of 2 requests; the next one is sent only behind this answer"
            ) == true
        )
    }

    @Test(arguments: 1...16)
    func `expects each error, with its message and details`(code: Int) async throws {
        let names = [
            "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND",
            "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
            "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
            "UNAUTHENTICATED",
        ]
        func words(_ error: String) async throws -> [String] {
            try await self.words("Fail", "requests: [{code: \(code), name: x}]\n\(error)")
        }
        let name = names[code - 1]
        #expect(
            try await words(
                """
                error:
                  code: \(name)
                  message: "nö: x"
                  details:
                  - "@type": google.rpc.ErrorInfo
                    reason: SPENT
                    metadata: {code: "\(code)"}
                trailers: {x-why: because}
                """
            ) == []
        )
        #expect(
            try await words(
                "error: {code: \(code), message: !regex ^n, details: [{'@type': google.rpc.RetryInfo, retry_delay: !gt 1s}]}"
            ) == []
        )
        #expect(try await words("error: {}") == [])
        #expect(
            try await words("responses: [{}]") == [
                "status: expected OK, got \(name): nö: x (said by the server)"
            ]
        )
        let other = code == 5 ? "ABORTED" : "NOT_FOUND"
        #expect(
            try await words("error: {code: \(other)}")
                == ["error.code: expected \(other), got \(name): nö: x (said by the server)"]
        )
        #expect(
            try await words("error: {message: y}") == [
                "error.message: expected \"y\", got \"nö: x\""
            ]
        )
        #expect(
            try await words("error: {details: [{'@type': google.rpc.ErrorInfo, reason: LOST}]}")
                == ["error.details[0].reason: expected \"LOST\", got \"SPENT\""]
        )
        // Details that are not written are not tested; what is in one that is written, is.
        let entries = "error: {details: [{'@type': google.rpc.DebugInfo, stack_entries: [a]}]}"
        #expect(try await !words(entries).isEmpty)
    }

    @Test func `tells an error that did not come, and details that are not there`() async throws {
        #expect(
            try await words("SayHello", "error: {code: NOT_FOUND}")
                == ["error.code: expected NOT_FOUND, got OK (said by the server)"]
        )
        // The message of this one ends with a space, which goes as it is.
        #expect(
            try await words(
                "Fail",
                "requests: [{code: 5}]\n"
                    + "error: {message: 'nö: ', details: [{'@type': google.rpc.Help}]}"
            ).map { $0.prefix(54) } == ["error.details[0]: expected google.rpc.Help {}, got \n  "]
        )
    }

    @Test func `sends metadata, and expects it in headers and trailers`() async throws {
        let detail = """
            metadata: {x-text: a b, x-many: [one, two], x-data-bin: !hex 00abff, x-more-bin: AA==}
            headers:
              x-text: !regex ^a
              x-many: [two, one]
              x-data-bin: !hex 00abff
              x-none: !absent
            trailers: {t-x-text: a b, t-x-data-bin: AKv/, t-x-more-bin: !present }
            """
        #expect(try await words("Reflect", detail) == [])
        #expect(
            try await words(
                "Reflect",
                "metadata: {x-a: b, x-b-bin: !hex 01}\n"
                    + "headers: {x-a: c, x-none: d, x-b-bin: !hex 02}\ntrailers: {t-x-a: !absent }"
            ) == [
                "headers.x-a: expected \"c\", got \"b\"",
                "headers.x-none: expected \"d\", got absent",
                "headers.x-b-bin: expected \"Ag==\", got \"AQ==\"",
                "trailers.t-x-a: expected absent, got \"b\"",
            ]
        )
    }

    @Test func `compresses what it sends by gzip, and reads what comes so`() async throws {
        let letters = String(repeating: "x", count: 1000)
        for gzip in [true, false] {
            let detail = "gzip: \(gzip)\nrequests: [{name: x}]\nresponses: [{msg: \(letters)}]"
            let result = try await hello.run(Hello.suite(one("Zip", detail)))
            #expect(result.verdicts == ["one pass"])
            let record = result.suites.first?.cases.first?.record
            #expect(record?.messages.first?.wasCompressed == true)
        }
    }

    @Test func `takes a deadline for inconclusive, but where it is expected`() async throws {
        let late = try await words("Sleep", "requests: [{}]", "timeout: 200ms")
        #expect(
            late.count == 1 && late.first?.hasPrefix("inconclusive: no end within 200ms: ") == true,
            "\(late)"
        )
        #expect(
            try await words("Sleep", "error: {code: DEADLINE_EXCEEDED}", "timeout: 200ms") == []
        )
        // Not any error.
        #expect(try await words("Sleep", "error: {code: CANCELLED}", "timeout: 200ms").count == 1)
    }

    @Test func `is inconclusive where the server dies, and runs the teardown anyway`() async throws
    {
        let doomed = try Hello(try await PeerServer(script: "Run/Servers/hello_server.py"))
        let result = try await doomed.run(
            Hello.suite(
                one("Die", "responses: [{msg: last words}, {}]"),
                teardown: "- name: down\n  methodName: SayHello"
            )
        )
        #expect(result.verdicts == ["one inconclusive", "down inconclusive"])
        let problem = result.suites.first?.cases.first?.problem
        #expect(problem?.hasPrefix("the connection was lost: ") == true, "\(problem ?? "")")
        #expect(result.suites.first?.cases.first?.record?.messages.count == 1)
    }

    @Test func `runs setup first, and teardown whatever came before`() async throws {
        let good = "- name: up\n  methodName: SayHello"
        let bad = "- name: up\n  methodName: SayHello\n  detail: {responses: [{msg: x}]}"
        let down = "- name: down\n  methodName: SayHello"
        let one = "- name: one\n  methodName: SayHello"
        let all = try await hello.run(Hello.suite(one, setup: good, teardown: down))
        #expect(all.verdicts == ["up pass", "one pass", "down pass"])
        #expect(all.verdict == .pass)
        let broken = try await hello.run(Hello.suite(one, setup: bad, teardown: down))
        #expect(broken.verdicts == ["up fail", "one skipped", "down pass"])
        let failed = try await hello.run(
            Hello.suite(bad.replacing("up", with: "one"), setup: good, teardown: down)
        )
        #expect(failed.verdicts == ["up pass", "one fail", "down pass"])
    }

    @Test func `repeats a case until it passes, where it says so, and no longer`() async throws {
        let base = try await hello.calls("Third")
        let result = try await hello.run(
            Hello.suite(
                one(
                    "Third",
                    "responses: [{attempt: \(base + 3)}]",
                    "eventually: {within: 30s, every: 10ms}"
                )
            )
        )
        #expect(result.verdicts == ["one pass"])
        #expect(result.suites.first?.cases.first?.attempts == 3)
        let never = try await hello.run(
            Hello.suite(
                one(
                    "Third",
                    "responses: [{attempt: 1}]",
                    "eventually: {within: 100ms, every: 20ms}"
                )
            )
        )
        #expect(never.verdicts == ["one fail"])
        #expect((never.suites.first?.cases.first?.attempts ?? 0) > 1)
    }

    @Test func `runs as many suites at one time as it is told`() async throws {
        // Each waits for the other.
        let test = one("Together", "responses: [{}]", "timeout: 25s")
        let both = Hello.suite(test, name: "A") + "\n" + Hello.suite(test, name: "B")
        let result = try await hello.run(both, parallel: 2)
        #expect(result.verdict == .pass)
        #expect(result.suites.map(\.name) == ["A", "B"])
    }
}
