import Loop
import Suites
import TestSupport
import Testing

/// A server of somebody else's making, in a process that goes with this one.
@EventLoop
final class PeerServer {
    struct Failure: Error {
        let words: String
    }

    /// The addresses that it told in its first line.
    let addresses: [SocketAddress]
    /// Fulfilled when it has ended.
    let ended: Waiter<Void>
    private let process: BoundProcess
    private let folder: TemporaryFolder

    private static let root =
        "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    /// Started by the first test that asks, and shared.
    static let grpcio = EventLoop.task {
        try await PeerServer(script: "Calls/Servers/grpcio_server.py")
    }
    static let faulty = EventLoop.task {
        try await PeerServer(script: "Calls/Servers/faulty_server.py")
    }

    /// Runs a script of these tests; it says its ports when it serves.
    convenience init(script: String) async throws {
        let script = "\(Self.root)/Tests/SuitesTests/\(script)"
        try await self.init(["\(Self.root)/.venv/bin/python", script], in: TemporaryFolder())
    }

    /// Runs nghttp2's server over these files, whose trailers are the same for each.
    convenience init(nghttpd files: [String: [UInt8]], trailers: [String]) async throws {
        let folder = try TemporaryFolder()
        for (name, bytes) in files {
            try await Files.writeDurably(bytes, to: "\(folder.path)/\(name).grpc")
        }
        try await Files.writeDurably(bytes("application/grpc grpc\n"), to: "\(folder.path)/types")
        let any = try #require(SocketAddress("127.0.0.1:0"))
        let port = try #require(try Listener(any) { $0.close() }.address.port)
        let trailers = trailers.flatMap { ["--trailer", $0] }
        try await self.init(
            [
                "/usr/sbin/nghttpd", "--verbose", "--address=127.0.0.1", "--no-tls",
                "--htdocs=\(folder.path)", "--mime-types-file=\(folder.path)/types",
            ] + trailers + ["\(port)"],
            in: folder
        )
    }

    private init(_ argv: [String], in folder: TemporaryFolder) async throws {
        let told = Waiter<String>()
        let ended = Waiter<Void>()
        self.ended = ended
        self.folder = folder
        process = try BoundProcess(
            argv,
            scratch: "\(folder.path)/scratch",
            onLine: { told.fulfil(.success($0)) },
            onExit: { _ in
                told.fulfil(.failure(.closed))
                ended.fulfil(.success(()))
            }
        )
        let line = try await told.wait(until: .now + .seconds(30), "hear a port")
        let ports = line.split { $0 == " " || $0 == ":" }
        addresses = ports.compactMap { SocketAddress("127.0.0.1:\($0)") }
        guard !addresses.isEmpty else { throw Failure(words: "\(argv): \(line)") }
    }

    /// Ends when the test drops it.
    func client(_ number: Int = 0, limits: CallLimits = CallLimits()) -> CallClient {
        CallClient(Endpoint(addresses[number]), limits: limits)
    }
}

extension CallRequest {
    /// One of the methods of `grpcio_server.py`.
    init(t name: String, streams: Bool = false, gzip: Bool = false) {
        self.init("/t/\(name)", streamsAnswers: streams, gzip: gzip)
    }
}

extension CallRecord {
    /// The messages as text.
    var texts: [String] { messages.map { String(decoding: $0.bytes, as: UTF8.self) } }

    /// The violation that made the status.
    var violation: CallStatus.Violation? {
        guard case .client(.violation(let violation)) = status?.source else { return nil }
        return violation
    }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
