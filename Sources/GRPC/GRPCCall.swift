package import HTTP
package import Loop

/// One call as the client sees it. Whoever does not read it to its end must cancel it.
@EventLoop
package final class GRPCCall {
    private let stream: HTTPClientStream
    private let deadline: Instant
    private var deframer: GRPCDeframer
    private var hasHead = false

    init(_ stream: HTTPClientStream, until deadline: Instant, maxMessage: Int) {
        self.stream = stream
        self.deadline = deadline
        deframer = GRPCDeframer(maxMessage: maxMessage)
    }

    /// The metadata before the first message, complete once `next` has returned.
    package var headers: HTTPHeaders { stream.headers }

    /// The metadata with the status, complete once `next` has returned nil or thrown.
    package var trailers: HTTPHeaders { stream.trailers }

    /// Sends a message; returns when there is room for the next.
    package func send(_ message: [UInt8]) async throws(GRPCStatus) {
        do throws(HTTPError) {
            try await stream.write(grpcFramed(message), until: deadline)
        } catch {
            stream.cancel()
            throw GRPCStatus(error)
        }
    }

    package func finishSending() { stream.finishSending() }

    /// Waits for the peer to accept the call: its metadata has come.
    package func accepted() async throws(GRPCStatus) {
        guard !hasHead else { return }
        do throws(HTTPError) {
            try await stream.head(until: deadline)
        } catch {
            throw failed(error)
        }
        hasHead = true
        guard GRPCStatus(trailers: stream.headers) == nil else { return }
        guard stream.status == 200 else {
            throw GRPCStatus(httpStatus: stream.status, body: try await words())
        }
    }

    /// The peer's next message; nil when the call has ended with OK, any other status is thrown.
    package func next() async throws(GRPCStatus) -> [UInt8]? {
        try await accepted()
        do throws(GRPCStatus) {
            while true {
                if let message = try deframer.next() { return message }
                guard let bytes = try await piece() else { break }
                deframer.append(bytes)
            }
        } catch {
            stream.cancel()
            throw error
        }
        let status =
            GRPCStatus(trailers: stream.trailers) ?? GRPCStatus(trailers: stream.headers)
            ?? GRPCStatus(.internal, "the answer ended without a gRPC status")
        guard status.isOK else { throw status }
        guard !deframer.isInsideMessage else {
            throw GRPCStatus(.internal, "the answer ended inside a message")
        }
        return nil
    }

    /// Gives the call up; the peer is told.
    package func cancel() { stream.cancel() }

    private func piece() async throws(GRPCStatus) -> [UInt8]? {
        do throws(HTTPError) {
            return try await stream.next(until: deadline)
        } catch {
            throw failed(error)
        }
    }

    /// The first words of an answer that is not gRPC's.
    private func words() async throws(GRPCStatus) -> String {
        var body: [UInt8] = []
        while body.count < 512, let bytes = try await piece() { body += bytes }
        stream.cancel()
        return String(decoding: body.prefix(512), as: UTF8.self)
    }

    private func failed(_ error: HTTPError) -> GRPCStatus {
        stream.cancel()
        return GRPCStatus(error)
    }
}
