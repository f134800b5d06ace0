import Loop
import Suites
import TestSupport
import Testing

/// The program itself, against grpcio.
@EventLoop
@Suite(.timeLimit(.minutes(2))) struct `The command apitest` {
    let hello: Hello
    let address: String

    init() async throws {
        hello = try await Hello()
        address = try #require(hello.server.addresses.first).description
    }

    /// As the documentation begins.
    static func minimal(msg: String = "Hello hoge!") -> String {
        Hello.suite(
            """
            - name: SayHello
              methodName: SayHello
              detail:
                requests:
                - name: hoge
                responses:
                - msg: "\(msg)"
            """
        )
    }

    private func run(_ yaml: String, _ arguments: String...) async throws -> Subprocess.Output {
        let path = try await hello.write(yaml)
        return try await apitest(["run", path, "--address", address] + arguments)
    }

    @Test func `passes the least suite there is, though the server fills more`() async throws {
        let done = try await run(Self.minimal())
        #expect(done.exit == .code(0), "\(done.output)")
        let lines = done.output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(
            lines.first?.hasPrefix("ok   HelloTest (hello.HelloService): 1 of 1 passed in ") == true
        )
        #expect(lines.last?.hasPrefix("PASS  1 of 1 passed in ") == true)
    }

    @Test func `fails a wrong answer in one clear line, with exit 1`() async throws {
        let done = try await run(Self.minimal(msg: "Hello world!"))
        #expect(done.exit == .code(1))
        let path = "\(hello.folder.path)/t.yaml"
        let line =
            "       \(path):11:14: responses[0].msg: expected \"Hello world!\", got \"Hello hoge!\""
        let lines = done.output.split(separator: "\n").map(String.init)
        #expect(lines.filter { $0.contains("expected") } == [line], "\(done.output)")
        #expect(lines.last?.hasPrefix("FAIL  0 of 1 passed, 1 failed in ") == true)
    }

    @Test(arguments: [
        (
            "name: hoge", "nmae: hoge",
            ":9:9: hello.HelloRequest has no field \"nmae\"; did you mean name?"
        ),
        ("msg:", "mgs:", ":11:9: hello.HelloReply has no field \"mgs\"; did you mean msg?"),
        (
            "methodName: SayHello", "methodName: SayHelo",
            ":6:17: hello.HelloService has no method \"SayHelo\"; did you mean SayHello?"
        ),
        (
            "serviceName: HelloService", "serviceName: HeloService",
            ":3:16: there is no service \"HeloService\"; did you mean HelloService?"
        ),
    ])
    func `finds a typo before any call, with exit 64`(
        right: String,
        wrong: String,
        words: String
    ) async throws {
        let before = try await hello.calls("SayHello")
        let good = Self.minimal().replacing("HelloTest", with: "Good")
        let done = try await run(good + "\n" + Self.minimal().replacing(right, with: wrong))
        #expect(done.exit == .code(64))
        // The good suite before it has ten lines.
        let place = words.split(separator: ":", maxSplits: 1)
        let line = (Int(place.first ?? "") ?? 0) + 11
        let expected = "t.yaml:\(line):\(place.last ?? "")\n1 problem found, nothing was called\n"
        #expect(done.output.hasSuffix(expected), "\(done.output)")
        #expect(try await hello.calls("SayHello") == before)
        // The negative control of that count.
        #expect(try await run(good).exit == .code(0))
        #expect(try await hello.calls("SayHello") == before + 1)
    }

    @Test func `is inconclusive where nobody listens, with exit 2`() async throws {
        let any = try #require(SocketAddress("127.0.0.1:0"))
        let free = try Listener(any) { $0.close() }.address
        let path = try await hello.write(Self.minimal())
        let done = try await apitest(["run", path, "--address", "\(free)"])
        #expect(done.exit == .code(2), "\(done.output)")
        #expect(done.output.contains("???? SayHello"))
        #expect(done.output.contains("no connection: "))
        #expect(done.output.contains("\nINCONCLUSIVE  0 of 1 passed, 1 inconclusive in "))
    }

    @Test func `writes JSON and JUnit, and hides secrets of the environment`() async throws {
        let path = try await hello.write(Self.minimal(msg: "${env:API_TEST_TOKEN}"))
        let (json, junit) = ("\(hello.folder.path)/j.json", "\(hello.folder.path)/j.xml")
        let done = try await apitest(
            ["run", path, "--address", address, "--json", json, "--junit", junit, "--verbose"],
            environment: ["API_TEST_TOKEN": "top-secret"]
        )
        #expect(done.exit == .code(1), "\(done.output)")
        var texts = [done.output]
        for path in [json, junit] {
            texts.append(String(decoding: try #require(try await Files.read(path)), as: UTF8.self))
        }
        for text in texts {
            #expect(text.contains("***") && !text.contains("top-secret"), "\(text)")
        }
        #expect(texts[1].contains("\"verdict\" : \"fail\""))
        #expect(texts[2].contains("<failure message="))
    }

    @Test func `chooses cases by tags, and a run of none is no pass`() async throws {
        let yaml = Hello.suite(
            """
            - name: a
              methodName: SayHello
              tags: smoke
            - name: b
              methodName: SayHello
              tags: [smoke, slow]
            """
        )
        let smoke = try await run(yaml, "--tag", "smoke", "--skip-tag", "slow")
        #expect(smoke.output.contains("1 of 1 passed") && smoke.exit == .code(0), "\(smoke.output)")
        let none = try await run(yaml, "--tag", "none")
        #expect(none.exit == .code(2) && none.output.hasPrefix("NOTHING RUN"), "\(none.output)")
    }

    @Test func `asks the server for its types by reflection`() async throws {
        let yaml = Self.minimal().replacing("proto: \(Hello.proto)", with: "reflection: true")
        let done = try await run(yaml)
        #expect(done.exit == .code(0), "\(done.output)")
        let wrong = try await run(yaml.replacing("name: hoge", with: "nmae: hoge"))
        #expect(wrong.exit == .code(64))
        #expect(wrong.output.contains("did you mean name?"))
        let path = try await hello.write(yaml)
        let check = try await apitest(["check", path])
        #expect(check.exit == .code(64))
        #expect(check.output.contains("reflection asks the server"))
    }

    @Test func `checks, lists, covers and begins suites without a server`() async throws {
        let path = try await hello.write(Self.minimal())
        let check = try await apitest(["check", path])
        #expect(check.output == "1 suites with 1 cases are right\n" && check.exit == .code(0))
        let list = try await apitest(["list", path])
        #expect(
            list.output
                == "\(path): HelloTest (hello.HelloService)\n  SayHello  SayHello, unary\n"
        )
        let coverage = try await apitest(["coverage", path, "--min", "50"])
        #expect(coverage.exit == .code(1))
        #expect(
            coverage.output.contains("  ok  SayHello: 1 case, 1 of 3 fields, no error\n"),
            "\(coverage.output)"
        )
        let new = try await apitest(["new", Hello.proto])
        #expect(new.exit == .code(0))
        let begun = try await hello.write(new.output, to: "new.yaml")
        let again = try await apitest(["check", begun])
        #expect(again.output == "1 suites with 12 cases are right\n", "\(again.output)")
    }
}
