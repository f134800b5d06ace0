import GRPC
import HTTP
import Loop
import Suites
import Testing

/// Against nghttp2's own server, which gives out files that hold messages.
@EventLoop
@Suite struct `A call to nghttpd` {
    let soon = Instant.now + .seconds(30)
    let long = [UInt8](repeating: 5, count: 4 << 20)

    private var files: [String: [UInt8]] {
        [
            "One": grpcFramed(bytes("done")),
            "Many": grpcFramed(bytes("a")) + grpcFramed([]) + grpcFramed(bytes("b")),
            "Long": grpcFramed(long),
            "Cut": grpcFramed(bytes("done")).dropLast(),
        ]
    }

    @Test func `is read by its trailers`() async throws {
        let server = try await PeerServer(nghttpd: files, trailers: ["grpc-status: 0", "x-a: b"])
        let client = server.client()
        let one = await client.call(CallRequest("/One.grpc"), [[1]], until: soon)
        #expect(one.texts == ["done"])
        #expect(one.trailers["x-a"] == "b")
        #expect(one.status?.source == .server && one.status?.isOK == true)
        let streaming = CallRequest("/Many.grpc", streamsAnswers: true)
        let many = await client.call(streaming, [[1], [2]], until: soon)
        #expect(many.texts == ["a", "", "b"])
        let unary = await client.call(CallRequest("/Many.grpc"), [[1]], until: soon)
        #expect(unary.violation == .extraMessage)
        let long = await client.call(CallRequest("/Long.grpc"), [self.long], until: soon)
        #expect(long.messages.first?.bytes == self.long)
        let cut = await client.call(CallRequest("/Cut.grpc"), [[1]], until: soon)
        #expect(cut.violation == .insideMessage)
        let none = await client.call(CallRequest("/None.grpc"), [[1]], until: soon)
        #expect(none.violation == .httpStatus(404))
        #expect(none.status?.code == .unknown)
        #expect(none.connecting == nil)
    }

    @Test func `may end by any status behind its messages`() async throws {
        let trailers = ["grpc-status: 9", "grpc-message: n%C3%B6", "grpc-status-details-bin: CAk"]
        let server = try await PeerServer(nghttpd: files, trailers: trailers)
        let one = await server.client().call(CallRequest("/One.grpc"), [[1]], until: soon)
        #expect(one.texts == ["done"])
        #expect(one.status?.code == .failedPrecondition)
        #expect(one.status?.message == "nö")
        #expect(one.status?.details == [8, 9])
        let bare = try await PeerServer(nghttpd: files, trailers: [])
        let without = await bare.client().call(CallRequest("/One.grpc"), [[1]], until: soon)
        #expect(without.violation == .noStatus)
    }
}
