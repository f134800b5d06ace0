import GRPC
import HTTP
import Loop
import Testing

@EventLoop
@Suite struct `A gRPC call` {
    let soon = Instant.now + .seconds(20)
    let service = GRPCServer(maxMessage: 1 << 20)
    let server: HTTPServer
    let client: GRPCClient

    init() throws {
        let address = try #require(SocketAddress("127.0.0.1:0"))
        server = try HTTPServer(address, handler: service)
        client = GRPCClient(Endpoint(server.address), authority: "test")
    }

    @Test func `answers one message with one`() async throws {
        service.unary("/t/Echo") { (message, _) throws(GRPCStatus) in message.reversed() }
        #expect(try await client.unary("/t/Echo", [1, 2, 3], until: soon) == [3, 2, 1])
        #expect(try await client.unary("/t/Echo", [], until: soon) == [])
    }

    @Test func `carries messages beyond the flow-control windows both ways`() async throws {
        service.unary("/t/Echo") { (message, _) throws(GRPCStatus) in message }
        let long = [UInt8](repeating: 9, count: 900_000)
        #expect(try await client.unary("/t/Echo", long, until: soon) == long)
    }

    @Test func `may send no message at all`() async throws {
        service.streaming("/t/Chat") { (call) throws(GRPCStatus) in
            while let message = try await call.next() { try await call.send(message) }
        }
        let chat = HTTPRequest(
            "POST",
            "/t/Chat",
            headers: ["content-type": "application/grpc", "te": "trailers"]
        )
        let http = HTTPClient(Endpoint(server.address), version: .http2)
        // The head itself ends the request.
        let stream = try await http.begin(chat, isWhole: true, until: soon)
        try await stream.head(until: soon)
        #expect(try await stream.next(until: soon) == nil)
        #expect(stream.trailers["grpc-status"] == "0")
    }

    @Test func `fails with the status that the method throws`() async {
        service.unary("/t/Fail") { (_, call) throws(GRPCStatus) in
            call.trailingMetadata.add("x-why", "because")
            throw GRPCStatus(.failedPrecondition, "näh: 5 % short")
        }
        await #expect(throws: GRPCStatus(.failedPrecondition, "näh: 5 % short")) {
            try await client.unary("/t/Fail", [], until: soon)
        }
    }

    @Test func `to an unknown method is unimplemented`() async {
        await #expect(throws: GRPCStatus(.unimplemented, "no method /t/None")) {
            try await client.unary("/t/None", [], until: soon)
        }
    }

    @Test func `sees the metadata, and the deadline`() async throws {
        service.unary("/t/Meta") { (_, call) throws(GRPCStatus) in
            guard let deadline = call.deadline, deadline <= .now + .seconds(20) else {
                throw GRPCStatus(.internal, "no deadline")
            }
            return Array((call.metadata["x-word"] ?? "").utf8)
        }
        let answer = try await client.unary(
            "/t/Meta",
            [],
            metadata: ["x-word": "hello"],
            until: soon
        )
        #expect(answer == Array("hello".utf8))
    }

    @Test func `streams both ways, message by message`() async throws {
        service.streaming("/t/Chat") { (call) throws(GRPCStatus) in
            call.initialMetadata.add("x-hello", "yes")
            while let message = try await call.next() { try await call.send(message + [0]) }
            try await call.send([99])
        }
        let call = try await client.call("/t/Chat", until: soon)
        for number in UInt8(1)...3 {
            try await call.send([number])
            #expect(try await call.next() == [number, 0])
        }
        #expect(call.headers["x-hello"] == "yes")
        call.finishSending()
        #expect(try await call.next() == [99])
        #expect(try await call.next() == nil)
    }

    @Test func `does not run ahead of a reader that is slow`() async throws {
        var sent = 0
        service.streaming("/t/Flood") { (call) throws(GRPCStatus) in
            for _ in 0..<200 {
                try await call.send([UInt8](repeating: 1, count: 100_000))
                sent += 1
            }
        }
        let call = try await client.call("/t/Flood", until: soon)
        #expect(try await call.next()?.count == 100_000)
        #expect(sent < 200)
        var count = 1
        while try await call.next() != nil { count += 1 }
        #expect(count == 200)
    }

    @Test func `tells the method when the caller gives up`() async throws {
        let told = Waiter<GRPCStatus.Code>()
        service.streaming("/t/Wait") { (call) throws(GRPCStatus) in
            do throws(GRPCStatus) {
                try await call.send([1])
                _ = try await call.next()
            } catch {
                told.fulfil(.success(error.code))
                throw error
            }
        }
        let call = try await client.call("/t/Wait", until: soon)
        #expect(try await call.next() == [1])
        call.cancel()
        #expect(try await told.wait(until: soon, "hear of the end") == .cancelled)
    }

    @Test func `ends on both sides at its deadline`() async throws {
        let told = Waiter<GRPCStatus.Code>()
        service.streaming("/t/Wait") { (call) throws(GRPCStatus) in
            do throws(GRPCStatus) {
                while try await call.next() != nil {}
                _ = try await call.next()
            } catch {
                told.fulfil(.success(error.code))
                throw error
            }
        }
        try await client.connect(until: soon)
        let call = try await client.call("/t/Wait", until: .now + .milliseconds(50))
        let status = await failure { _ = try await call.next() }
        #expect(status?.code == .deadlineExceeded)
        #expect(try await told.wait(until: soon, "hear of the end") != .ok)
    }

    @Test func `that is too large is refused`() async throws {
        service.unary("/t/Echo") { (message, _) throws(GRPCStatus) in message }
        let long = [UInt8](repeating: 1, count: 2 << 20)
        let status = await failure { _ = try await client.unary("/t/Echo", long, until: soon) }
        #expect(status?.code == .resourceExhausted)
        // The connection goes on.
        #expect(try await client.unary("/t/Echo", [1], until: soon) == [1])
    }

    @Test func `to nobody is unavailable`() async throws {
        let gone = server.address
        await server.close(within: .zero)
        let client = GRPCClient(Endpoint(gone))
        let status = await failure { _ = try await client.unary("/t/Echo", [], until: soon) }
        #expect(status?.code == .unavailable)
    }

    @Test(arguments: [
        (HTTPRequest("GET", "/t/Echo", headers: ["content-type": "application/grpc"]), 405),
        (HTTPRequest("POST", "/t/Echo", headers: ["content-type": "application/json"]), 415),
        (HTTPRequest("POST", "/t/Echo", headers: ["content-type": "application/grpc-web"]), 415),
        (HTTPRequest("POST", "/t/Echo"), 415),
    ])
    func `that is none is answered by HTTP`(request: HTTPRequest, status: Int) async throws {
        let http = HTTPClient(Endpoint(server.address), version: .http2)
        #expect(try await http.send(request, until: soon).status == status)
    }

    @Test func `with a timeout that cannot be read is refused`() async throws {
        service.unary("/t/Echo") { (message, _) throws(GRPCStatus) in message }
        let http = HTTPClient(Endpoint(server.address), version: .http2)
        let headers: HTTPHeaders = ["content-type": "application/grpc", "grpc-timeout": "soon"]
        let response = try await http.send(
            HTTPRequest("POST", "/t/Echo", headers: headers, body: grpcFramed([1])),
            until: soon
        )
        #expect(GRPCStatus(trailers: response.trailers)?.code == .internal)
    }

    @Test func `answered by something that is not gRPC says so`() async throws {
        let page = try HTTPServer(try #require(SocketAddress("127.0.0.1:0")), handler: Page())
        let client = GRPCClient(Endpoint(page.address))
        let status = await failure { _ = try await client.unary("/t/Echo", [], until: soon) }
        #expect(status?.code == .unavailable)
        #expect(status?.httpStatus == 503)
        #expect(status?.message.contains("no healthy upstream") == true)
    }
}

@EventLoop
private final class Page: HTTPHandler {
    func handle(_ exchange: Exchange) {
        exchange.respond(HTTPResponse(503, body: Array("no healthy upstream".utf8)))
    }
}
