import Loop

/// Messages that came, waiting to be read by one task; for either side of a call.
@EventLoop
final class GRPCInbox {
    /// Told how many bytes the peer may send anew.
    var onConsumed: ((Int) -> Void)?

    private static let room = 256 << 10

    private var deframer: GRPCDeframer
    private var messages: [[UInt8]] = []
    private var buffered = 0
    private var owed = 0
    private var end: Result<Void, GRPCStatus>?
    private var isDiscarding = false
    private var waiting: Waiter<Void>?

    init(maxMessage: Int) { deframer = GRPCDeframer(maxMessage: maxMessage) }

    func receive(_ bytes: [UInt8], last: Bool) {
        owed += bytes.count
        if !isDiscarding, end == nil {
            deframer.append(bytes)
            takeMessages()
            if last, end == nil { finishBody() }
        }
        // While few messages wait the peer may go on, so that a long one can become whole.
        if buffered < Self.room { pay() }
        wake()
    }

    /// No more will come, for this reason.
    func fail(_ status: GRPCStatus) {
        if end == nil { end = .failure(status) }
        wake()
    }

    /// No more will come, and all was well.
    func finish() {
        if end == nil { end = .success(()) }
        wake()
    }

    /// From now on what comes is dropped.
    func discard() {
        isDiscarding = true
        messages = []
        buffered = 0
        pay()
    }

    /// The next message; nil after the last.
    func next(until deadline: Instant?) async throws(GRPCStatus) -> [UInt8]? {
        while messages.isEmpty {
            if let end {
                try end.get()
                return nil
            }
            let waiter = Waiter<Void>()
            waiting = waiter
            defer { waiting = nil }
            do throws(LoopError) {
                try await waiter.wait(until: deadline, "wait for a message")
            } catch {
                throw GRPCStatus(error)
            }
        }
        let message = messages.removeFirst()
        buffered -= message.count
        if buffered < Self.room { pay() }
        return message
    }

    private func takeMessages() {
        do throws(GRPCStatus) {
            while let message = try deframer.next() {
                messages.append(message)
                buffered += message.count
            }
        } catch {
            end = .failure(error)
        }
    }

    private func finishBody() {
        end =
            deframer.isInsideMessage
            ? .failure(GRPCStatus(.internal, "the stream ended inside a message")) : .success(())
    }

    private func pay() {
        guard owed > 0 else { return }
        let count = owed
        owed = 0
        onConsumed?(count)
    }

    private func wake() { waiting?.fulfil(.success(())) }
}

extension GRPCStatus {
    /// What a failure below means for a call.
    init(_ error: LoopError) {
        let code: Code =
            switch error.kind {
            case .timedOut: .deadlineExceeded
            case .cancelled: .cancelled
            default: .unavailable
            }
        self.init(code, error.message)
    }
}
