import GRPC
import HTTP
package import Loop

/// One call under way, step by step.
///
/// Sending never waits: what the server has no room for is kept here and goes out by itself, so a
/// test that sends and then reads cannot hang on a server that does the same. Dropping it cancels it.
@EventLoop
package final class Call {
    /// What `next` brings.
    package enum Event: Hashable, Sendable {
        case message(CallRecord.Message)
        case ended(CallStatus)
        /// Nothing came by the moment that `next` was given; the call goes on.
        case late
    }

    private let request: CallRequest
    private let client: CallClient
    private let deadline: Instant
    private let began = Instant.now
    private var stream: HTTPClientStream?
    private var reader: AnswerReader
    private var hasHead = false
    private var isSendingFinished = false
    /// What was sent, as long as there is no stream for it or the server may refuse it unseen.
    private var sent: [UInt8] = []

    init(_ request: CallRequest, of client: CallClient, until deadline: Instant) {
        self.request = request
        self.client = client
        self.deadline = deadline
        reader = AnswerReader(streamsAnswers: request.streamsAnswers, limits: client.limits)
    }

    isolated deinit { stream?.cancel() }

    /// What has come so far; whole once it has a status.
    package var record: CallRecord { reader.record }

    /// Bytes of our messages that the server has still to make room for.
    package var unsent: Int { stream?.unsent ?? 0 }

    /// Sends a message, or drops it when the call has ended.
    ///
    /// - Parameter compressed: whether by gzip; nil: as the request says.
    package func send(_ message: [UInt8], compressed: Bool? = nil) {
        guard reader.record.status == nil, !isSendingFinished else { return }
        var frame = grpcFramed(message)
        if request.gzip, compressed ?? true, let packed = try? Gzip.compress(message) {
            frame = grpcFramed(packed, isCompressed: true)
        }
        if !hasHead { sent += frame }
        stream?.send(frame)
    }

    /// Half-closes: no more messages will come from us.
    package func finishSending() {
        isSendingFinished = true
        stream?.finishSending()
    }

    /// The next message of the answer, or its end. At most one task reads.
    ///
    /// - Parameter limit: when to wait no longer; the call goes on behind it.
    package func next(until limit: Instant? = nil) async -> Event {
        let moment = min(limit ?? deadline, deadline)
        while true {
            if let message = reader.next() {
                settle()
                return .message(message)
            }
            settle()
            if let status = reader.record.status { return .ended(status) }
            guard await advance(until: moment) else { return .late }
        }
    }

    /// Reads the answer to its end.
    package func end() async -> CallRecord {
        while case .message = await next() {}
        return record
    }

    /// Gives the call up; the server is told.
    @discardableResult
    package func cancel() -> CallRecord {
        let error = HTTPError(.cancelled, "cancelled by this side")
        reader.end(CallStatus(error, deadline: deadline))
        settle()
        return record
    }

    // MARK: The stream

    /// Opens a stream; what was sent goes out with its head.
    func open() async {
        reader.record.attempts += 1
        let start = Instant.now
        guard start < deadline else {
            let error = HTTPError(.timedOut, "")
            return reader.end(CallStatus(error, deadline: deadline))
        }
        do throws(HTTPError) {
            if try await client.http.connect(until: deadline) {
                reader.record.connecting = .now - start
            }
            var request = head
            request.body = sent
            let stream = try await client.http.begin(
                request,
                isWhole: isSendingFinished,
                until: deadline
            )
            // What was sent meanwhile.
            stream.send(Array(sent.dropFirst(request.body.count)))
            if isSendingFinished { stream.finishSending() }
            self.stream = stream
        } catch {
            reader.end(.connect(error))
        }
    }

    private var head: HTTPRequest {
        var headers: HTTPHeaders = [
            "te": "trailers", "content-type": "application/grpc", "grpc-accept-encoding": "gzip",
            "grpc-timeout": GRPCTimeout.format(deadline - .now),
        ]
        if request.gzip { headers.add("grpc-encoding", "gzip") }
        let metadata = request.metadata.headers
        if !metadata.contains("user-agent") { headers.add("user-agent", "healthgate") }
        for field in metadata { headers.add(field.name, field.value) }
        return HTTPRequest("POST", request.path, authority: client.authority, headers: headers)
    }

    /// Takes what the stream brings next, or its end; false when neither came by the moment.
    private func advance(until moment: Instant) async -> Bool {
        guard let stream else { return true }
        do throws(HTTPError) {
            if !hasHead {
                try await stream.head(until: moment)
                hasHead = true
                sent = []
                reader.record.firstByte = stream.answered.map { $0 - began }
                reader.head(stream.status, stream.headers, isWhole: stream.isHeadOnly)
            } else if let bytes = try await stream.next(until: moment) {
                reader.append(bytes)
            } else {
                reader.finish(stream.trailers)
            }
        } catch {
            if error.kind == .timedOut, !stream.isEnded, .now < deadline { return false }
            // The server promises that it has not looked at the call: it is safe to repeat.
            guard error.kind == .refusedStream, !hasHead, reader.record.attempts == 1 else {
                reader.end(CallStatus(error, deadline: deadline, unsent: stream.unsent))
                return true
            }
            if error.goAway == nil { client.http.leaveConnection() }
            await open()
        }
        return true
    }

    /// Lets the stream go once the call has a status.
    private func settle() {
        guard reader.record.status != nil else { return }
        if reader.record.total == .zero { reader.record.total = .now - began }
        stream?.cancel()
        stream = nil
    }
}
