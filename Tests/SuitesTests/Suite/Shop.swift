import GRPC
import HTTP
import Loop
import Suites
import TestSupport
import Testing
import YAML

/// A service that gives back what it gets, and a folder for suites against it.
@EventLoop
final class Shop {
    let secrets = Secrets()
    let folder: TemporaryFolder
    private let server: HTTPServer

    static let proto =
        "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/")
        + "/shop.proto"

    init() async throws {
        folder = try TemporaryFolder()
        let service = GRPCServer()
        for method in ["Echo", "Collect", "List", "Chat"] {
            service.streaming("/shop.Orders/\(method)") { (call) throws(GRPCStatus) in
                call.trailingMetadata = ["x-bytes-bin": "q6ur"]
                while let message = try await call.next() { try await call.send(message) }
            }
        }
        server = try HTTPServer(try #require(SocketAddress("127.0.0.1:0")), handler: service)
        let proto = try #require(try await Files.read(Self.proto))
        try await Files.writeDurably(proto, to: "\(folder.path)/shop.proto")
    }

    /// The head of a suite, and its cases behind it.
    nonisolated static func suite(_ rest: String, cases: String) -> String {
        let head = ["- testName: Shop", "  proto: ./shop.proto", "  serviceName: Orders"]
        let lines = rest.split(separator: "\n").map { "  \($0)" }
        return
            (head + lines + ["  cases:"]
            + cases.split(separator: "\n").map { "  \($0)" }).joined(separator: "\n")
    }

    /// One call of Echo.
    nonisolated static func echo(_ request: String, _ response: String) -> String {
        suite(
            "",
            cases: """
                - name: one
                  methodName: Echo
                  detail:
                    requests:
                    - \(request)
                    responses:
                    - \(response)
                """
        )
    }

    func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    func load(_ yaml: String) async throws -> [Suite] {
        try await Files.writeDurably(bytes(yaml), to: path("t.yaml"))
        return try await SuiteLoader(secrets: secrets).load([path("t.yaml")])
    }

    /// What is wrong with it, each as `line:column: words`.
    func problems(_ yaml: String) async throws -> [String] {
        do {
            _ = try await load(yaml)
            return []
        } catch let error as YAMLError {
            return error.problems.map { "\($0.place.line):\($0.place.column): \($0.message)" }
        }
    }

    func run(
        _ yaml: String,
        _ selection: SuiteRunner.Selection = .init()
    ) async throws -> RunResult {
        let suites = try await load(yaml)
        let endpoint = Endpoint(server.address)
        let runner = SuiteRunner(address: "shop", selection: selection) { _ in CallClient(endpoint)
        }
        return await runner.run(suites)
    }

    /// What differs, each as `path: expected …, got …`.
    func differences(_ yaml: String) async throws -> [String] {
        let result = try await run(yaml)
        return result.suites.flatMap(\.cases).flatMap { test in
            [test.problem].compactMap { $0 }
                + test.differences.map { "\($0.path): expected \($0.expected), got \($0.got)" }
        }
    }
}

extension RunResult {
    /// `name verdict` of each case.
    var verdicts: [String] {
        suites.flatMap(\.cases).map { "\($0.name) \($0.verdict.rawValue)" }
    }
}
