package import Health
package import Loop

/// Asks one name server one question: by UDP, and by TCP where the answer does not fit.
@EventLoop
package final class DNSProbe: Probe {
    private let server: Endpoint
    private let question: DNSQuestion
    private let blame: Blame

    package init(_ server: Endpoint, _ question: DNSQuestion, _ blame: Blame) {
        self.server = server
        self.question = question
        self.blame = blame
    }

    package func run(until deadline: Instant) async -> Outcome {
        var phases = Phases()
        let addresses: [SocketAddress]
        do throws(LoopError) {
            addresses = try await Resolver.addresses(of: server, until: deadline)
            if server.address == nil { phases.ended(.dns) }
        } catch {
            return phases.failed(blame.connecting(error))
        }
        do throws(LoopError) {
            let (answer, way) = try await ask(addresses, until: deadline)
            phases.ended(.query)
            let (result, detail) = question.judge(answer)
            return phases.finished(result, detail + way)
        } catch {
            phases.ended(.query)
            return phases.failed(blame.asking(error))
        }
    }

    private func ask(
        _ addresses: [SocketAddress],
        until deadline: Instant
    ) async throws(LoopError) -> (DNSQuestion.Answer, way: String) {
        var last = LoopError(.dns, "\(server) has no address")
        for address in addresses {
            do throws(LoopError) {
                let id = DNSProbe.makeID()
                let (answer, way) = try await askByUDP(address, id, until: deadline)
                guard case .success(let message) = answer, message.isTruncated else {
                    return (answer, way)
                }
                return (try await askByTCP(address, id, until: deadline), " by TCP")
            } catch {
                last = error
            }
        }
        throw last
    }

    /// Not to be guessed: whoever can may answer in the server's place.
    private static func makeID() -> UInt16 {
        randomBytes(2).reduce(0) { $0 << 8 | UInt16($1) }
    }

    /// A datagram may get lost without anybody's fault: the question is put once more at half-time.
    private func askByUDP(
        _ address: SocketAddress,
        _ id: UInt16,
        until deadline: Instant
    ) async throws(LoopError) -> (DNSQuestion.Answer, way: String) {
        let socket = try DatagramSocket(to: address)
        defer { socket.close() }
        let now = Instant.now
        let halfTime = now + (deadline - now) / 2
        do throws(LoopError) {
            return (try await answer(on: socket, id, until: halfTime), "")
        } catch {
            guard error.kind == .timedOut else { throw error }
            return (try await answer(on: socket, id, until: deadline), " at the second attempt")
        }
    }

    private func answer(
        on socket: DatagramSocket,
        _ id: UInt16,
        until deadline: Instant
    ) async throws(LoopError) -> DNSQuestion.Answer {
        try socket.send(question.message(id: id))
        while true {
            let datagram = try await socket.receive(until: deadline)
            // What answers no question of ours is somebody's guess, or comes late.
            if let answer = question.answer(in: datagram, id: id) { return answer }
        }
    }

    private func askByTCP(
        _ address: SocketAddress,
        _ id: UInt16,
        until deadline: Instant
    ) async throws(LoopError) -> DNSQuestion.Answer {
        let stream = try await ByteStream.connect(to: address, until: deadline)
        defer { stream.close() }
        let query = question.message(id: id)
        // RFC 1035 section 4.2.2: each message after its length.
        let length = [UInt8(query.count >> 8), UInt8(query.count & 0xff)]
        try await stream.write(length + query, until: deadline)
        var bytes: [UInt8] = []
        while true {
            if bytes.count >= 2 {
                let length = Int(bytes[0]) << 8 | Int(bytes[1])
                if bytes.count >= 2 + length {
                    let body = Array(bytes[2..<2 + length])
                    if let answer = question.answer(in: body, id: id) { return answer }
                    throw LoopError(.closed, "by TCP came no answer to what was asked")
                }
            }
            guard let more = try await stream.read(until: deadline) else {
                throw LoopError(.closed, "the server closed the connection before its answer")
            }
            bytes += more
        }
    }
}

extension Blame {
    /// A datagram needs no connection: silence is the server's.
    fileprivate func asking(_ error: LoopError) -> Outcome.Failure {
        switch error.kind {
        case .timedOut, .reset, .closed: connected(error, afterFirstByte: true)
        default: connecting(error)
        }
    }
}
