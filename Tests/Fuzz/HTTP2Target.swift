import Glibc
import TestSupport

// The connection is not the module's own to give: a release build that is not made for this has
// no way in.
#if DEBUG || LIBFUZZER
    @testable import HTTP
    @testable import Loop

    @EventLoop let internalTargets: [any FuzzTarget.Type] = [HTTP2Target.self]

    /// A server's connection, from its first byte to the peer's end: what it says is whole frames,
    /// and nothing of it stays. The socket is real, but only carries what the connection says; the
    /// bytes of the input are handed to it in pieces.
    struct HTTP2Target: FuzzTarget {
        static let name = "http2"
        private var mutator = FrameMutator(seed: 1)
        private let server: HTTPServer?

        init() {
            var limits = HTTPLimits()
            limits.maxBody = 4096
            limits.maxStreams = 8
            server = SocketAddress("127.0.0.1:0").flatMap {
                try? HTTPServer($0, handler: FuzzHandler(), limits: limits)
            }
        }

        var seeds: [[UInt8]] { HTTP2Seeds.all.map { $0.flatMap(\.bytes) } }
        var maxLength: Int { 2048 }

        mutating func mutated(_ input: [UInt8]) -> [UInt8] { mutator.mutated(input) }

        mutating func fault(with input: [UInt8]) -> String? {
            guard let server else { return "no server" }
            var ends: [Int32] = [0, 0]
            let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
            guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return "no sockets" }
            defer { close(ends[1]) }
            let channel = Channel(adopting: ends[0], peer: nil)
            server.accepted(channel)
            var output: [UInt8] = []
            for piece in [preface] + pieces(of: input) {
                piece.withUnsafeBytes { bytes in
                    channel.gather { channel.owner?.received(bytes) }
                }
            }
            take(ends[1], into: &output)
            // What the socket had no room for is written when libevent says so, which does not turn here.
            let isCut = channel.backlog > 0
            if channel.isOpen { channel.owner?.ended(nil) }
            guard server.connectionCount == 0 else { return "the connection is not forgotten" }
            return isCut ? nil : fault(in: output)
        }

        private func fault(in output: [UInt8]) -> String? {
            var rest = output[...]
            while rest.count >= 9 {
                let length = rest.prefix(3).reduce(0) { $0 << 8 | Int($1) }
                guard length <= 16384 else { return "says a frame of \(length) bytes" }
                guard rest.count >= 9 + length else { return "breaks off within a frame" }
                rest = rest.dropFirst(9 + length)
            }
            return rest.isEmpty ? nil : "breaks off within a frame"
        }

        private func take(_ end: Int32, into output: inout [UInt8]) {
            while true {
                let buffer = EventLoop.receiveBuffer
                let count = recv(end, buffer.baseAddress, buffer.count, 0)
                guard count > 0 else { return }
                output.append(contentsOf: buffer[..<count])
            }
        }
    }

    private let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    /// Answers in each of the ways there are.
    @EventLoop
    private final class FuzzHandler: HTTPHandler {
        private let ready = PreparedAnswer(HTTPResponse(200, body: Array("ready\n".utf8)))
        private let trailing: PreparedAnswer = {
            var response = HTTPResponse(200, body: Array("ready\n".utf8))
            response.trailers = ["grpc-status": "0"]
            return PreparedAnswer(response)
        }()

        func route(_ head: borrowing RequestHead) -> RouteToken? {
            if head.isPath("/readyz") { return RouteToken(bits: 1) }
            return head.isPath("/a.B/C") ? RouteToken(bits: 2) : nil
        }

        func answer(_ token: RouteToken, _ body: UnsafeRawBufferPointer) -> PreparedAnswer? {
            if token.bits == 1 { return ready }
            return body.count == 5 ? trailing : nil
        }

        func streamsBody(_ request: HTTPRequest) -> Bool { request.path == "/stream" }

        func handle(_ exchange: Exchange) {
            let request = exchange.request
            switch request.path {
            case "/stream":
                exchange.start(200, [:])
                exchange.onBody = { [weak exchange] bytes, isLast in
                    exchange?.consumed(bytes.count)
                    exchange?.write(bytes)
                    if isLast { exchange?.finish(trailers: ["x-end": "yes"]) }
                }
            case "/large":
                exchange.start(200, ["content-type": "text/plain"])
                for _ in 0..<4 { exchange.write([UInt8](repeating: 1, count: 10_000)) }
                exchange.finish()
            case "/abort":
                exchange.start(200, [:])
                exchange.abort(2)
            case "/never": break
            default: exchange.respond(HTTPResponse(200, body: request.body))
            }
        }
    }
#else
    import Loop

    @EventLoop let internalTargets: [any FuzzTarget.Type] = []
#endif
