package import Health
package import Loop

/// Speaks with a server in its own protocol, on a connection of its own for each attempt.
@EventLoop
package final class ServerProbe: Probe {
    private let dial: Endpoint
    private let server: ServerTarget
    private let tls: TLSClient?
    private let blame: Blame
    private let makeMachine: (Credentials) -> any ProbeMachine
    /// No server needs as many bytes to answer what a probe asks.
    private static let most = 4 << 20

    /// What a machine may know of secrets.
    package struct Credentials {
        package var password: String?
    }

    package init(
        _ dial: Endpoint,
        _ server: ServerTarget,
        tls: TLSClient?,
        _ blame: Blame,
        makeMachine: @escaping (Credentials) -> any ProbeMachine
    ) {
        self.dial = dial
        self.server = server
        self.tls = tls
        self.blame = blame
        self.makeMachine = makeMachine
    }

    package func run(until deadline: Instant) async -> Outcome {
        var phases = Phases(blame)
        var credentials = Credentials()
        do throws(SecretPlace.Failure) {
            // Read each time: a password that was rotated is taken without a reload.
            credentials.password = try await server.password?.read()
        } catch {
            return phases.failed(Outcome.Failure(.internal, error.description))
        }
        let stream: ByteStream
        do throws(LoopError) {
            let addresses = try await Resolver.addresses(of: dial, until: deadline)
            if dial.address == nil { phases.ended(.dns) }
            stream = try await ByteStream.connect(toAny: addresses, until: deadline)
            phases.ended(.connect)
        } catch {
            return phases.failed(blame.connecting(error))
        }
        let outcome = await converse(
            makeMachine(credentials),
            on: stream,
            until: deadline,
            &phases
        )
        leave(stream)
        return outcome
    }

    private func converse(
        _ machine: any ProbeMachine,
        on stream: ByteStream,
        until deadline: Instant,
        _ phases: inout Phases
    ) async -> Outcome {
        var machine = machine
        var hasHeard = false
        var count = 0
        if server.sealing == .direct {
            do throws(LoopError) {
                try await secure(stream, until: deadline, &phases)
                hasHeard = true
            } catch {
                return phases.broken(blame.sealing(error))
            }
        }
        do throws(LoopError) {
            var turn = machine.start()
            while true {
                for phase in turn.phases { phases.ended(phase) }
                if !turn.send.isEmpty { try await stream.write(turn.send, until: deadline) }
                switch turn.next {
                case .finish(let result, let detail):
                    // Who waits for no farewell gives the server its place back at once.
                    if turn.send.isEmpty, !turn.lingers { stream.close() }
                    guard case .failed(let failure) = result else {
                        return phases.finished(result, detail)
                    }
                    return phases.broken(failure, detail)
                case .secure:
                    try await secure(stream, until: deadline, &phases)
                    turn = machine.secured()
                case .receive:
                    guard let bytes = try await stream.read(until: deadline) else {
                        if let failure = machine.ended() { return phases.failed(failure) }
                        throw LoopError(.closed, "the server closed the connection")
                    }
                    if !hasHeard, bytes.isTLSAlert {
                        let words = "the server speaks TLS, and was asked in the clear"
                        return phases.failed(.init(.tlsHandshake, at: .upstream, words))
                    }
                    hasHeard = true
                    count += bytes.count
                    guard count <= ServerProbe.most else {
                        let words = "the server says more than any answer has: \(count) bytes"
                        return phases.failed(Outcome.Failure(.protocol, at: .upstream, words))
                    }
                    turn = machine.receive(bytes)
                }
            }
        } catch {
            var error = error
            if let words = hint(error, machine, hasHeard) {
                error = LoopError(error.kind, "\(error.message): \(words)")
            }
            return phases.broken(blame.connected(error, afterFirstByte: hasHeard))
        }
    }

    /// What may be behind a connection that fell silent or broke.
    private func hint(
        _ error: LoopError,
        _ machine: any ProbeMachine,
        _ hasHeard: Bool
    ) -> String? {
        if error.kind == .timedOut { return machine.silence }
        // Behind a sidecar it is more likely that there is no server.
        let isMute = !hasHeard && !blame.throughSidecar && server.sealing == .none
        return isMute && [.closed, .reset].contains(error.kind) ? "it may want TLS" : nil
    }

    private func secure(
        _ stream: ByteStream,
        until deadline: Instant,
        _ phases: inout Phases
    ) async throws(LoopError) {
        guard let tls else { throw LoopError(.tlsFiles, "TLS is asked for and not configured") }
        defer { phases.ended(.tls) }
        do throws(LoopError) {
            try await stream.secure(by: tls.current(), host: dial.host, until: deadline)
        } catch {
            phases.failedSealing(stream.tlsPeer)
            throw error
        }
    }

    /// Gives the server a moment to read the farewell and to end the connection itself: one that is
    /// closed over bytes not read is an error in many a server's log. Nobody waits for this.
    private func leave(_ stream: ByteStream) {
        EventLoop.task {
            let patience = Instant.now + .seconds(1)
            while let rest = try? await stream.read(until: patience), !rest.isEmpty {}
            stream.close()
        }
    }
}

extension [UInt8] {
    /// How a server that wants TLS answers what is none (RFC 8446 section 5.1: an alert of two bytes).
    fileprivate var isTLSAlert: Bool { starts(with: [0x15, 3]) && count >= 7 && self[4] == 2 }
}
