import Loop
import Suites
import TestSupport
import Testing
import YAML

/// HelloService by grpcio, in a process that is shared, and suites against it.
@EventLoop
struct Hello {
    static let shared = EventLoop.task {
        try await PeerServer(script: "Run/Servers/hello_server.py")
    }

    nonisolated static let folder =
        "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/")
    nonisolated static let proto = "\(folder)/Servers/hello.proto"

    let server: PeerServer
    let folder: TemporaryFolder
    let secrets = Secrets()

    init(_ server: PeerServer) throws {
        self.server = server
        folder = try TemporaryFolder()
    }

    init() async throws { try self.init(try await Self.shared.value) }

    /// A suite of these cases.
    nonisolated static func suite(
        _ cases: String,
        setup: String? = nil,
        teardown: String? = nil,
        name: String = "HelloTest"
    ) -> String {
        var lines = [
            "- testName: \(name)", "  proto: \(Hello.proto)", "  serviceName: HelloService",
        ]
        for (key, text) in [("setup", setup), ("cases", cases), ("teardown", teardown)] {
            guard let text else { continue }
            lines.append("  \(key):")
            lines += text.split(separator: "\n").map { "  \($0)" }
        }
        return lines.joined(separator: "\n")
    }

    func load(_ yaml: String) async throws -> [Suite] {
        let path = try await write(yaml)
        return try await SuiteLoader(secrets: secrets).load([path])
    }

    func write(_ yaml: String, to name: String = "t.yaml") async throws -> String {
        let path = "\(folder.path)/\(name)"
        try await Files.writeDurably(bytes(yaml + "\n"), to: path)
        return path
    }

    func run(_ yaml: String, parallel: Int = 1) async throws -> RunResult {
        let suites = try await load(yaml)
        let server = server
        let runner = SuiteRunner(address: "hello", parallel: parallel) { _ in server.client() }
        return await runner.run(suites)
    }

    /// All that is said of cases that did not pass.
    func words(_ yaml: String) async throws -> [String] {
        try await run(yaml).suites.flatMap(\.cases).flatMap { test in
            [test.problem.map { "\(test.verdict.rawValue): \($0)" }].compactMap { $0 }
                + test.differences.map { "\($0.path): expected \($0.expected), got \($0.got)" }
        }
    }

    /// How often a method was called so far.
    func calls(_ method: String) async throws -> Int {
        let schema = try Schema(try ProtoFiles.load(Self.proto, importPaths: []))
        let request = try #require(schema.message(named: "hello.HelloRequest"))
        let reply = try #require(schema.message(named: "hello.HelloReply"))
        var message = DynamicMessage(request, in: schema)
        message[try #require(request.field(named: "name"))] = .string(method)
        let record = await server.client().call(
            CallRequest("/hello.HelloService/Calls"),
            [message.encoded()],
            until: .now + .seconds(30)
        )
        let bytes = try #require(record.messages.first?.bytes)
        let answer = try DynamicMessage(reply, in: schema, decoding: bytes)
        guard case .int(let count) = answer.value(of: try #require(reply.field(named: "attempt")))
        else { return -1 }
        return Int(count)
    }
}

/// Runs the program itself to its end.
@EventLoop
func apitest(
    _ arguments: [String],
    environment: [String: String] = [:]
) async throws -> Subprocess.Output {
    try await Subprocess.run(
        [try programBesideTests(), "apitest"] + arguments,
        environment: environment,
        until: .now + .seconds(60)
    )
}
