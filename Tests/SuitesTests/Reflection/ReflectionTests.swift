import GRPC
import HTTP
import Loop
import Suites
import Testing

@EventLoop
@Suite struct `Reflection` {
    let soon = Instant.now + .seconds(30)

    @Test(arguments: [0, 1])
    func `of grpcio is read, in v1alpha and in v1`(port: Int) async throws {
        let server = try await PeerServer.grpcio.value
        let reflection = ReflectionClient(server.client(port))
        let services = try await reflection.services(until: soon)
        #expect(
            Set(services) == ["grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection"]
        )
        let found = try await reflection.files(declaring: services, until: soon)
        let health = "grpc_health/v1/health.proto"
        let names = [health, "grpc_reflection/v1alpha/reflection.proto"]
        #expect(Set(found.files.keys).isSuperset(of: names))
        #expect(found.missing == [])
        // As it is, a descriptor begins with its own name.
        #expect(found.files[health]?.starts(with: ProtoFields.field(1, health.utf8)) == true)
        // api.proto imports two files, and one of these a third.
        let api = "google/protobuf/api.proto"
        let imports = ["any", "api", "source_context", "type"].map { "google/protobuf/\($0).proto" }
        let named = try await reflection.files(named: [api], until: soon)
        #expect(Set(named.files.keys) == Set(imports) && named.missing == [])
        await #expect { try await reflection.files(declaring: ["no.Such"], until: soon) } throws: {
            "\($0)".contains("no.Such: NOT_FOUND")
        }
        let none = try await reflection.files(named: ["no/such.proto"], until: soon)
        #expect(none.files.isEmpty && none.missing.map(\.name) == ["no/such.proto"])
    }

    @Test func `is told to be absent where it is`() async throws {
        let bare = try self.server(GRPCServer())
        await #expect { try await client(bare).services(until: soon) } throws: {
            "\($0)".hasPrefix("the server has no reflection, neither v1 nor v1alpha (UNIMPLEMENTED")
        }
        let page = try self.server(NotFound())
        await #expect { try await client(page).services(until: soon) } throws: {
            "\($0)".contains("(UNKNOWN: HTTP status 404 without a gRPC status: no route)")
        }
        let gone = bare.address
        await bare.close(within: .zero)
        let reflection = ReflectionClient(CallClient(Endpoint(gone)))
        await #expect { try await reflection.services(until: soon) } throws: {
            ($0 as? ReflectionClient.Failure)?.status?.source == .client(.connect)
        }
    }

    private func server(_ handler: any HTTPHandler) throws -> HTTPServer {
        try HTTPServer(try #require(SocketAddress("127.0.0.1:0")), handler: handler)
    }

    private func client(_ server: HTTPServer) -> ReflectionClient {
        ReflectionClient(CallClient(Endpoint(server.address)))
    }

    /// Serves files one by one, as some servers do, and imports of which it cannot give all.
    private func serve(
        _ files: [String: [String]],
        calls: @escaping @EventLoop () -> Void = {}
    ) throws -> HTTPServer {
        let service = GRPCServer()
        let path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"
        service.streaming(path) { (call) throws(GRPCStatus) in
            calls()
            while let message = try await call.next() {
                guard case (3, .bytes(let name))? = try ProtoFields.read(message).first else {
                    throw GRPCStatus(.invalidArgument)
                }
                let text = String(decoding: name, as: UTF8.self)
                guard let imports = files[text] else {
                    let error = [8, 5] + ProtoFields.field(2, "unknown".utf8)
                    try await call.send(ProtoFields.field(7, error))
                    continue
                }
                var file = ProtoFields.field(1, name)
                for name in imports { file += ProtoFields.field(3, name.utf8) }
                try await call.send(ProtoFields.field(4, ProtoFields.field(1, file)))
            }
        }
        return try self.server(service)
    }

    @Test func `follows imports to their end, and each once`() async throws {
        let files = ["a": ["b", "c"], "b": ["d"], "c": ["d", "a"], "d": []]
        var calls = 0
        let server = try serve(files) { calls += 1 }
        let found = try await client(server).files(named: ["a"], until: soon)
        #expect(Set(found.files.keys) == ["a", "b", "c", "d"])
        #expect(found.missing == [] && calls == 1)
    }

    @Test func `names an import that the server does not give, and who wants it`() async throws {
        let server = try serve(["a": ["lost/b"], "c": []])
        let found = try await client(server).files(named: ["a", "c"], until: soon)
        #expect(Set(found.files.keys) == ["a", "c"])
        let words = "the server's reflection does not give lost/b, imported by a"
        #expect(
            found.missing.map(\.description)
                == ["\(words) (NOT_FOUND: unknown); name the .proto files in the suite instead"]
        )
    }

    @Test(arguments: [[0x22, 0x7f], [0x22, 2, 0x0a, 0], [0xff]] as [[UInt8]])
    func `takes no answer that cannot be read`(answer: [UInt8]) async throws {
        let service = GRPCServer()
        let path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"
        service.streaming(path) { (call) throws(GRPCStatus) in
            _ = try await call.next()
            try await call.send(answer)
        }
        let server = try self.server(service)
        await #expect(throws: ReflectionClient.Failure.self) {
            try await client(server).files(named: ["a"], until: soon)
        }
    }
}

@EventLoop
private final class NotFound: HTTPHandler {
    /// It does not wait for the end of a request.
    func streamsBody(_ request: HTTPRequest) -> Bool { true }

    func handle(_ exchange: Exchange) {
        exchange.respond(HTTPResponse(404, body: bytes("no route")))
    }
}
