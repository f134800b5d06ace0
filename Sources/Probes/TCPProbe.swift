package import Health
package import Loop

/// Connects, and where it is told to, sends bytes and looks at how the reply begins.
@EventLoop
package final class TCPProbe: Probe {
    private let endpoint: Endpoint
    private let exchange: ProbeTarget.TCPExchange
    private let blame: Blame

    package init(_ endpoint: Endpoint, _ exchange: ProbeTarget.TCPExchange, _ blame: Blame) {
        self.endpoint = endpoint
        self.exchange = exchange
        self.blame = blame
    }

    package func run(until deadline: Instant) async -> Outcome {
        var phases = Phases(blame)
        let stream: ByteStream
        do throws(LoopError) {
            stream = try await connect(until: deadline, &phases)
        } catch {
            return phases.failed(blame.connecting(error))
        }
        defer { stream.close() }
        guard !exchange.send.isEmpty || !exchange.expect.isEmpty else {
            return phases.up("connected")
        }
        var reply: [UInt8] = []
        do throws(LoopError) {
            try await converse(stream, until: deadline, &reply)
        } catch {
            phases.ended(.query)
            return phases.broken(blame.connected(error, afterFirstByte: !reply.isEmpty))
        }
        phases.ended(.query)
        guard expectationHolds(reply) else {
            let words = "expected \(quoted(exchange.expect)), the reply is \(quoted(reply))"
            return phases.failed(Outcome.Failure(.body, at: .upstream, words))
        }
        return phases.up("replied \(quoted(reply))")
    }

    private func connect(
        until deadline: Instant,
        _ phases: inout Phases
    ) async throws(LoopError) -> ByteStream {
        let addresses = try await Resolver.addresses(of: endpoint, until: deadline)
        if endpoint.address == nil { phases.ended(.dns) }
        let stream = try await ByteStream.connect(toAny: addresses, until: deadline)
        phases.ended(.connect)
        return stream
    }

    /// Sends, and reads as much of the reply as the expectation needs.
    private func converse(
        _ stream: ByteStream,
        until deadline: Instant,
        _ reply: inout [UInt8]
    ) async throws(LoopError) {
        if !exchange.send.isEmpty { try await stream.write(exchange.send, until: deadline) }
        // Without an expectation any byte will do: it proves that someone is there.
        while reply.count < max(1, exchange.expect.count), expectationHolds(reply) {
            guard let bytes = try await stream.read(until: deadline) else {
                throw LoopError(.closed, "closed before the reply was complete")
            }
            reply += bytes
        }
    }

    private func expectationHolds(_ reply: [UInt8]) -> Bool {
        zip(reply, exchange.expect).allSatisfy { $0 == $1 }
    }
}

/// Bytes as an operator can read them, cut to a line.
func quoted(_ bytes: [UInt8]) -> String {
    let shown = legible(String(decoding: bytes.prefix(80), as: UTF8.self))
    return "\"\(shown)\(bytes.count > 80 ? "…" : "")\""
}
