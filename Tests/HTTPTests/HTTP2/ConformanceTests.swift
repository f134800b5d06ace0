import Glibc
import HTTP
import Loop
import Testing

/// The table in `Conformance/`: what must be seen when these frames are sent, by RFC 9113. A script
/// sends them, by libraries that are not ours.
@EventLoop
@Suite struct `An HTTP/2 server` {
    @Test func `keeps to RFC 9113 in each case of the table`() async throws {
        var limits = HTTPLimits()
        limits.maxStreams = 8  // as `streams.py` knows
        let address = try #require(SocketAddress("127.0.0.1:0"))
        let server = try HTTPServer(address, handler: ConformanceHandler(), limits: limits)
        let port = server.address.description.split(separator: ":").last.map(String.init)
        let run = try await script(["127.0.0.1", try #require(port)])
        #expect(run.exit == .code(0), "\(run.output)")
        #expect(run.output.contains(/[1-9][0-9]{2} cases, 0 failed/))
        await server.close(within: .seconds(5))
        #expect(server.connectionCount == 0)
    }

    @Test func `would be told from one that minds nothing, or everything, by each case`()
        async throws
    {
        let run = try await script([])
        #expect(run.exit == .code(0), "\(run.output)")
        #expect(run.output.contains(/[1-9][0-9]{2} cases/))
    }

    private func script(_ arguments: [String]) async throws -> Subprocess.Output {
        let folder = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let python = folder + "/../../../.venv/bin/python"
        try #require(access(python, X_OK) == 0, "\(python) is not there: run make install")
        return try await Subprocess.run(
            [python, "-B", folder + "/Conformance/conformance.py"] + arguments,
            until: .now + .seconds(120)
        )
    }
}

/// The answers that the table expects.
@EventLoop
private final class ConformanceHandler: HTTPHandler {
    private let ready = PreparedAnswer(HTTPResponse(200, body: Array("ready\n".utf8)))

    func route(_ head: borrowing RequestHead) -> RouteToken? {
        head.isPath("/readyz") ? RouteToken(bits: 1) : nil
    }

    func answer(_ token: RouteToken, _ body: UnsafeRawBufferPointer) -> PreparedAnswer? { ready }

    func streamsBody(_ request: HTTPRequest) -> Bool {
        ["/stream", "/stuck"].contains(request.path)
    }

    func handle(_ exchange: Exchange) {
        let request = exchange.request
        switch request.path {
        case "/held": break
        case "/stuck": exchange.onBody = { _, _ in }
        case "/stream":
            exchange.start(200, [:])
            exchange.onBody = { [weak exchange] bytes, isLast in
                exchange?.consumed(bytes.count)
                exchange?.write(bytes)
                if isLast { exchange?.finish(trailers: ["x-end": "yes"]) }
            }
        case "/large":
            exchange.start(200, ["content-type": "text/plain"])
            for _ in 0..<3 { exchange.write([UInt8](repeating: UInt8(ascii: "l"), count: 100_000)) }
            exchange.finish()
        case "/fields":
            let fields = request.headers.map { "\($0): \($1)\n" }.joined()
            exchange.respond(HTTPResponse(200, body: Array(fields.utf8)))
        default: exchange.respond(HTTPResponse(200, body: request.body))
        }
    }
}
