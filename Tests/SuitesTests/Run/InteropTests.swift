import Loop
import Suites
import Testing

/// gRPC's own interop cases as a suite, against grpcio.
@EventLoop
@Suite(.timeLimit(.minutes(2))) struct `The interop cases` {
    static let peer = EventLoop.task {
        try await PeerServer(script: "Run/Interop/interop_server.py")
    }

    private func run(_ number: Int) async throws -> RunResult {
        let server = try await Self.peer.value
        let suites = try await SuiteLoader(secrets: Secrets())
            .load(["\(Hello.folder)/Interop/interop.yaml"])
        try #require(server.addresses.indices.contains(number))
        return await SuiteRunner(address: "interop") { _ in server.client(number) }.run(suites)
    }

    @Test func `pass`() async throws {
        let result = try await run(0)
        #expect(result.suites.flatMap(\.cases).compactMap(\.reason) == [])
        #expect(result.count(.pass) == 16 && result.verdict == .pass)
    }

    /// A fault of the server, by its number there, and the cases that find it.
    @Test(arguments: [
        (1, "empty", ["empty_unary"]),
        (
            2, "size",
            ["large_unary", "server_streaming", "ping_pong", "cancel_after_first_response"]
        ),
        (3, "content", ["large_unary"]), (4, "sum", ["client_streaming"]),
        (5, "drop", ["server_streaming"]), (6, "swap", ["server_streaming"]),
        (7, "silent", ["ping_pong", "cancel_after_first_response"]),
        (8, "extra", ["ping_pong", "empty_stream"]),
        (9, "initial", ["custom_metadata, unary", "custom_metadata, duplex"]),
        (10, "trailing", ["custom_metadata, unary", "custom_metadata, duplex"]),
        (
            11, "code",
            [
                "status_code_and_message, unary", "status_code_and_message, duplex",
                "special_status_message",
            ]
        ),
        (
            12, "message",
            [
                "status_code_and_message, unary", "status_code_and_message, duplex",
                "special_status_message",
            ]
        ),
        (13, "ascii", ["special_status_message"]),
        (14, "implemented", ["unimplemented_method", "unimplemented_service"]),
        (15, "hurry", ["timeout_on_sleeping_server"]),
    ])
    func `find each fault`(number: Int, fault: String, cases: [String]) async throws {
        let result = try await run(number)
        let failed = result.suites.flatMap(\.cases).filter { $0.verdict != .pass }
        #expect(failed.map(\.name) == cases, "\(fault): \(failed.compactMap(\.reason))")
    }
}
