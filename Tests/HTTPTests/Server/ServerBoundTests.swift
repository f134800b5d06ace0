import HTTP
import Loop
import Testing

@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `A server's connections` {
    private let get = Array("GET /ready HTTP/1.1\r\nhost: a\r\n\r\n".utf8)

    private func server(total: Int = 100, perPeer: Int = 100) throws -> HTTPServer {
        var limits = HTTPLimits()
        limits.maxConnections = total
        limits.maxConnectionsPerPeer = perPeer
        let address = try #require(SocketAddress("127.0.0.1:0"))
        return try HTTPServer(address, handler: Echo(), limits: limits)
    }

    private func connect(_ server: HTTPServer) async throws -> ByteStream {
        try await ByteStream.connect(to: server.address, until: soon)
    }

    /// A connection whose server has its first request, and has answered it.
    private func speak(_ server: HTTPServer) async throws -> ByteStream {
        let stream = try await connect(server)
        #expect(try await isAnswered(stream))
        return stream
    }

    private func isAnswered(_ stream: ByteStream) async throws -> Bool {
        do {
            try await stream.write(get, until: soon)
            return try await stream.read(until: soon) != nil
        } catch {
            guard [.reset, .closed].contains(error.kind) else { throw error }
            return false
        }
    }

    /// Whether a new connection is answered; it may be reset before it knows that it is one.
    private func isTaken(_ server: HTTPServer) async throws -> Bool {
        let stream: ByteStream
        do {
            stream = try await connect(server)
        } catch let error as LoopError {
            guard error.kind == .reset else { throw error }
            return false
        }
        return try await isAnswered(stream)
    }

    private func isCut(_ stream: ByteStream) async throws -> Bool {
        do {
            return try await stream.read(until: soon) == nil
        } catch {
            guard error.kind == .reset else { throw error }
            return true
        }
    }

    @Test func `that never said a word give way to new ones, the oldest first`() async throws {
        let server = try server(total: 4)
        let spoken = try await speak(server)
        var silent: [ByteStream] = []
        for _ in 0..<3 { silent.append(try await connect(server)) }
        let new = try await speak(server)
        #expect(try await isCut(silent[0]))
        // All others are there yet, the new one too.
        for stream in [spoken, new] + silent[1...] { #expect(try await isAnswered(stream)) }
        #expect(server.connectionCount == 4)
        #expect(server.met[.connections] == 1)
    }

    @Test func `that are in use are kept, and a new one is turned away`() async throws {
        let server = try server(total: 2)
        let kept = [try await speak(server), try await speak(server)]
        #expect(try await !isTaken(server))
        for stream in kept { #expect(try await isAnswered(stream)) }
        #expect(server.met[.connections] == 1)
    }

    @Test func `of one peer are bounded apart from the others`() async throws {
        let server = try server(total: 3, perPeer: 2)
        let kept = [try await speak(server), try await speak(server)]
        #expect(try await !isTaken(server))
        #expect(server.met[.connectionsPerPeer] == 1)
        #expect(server.met[.connections] == 0)
        // Their ends make room again.
        kept[0].close()
        while server.connectionCount > 1 { #expect(try await isAnswered(kept[1])) }
        #expect(try await isTaken(server))
    }

    @Test func `are all gone after a storm of them`() async throws {
        let server = try server(total: 50)
        var streams: [ByteStream] = []
        for _ in 0..<500 { streams.append(try await connect(server)) }
        let last = try await speak(server)
        #expect(server.connectionCount == 50)
        #expect(server.met[.connections] == 451)
        for stream in streams { stream.close() }
        while server.connectionCount > 1 { #expect(try await isAnswered(last)) }
    }

    @Test func `give up a silent one when descriptors run out`() async throws {
        let server = try server()
        #expect(!server.shed())
        let silent = try await connect(server)
        let spoken = try await speak(server)
        #expect(server.shed())
        #expect(!server.shed())
        #expect(try await isCut(silent))
        #expect(try await isAnswered(spoken))
    }

    @Test func `bring all answers to a peer that asks far ahead of them`() async throws {
        var limits = HTTPLimits()
        limits.maxBacklog = 1024
        let address = try #require(SocketAddress("127.0.0.1:0"))
        let server = try HTTPServer(address, handler: Echo(), limits: limits)
        let stream = try await connect(server)
        let requests = [[UInt8]](repeating: get, count: 5000).flatMap { $0 }
        let writing = EventLoop.task { try await stream.write(requests, until: soon) }
        var text: [UInt8] = []
        let one = try await length(of: speak(server))
        while text.count < 5000 * one, let more = try await stream.read(until: soon) {
            text += more
        }
        #expect(text.count == 5000 * one)
        try await writing.value
        #expect(try await isAnswered(stream))
    }

    /// How long the answer to one request is.
    private func length(of stream: ByteStream) async throws -> Int {
        try await stream.write(get, until: soon)
        return try #require(try await stream.read(until: soon)).count
    }
}
